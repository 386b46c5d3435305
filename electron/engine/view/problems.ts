import type { ErrorCode } from '../../../shared/errors.ts';
import type { DeviceId } from '../../../shared/ids.ts';
import { MAX_ENGINE_PROBLEMS } from '../../../shared/limits.ts';
import type { EngineProblem } from '../../../shared/model/problem.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';

/** These show themselves once and stay until what they are about is in order; others do so again as long as they last. */
const LASTING: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['peer-too-old']);

/** A problem that has not shown itself for so long counts as solved: one that lasts shows itself once a minute or so. */
const SOLVED_AFTER_MS = 150_000;

/** Problems of the engine as a whole: one of each kind and device, until it is solved or has not shown itself for a while. */
export class Problems {
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #problems = new Map<string, { readonly problem: EngineProblem; readonly forget: CancelTimer | null }>();

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  /** Something went wrong, perhaps again. */
  add(code: ErrorCode, device: DeviceId | null, message: string): void {
    const id = `${code}-${device ?? 'here'}`;
    const known = this.#problems.get(id);
    known?.forget?.();
    if (known === undefined && this.#problems.size >= MAX_ENGINE_PROBLEMS) return;
    const since = known?.problem.since ?? this.#clock.now();
    const forget = LASTING.has(code) ? null : this.#clock.after(SOLVED_AFTER_MS, () => this.#drop(id));
    this.#problems.set(id, { problem: { id, code, message, since, device, path: null }, forget });
    if (known === undefined) this.#changed();
  }

  /** What it was about is in order. */
  solved(code: ErrorCode, device: DeviceId | null): void {
    const id = `${code}-${device ?? 'here'}`;
    this.#problems.get(id)?.forget?.();
    this.#drop(id);
  }

  #drop(id: string): void {
    if (this.#problems.delete(id)) this.#changed();
  }

  list(): readonly EngineProblem[] {
    return [...this.#problems.values()].map(({ problem }) => problem);
  }
}
