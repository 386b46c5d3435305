import { diffState } from '../../../shared/contract/patch.ts';
import type { WatchEvent } from '../../../shared/contract/watch.ts';
import { VIEW_INTERVAL_MS } from '../../../shared/limits.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';

/** Computing the state may take one part in so many of the engine's time. */
const COST_SHARE = 10;

/**
 * Keeps clients up to date: each gets a snapshot, then what changed since what it was last given. However often
 * something changes, the state is computed at most once an interval, and a slow client only gets fewer, larger patches.
 * A large group's state takes its time to compute: the interval grows with that, so that it stays a small share of all.
 */
export class WatchHub {
  readonly #clock: Clock;
  readonly #compute: () => AppState;
  readonly #waiting = new Set<() => void>();
  #state: AppState | null = null;
  #timer: CancelTimer | null = null;
  /** How long the last computation took, in milliseconds. */
  #costMs = 0;
  #stopped = false;

  constructor(clock: Clock, compute: () => AppState) {
    this.#clock = clock;
    this.#compute = compute;
  }

  /** Something that the state shows has changed. */
  changed(): void {
    if (this.#timer !== null || this.#stopped) return;
    const interval = Math.max(VIEW_INTERVAL_MS, this.#costMs * COST_SHARE);
    this.#timer = this.#clock.after(interval, () => {
      this.#timer = null;
      this.#state = null;
      for (const wake of [...this.#waiting]) wake();
    });
  }

  /** A snapshot, then patches, until the client has gone. */
  async *watch(signal: AbortSignal | undefined): AsyncGenerator<WatchEvent> {
    let given = this.#current();
    yield { type: 'snapshot', state: given };
    while (signal?.aborted !== true && !this.#stopped) {
      const now = this.#current();
      const changes = now === given ? [] : diffState(given, now);
      given = now;
      if (changes.length > 0) yield { type: 'patch', changes };
      else await this.#nextChange(signal);
    }
  }

  /** Ends all streams. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.();
    this.#timer = null;
    for (const wake of [...this.#waiting]) wake();
  }

  #current(): AppState {
    if (this.#state === null) {
      const from = this.#clock.monotonic();
      this.#state = this.#compute();
      this.#costMs = this.#clock.monotonic() - from;
    }
    return this.#state;
  }

  #nextChange(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal?.addEventListener('abort', wake);
    });
  }
}
