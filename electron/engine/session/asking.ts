import type { DeviceId } from '../../../shared/ids.ts';
import type { DecisionState } from '../../../shared/model/values.ts';
import type { OperationBody } from '../group/body.ts';
import type { Metadata } from '../metadata/metadata.ts';
import type { Decided } from '../metadata/submissions.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import { operationText } from '../view/operation-words.ts';
import type { ActivityTeller } from './activity-teller.ts';
import { Refusals } from './refusals.ts';

/** How long a change waits for its decision when no majority is in sight, in milliseconds. */
const UNDECIDABLE_WAIT_MS = 300;
/** What a decision may take beyond the latency budget before it is called waiting. */
const DECISION_SLACK_MS = 1_000;

interface AskingDeps {
  readonly self: DeviceId;
  readonly clock: Clock;
  readonly metadata: Metadata;
  readonly teller: ActivityTeller;
  readonly store: Store;
  changed(): void;
  problem(error: unknown): void;
}

/** Asks the group for changes, and tells of those that came to nothing after their author had stopped waiting. */
export class Asking {
  readonly #deps: AskingDeps;
  readonly #refusals: Refusals;

  constructor(deps: AskingDeps) {
    this.#deps = deps;
    this.#refusals = new Refusals(deps.store);
  }

  /** Before the first outcome is told: whoever asked in an earlier run waits no more. */
  begin(): void {
    for (const { id } of this.#deps.metadata.waiting()) this.#refusals.left(id);
  }

  async decide(body: OperationBody): Promise<DecisionState> {
    const { metadata } = this.#deps;
    const view = metadata.view();
    const likely = view.decides || view.election !== null || view.quorate;
    const waitMs = likely ? view.budgetMs + DECISION_SLACK_MS : UNDECIDABLE_WAIT_MS;
    const { id, state } = await metadata.decide(body, waitMs);
    if (state === 'waiting') this.#refusals.left(id);
    return state;
  }

  /** An own change was decided. */
  decided(id: string, body: OperationBody, decided: Decided): void {
    const { self, clock, metadata, teller } = this.#deps;
    if (!this.#refusals.decided(id) || decided.type !== 'refused') return;
    const now = clock.now();
    const before = metadata.state();
    try {
      this.#refusals.add(id, operationText(before, body), decided.code, now);
    } catch (error) {
      // A disk that takes nothing now: the activity still says it.
      this.#deps.problem(error);
    }
    const decision = { index: metadata.view().commitIndex, stamp: now, author: self, body, before };
    teller.refused(id, decision, decided.code);
  }

  refusals(): ReturnType<Refusals['list']> {
    return this.#refusals.list();
  }

  /** Its author has read of the refusal. */
  dismiss(problem: string): void {
    this.#refusals.dismiss(problem);
    this.#deps.changed();
  }
}
