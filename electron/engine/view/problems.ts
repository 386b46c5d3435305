import type { ErrorCode } from '../../../shared/errors.ts';
import type { DeviceId } from '../../../shared/ids.ts';
import { MAX_ENGINE_PROBLEMS } from '../../../shared/limits.ts';
import type { EngineProblem } from '../../../shared/model/problem.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';

/** A problem that has not shown itself for so long counts as solved. */
const SOLVED_AFTER_MS = 60_000;

/** Problems of the engine as a whole: one of each kind and device, until it has not shown itself for a while. */
export class Problems {
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #problems = new Map<string, { readonly problem: EngineProblem; readonly forget: CancelTimer }>();

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  /** Something went wrong, perhaps again. */
  add(code: ErrorCode, device: DeviceId | null, message: string): void {
    const id = `${code}-${device ?? 'here'}`;
    const known = this.#problems.get(id);
    known?.forget();
    if (known === undefined && this.#problems.size >= MAX_ENGINE_PROBLEMS) return;
    const since = known?.problem.since ?? this.#clock.now();
    const forget = this.#clock.after(SOLVED_AFTER_MS, () => {
      this.#problems.delete(id);
      this.#changed();
    });
    this.#problems.set(id, { problem: { id, code, message, since, device, path: null }, forget });
    if (known === undefined) this.#changed();
  }

  list(): readonly EngineProblem[] {
    return [...this.#problems.values()].map(({ problem }) => problem);
  }
}
