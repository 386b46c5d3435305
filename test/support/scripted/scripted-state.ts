/** The state that a scripted engine tells of, and the record of what was asked of it. */
import { diffState } from '../../../shared/contract/patch.ts';
import type { WatchEvent } from '../../../shared/contract/watch.ts';
import type { ErrorCode } from '../../../shared/errors.ts';
import type { AppState } from '../../../shared/model/app-state.ts';

/** What was asked, in order: the procedure's path and its input. */
export interface ScriptedCall {
  readonly procedure: string;
  readonly input: unknown;
}

/** A state that tells its watchers of every change. */
export class ScriptedState {
  readonly calls: ScriptedCall[] = [];
  /** The next calls of these procedures fail with the code. */
  readonly refusals = new Map<string, ErrorCode>();
  /** Whoever begins to watch is told nothing, as by an engine that is still starting. */
  silent = false;
  /** Whether nothing was replaced in any folder. */
  noVersions = false;
  #current: AppState;
  readonly #watchers = new Set<(event: WatchEvent) => void>();

  constructor(initial: AppState) {
    this.#current = initial;
  }

  get current(): AppState {
    return this.#current;
  }

  update(change: (state: AppState) => AppState): void {
    const before = this.#current;
    this.#current = change(before);
    const changes = diffState(before, this.#current);
    if (changes.length > 0) for (const tell of this.#watchers) tell({ type: 'patch', changes });
  }

  /** Replaces everything, as after a new start of the engine. */
  reset(state: AppState): void {
    this.#current = state;
    this.calls.length = 0;
    this.refusals.clear();
    this.noVersions = false;
    for (const tell of this.#watchers) tell({ type: 'snapshot', state });
  }

  async *watch(signal: AbortSignal | undefined): AsyncGenerator<WatchEvent> {
    const queue: WatchEvent[] = this.silent ? [] : [{ type: 'snapshot', state: this.#current }];
    let wake = (): void => undefined;
    const tell = (event: WatchEvent): void => {
      queue.push(event);
      wake();
    };
    this.#watchers.add(tell);
    signal?.addEventListener('abort', () => wake());
    try {
      while (!signal?.aborted) {
        const event = queue.shift();
        if (event) yield event;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      this.#watchers.delete(tell);
    }
  }
}
