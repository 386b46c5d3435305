/** Bytes per second over the last few seconds, from a counter that only grows. */
export class RateMeter {
  readonly #windowMs: number;
  #samples: { readonly at: number; readonly bytes: number }[] = [];

  constructor(windowMs = 3_000) {
    this.#windowMs = windowMs;
  }

  /** Takes the counter's value at a monotonic time and tells the rate. */
  sample(at: number, bytes: number): number {
    this.#samples.push({ at, bytes });
    while (this.#samples.length > 2 && (this.#samples[1]?.at ?? at) <= at - this.#windowMs) this.#samples.shift();
    const [first] = this.#samples;
    if (first === undefined || at <= first.at) return 0;
    return Math.max(0, ((bytes - first.bytes) * 1_000) / (at - first.at));
  }
}
