import type { ErrorCode } from '../../../shared/errors.ts';
import type { DeviceId } from '../../../shared/ids.ts';
import { MAX_DEVICES } from '../../../shared/limits.ts';
import type { Clock } from '../ports/clock.ts';

const PROBLEM_EVERY_MS = 60_000;

/** Lets the same problem of the same device through once a minute: it comes back with every call. */
export class ProblemLimit {
  readonly #clock: Clock;
  readonly #toldAt = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether to tell it now. */
  passes(code: ErrorCode, device: DeviceId): boolean {
    const key = `${code} ${device}`;
    const now = this.#clock.monotonic();
    if (now - (this.#toldAt.get(key) ?? Number.NEGATIVE_INFINITY) < PROBLEM_EVERY_MS) return false;
    // Strangers can call with any number of keys.
    if (this.#toldAt.size >= MAX_DEVICES) this.#toldAt.clear();
    this.#toldAt.set(key, now);
    return true;
  }
}
