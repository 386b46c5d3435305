import type { JoinProgress } from '../../../shared/contract/group.ts';
import type { Joining as JoiningView } from '../../../shared/model/group-view.ts';
import { parseInviteCode } from '../group/invite-code.ts';
import type { Pairing } from '../network/pairing/pairing-desk.ts';
import { Joining, type JoiningDeps } from './joining.ts';

/** What joining groups needs. */
export interface JoinDeskDeps extends Omit<JoiningDeps, 'pairing'> {
  pairing(): Pairing;
}

/** Joining: one code at a time, a newer one in place of the one before. */
export class JoinDesk {
  readonly #deps: JoinDeskDeps;
  #joining: Joining | null = null;

  constructor(deps: JoinDeskDeps) {
    this.#deps = deps;
  }

  /** How far the present joining is, or what it failed with; null where there is none. */
  view(): JoiningView | null {
    return this.#joining?.view() ?? null;
  }

  /** Begins, and tells the steps. Throws what is wrong with the code, and what joining failed with. */
  async *join(code: string, waitMs: number | null, signal: AbortSignal | undefined): AsyncGenerator<JoinProgress> {
    // A mistyped code does not end the joining that is under way.
    parseInviteCode(code);
    this.#joining?.cancel();
    const changed = (): void => {
      if (this.#joining === joining && joining.isDone()) this.#joining = null;
      this.#deps.changed();
    };
    const joining = new Joining({ ...this.#deps, pairing: this.#deps.pairing(), changed }, code, waitMs);
    this.#joining = joining;
    yield* joining.progress(signal);
  }

  /** Gives up joining, or takes note of its failure; has no effect once the group has let this device in. */
  cancel(): void {
    this.#joining?.cancel();
    if (this.#joining?.view().type === 'failed') this.#joining = null;
    this.#deps.changed();
  }

  /** Ends joining at whatever step it is. */
  async stop(): Promise<void> {
    const joining = this.#joining;
    this.#joining = null;
    await joining?.stop();
  }
}
