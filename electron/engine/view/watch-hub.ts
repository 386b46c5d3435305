import { diffState } from '../../../shared/contract/patch.ts';
import type { WatchEvent } from '../../../shared/contract/watch.ts';
import { VIEW_INTERVAL_MS } from '../../../shared/limits.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';

/**
 * Keeps clients up to date: each gets a snapshot, then what changed since what it was last given. However often
 * something changes, the state is computed at most once an interval, and a slow client only gets fewer, larger patches.
 */
export class WatchHub {
  readonly #clock: Clock;
  readonly #compute: () => AppState;
  readonly #waiting = new Set<() => void>();
  #state: AppState | null = null;
  #timer: CancelTimer | null = null;

  constructor(clock: Clock, compute: () => AppState) {
    this.#clock = clock;
    this.#compute = compute;
  }

  /** Something that the state shows has changed. */
  changed(): void {
    if (this.#timer !== null) return;
    this.#timer = this.#clock.after(VIEW_INTERVAL_MS, () => {
      this.#timer = null;
      this.#state = null;
      for (const wake of [...this.#waiting]) wake();
    });
  }

  /** The state as it is now. */
  fresh(): AppState {
    return this.#compute();
  }

  /** A snapshot, then patches, until the client has gone. */
  async *watch(signal: AbortSignal | undefined): AsyncGenerator<WatchEvent> {
    let given = this.#current();
    yield { type: 'snapshot', state: given };
    while (signal?.aborted !== true) {
      const now = this.#current();
      const changes = now === given ? [] : diffState(given, now);
      given = now;
      if (changes.length > 0) yield { type: 'patch', changes };
      else await this.#nextChange(signal);
    }
  }

  stop(): void {
    this.#timer?.();
    this.#timer = null;
  }

  #current(): AppState {
    this.#state ??= this.#compute();
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
