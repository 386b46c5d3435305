import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import type { LogEntry } from '../consensus/entry.ts';
import type { OperationBody } from '../group/body.ts';
import type { Outcome } from '../group/outcome.ts';
import { applyEntry } from '../group/reduce.ts';
import { emptyGroup, type GroupState } from '../group/state.ts';

/** Decisions that are kept for people to read. */
const RECENT_DECISIONS = 50;

/** An operation that took effect. */
export interface Decision {
  readonly index: number;
  /** Milliseconds since 1970 by the group's time. */
  readonly stamp: number;
  readonly author: DeviceId;
  readonly body: OperationBody;
  /** The state before it: it has the names of what was removed or renamed. */
  readonly before: GroupState;
}

/** The beginning of the latest term that was applied. */
export interface TermBegin {
  readonly term: number;
  readonly master: DeviceId;
  readonly stamp: number;
}

/** What one entry came to. */
export interface AppliedOutcome {
  readonly entry: LogEntry;
  readonly outcome: Outcome;
}

/** The committed log applied, entry by entry: the one place that runs the reducer. */
export class AppliedLog {
  #state: GroupState;
  #updateNeeded: string | null = null;
  #decisions: Decision[] = [];
  #termBegin: TermBegin | null = null;
  /** By generation and term. */
  readonly #masters = new Map<string, DeviceId>();

  constructor(group: GroupId) {
    this.#state = emptyGroup(group);
  }

  get state(): GroupState {
    return this.#state;
  }

  /** What the log holds that this program does not understand; nothing is applied from there on. */
  get updateNeeded(): string | null {
    return this.#updateNeeded;
  }

  /** The latest operations that took effect, oldest first. */
  get decisions(): readonly Decision[] {
    return this.#decisions;
  }

  get termBegin(): TermBegin | null {
    return this.#termBegin;
  }

  /** Who began the term, where that was applied; null: nobody, or not yet. */
  masterIn(generation: number, term: number): DeviceId | null {
    return this.#masters.get(`${generation} ${term}`) ?? null;
  }

  /** Applies committed entries in order. Says what came of each; stops for good before one that needs an update. */
  apply(entries: readonly LogEntry[]): readonly AppliedOutcome[] {
    const outcomes: AppliedOutcome[] = [];
    for (const entry of entries) {
      if (this.#updateNeeded !== null) break;
      const before = this.#state;
      const { state, outcome } = applyEntry(before, entry);
      if (outcome.type === 'updateNeeded') {
        this.#updateNeeded = outcome.what;
        break;
      }
      this.#state = state;
      this.#remember(entry, outcome, before);
      outcomes.push({ entry, outcome });
    }
    return outcomes;
  }

  #remember(entry: LogEntry, outcome: Outcome, before: GroupState): void {
    const { stamp, index, term, master, body } = entry;
    if (body.type === 'term.begin') {
      this.#termBegin = { term, master, stamp };
      this.#masters.set(`${entry.generation} ${term}`, master);
    }
    if (outcome.type !== 'accepted' || outcome.operation === null || outcome.operation.body === null) return;
    const { device: author, body: decided } = outcome.operation;
    this.#decisions = [...this.#decisions.slice(1 - RECENT_DECISIONS), { index, stamp, author, body: decided, before }];
  }
}
