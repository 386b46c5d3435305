import { type ErrorCode, failure } from '../../../shared/errors.ts';
import type { ContentHash, DeviceId, GroupId } from '../../../shared/ids.ts';
import { MAX_WAITING_OPERATIONS } from '../../../shared/limits.ts';
import { failureOf } from '../../../shared/text/error-sentences.ts';
import { toHex } from '../bytes/hex.ts';
import type { KeyPair } from '../bytes/signature.ts';
import type { OperationBody } from '../group/body.ts';
import { signOperation } from '../group/operation.ts';
import type { Outcome } from '../group/outcome.ts';
import { judge } from '../group/rules/judge.ts';
import { isMember } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import { transform } from '../group/transforms/transform.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Store } from '../ports/store.ts';
import { loadPending, type Pending, putPending, removePending } from './pending-store.ts';

/** What became of an own operation. `stopped`: this run ended first; the operation still waits, durable. */
export type Decided =
  | { readonly type: 'committed' }
  | { readonly type: 'refused'; readonly code: ErrorCode }
  | { readonly type: 'cancelled' }
  | { readonly type: 'stopped' };

/** An own operation that waits for a master's log. */
export interface WaitingOperation {
  readonly id: string;
  readonly body: OperationBody;
  /** Wall clock at which it was asked for. */
  readonly since: number;
  /** False while it may be in a master's log. */
  readonly canCancel: boolean;
}

/** What was asked for; `decided` never rejects. */
export interface Submission {
  readonly id: string;
  readonly decided: Promise<Decided>;
}

/** Whom to hand operations to: the master of a term that is within reach. */
export interface Desk {
  readonly term: number;
  hand(bytes: Uint8Array, hash: ContentHash): void;
}

export interface SubmissionsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly group: GroupId;
  readonly self: DeviceId;
  readonly keyPair: KeyPair;
  state(): GroupState;
  /** Null: no master is within reach. */
  desk(): Desk | null;
  decided(id: string, body: OperationBody, decided: Decided): void;
  waitingChanged(): void;
  /** The local database refused to write. */
  problem(error: unknown): void;
}

/** Operations handed over at a time, and not decided yet. */
const WINDOW = 64;

/** The queue of own operations: durable before it is sent, sent again until the own applied log tells the outcome. */
export class Submissions {
  readonly #deps: SubmissionsDeps;
  readonly #resolvers = new Map<string, (decided: Decided) => void>();
  /** Operations handed over in the current term. */
  readonly #handed = new Set<ContentHash>();
  #handedTerm = -1;
  #queue: Pending[];
  /** Never given twice in a run: the row of one that was just decided may still stand. */
  #lastOrder: number;

  constructor(deps: SubmissionsDeps) {
    this.#deps = deps;
    this.#queue = loadPending(deps.store, deps.group);
    this.#lastOrder = this.#queue.at(-1)?.order ?? 0;
  }

  /** What waits, oldest first. */
  waiting(): readonly WaitingOperation[] {
    return this.#queue.map((pending) => ({
      id: pending.id,
      body: pending.signed.operation.body,
      since: pending.since,
      canCancel: !this.#mayBeDecided(pending),
    }));
  }

  /**
   * Asks for a change: signed, durable, and handed to the master as soon as there is one. Throws `FlotillaError` at once
   * where the rules refuse it by all that is known here, or `too-many-waiting`.
   */
  submit(body: OperationBody): Submission {
    const { store, group, random, clock } = this.#deps;
    if (this.#queue.length >= MAX_WAITING_OPERATIONS) {
      throw failure('too-many-waiting', 'Too many changes wait for the master already');
    }
    const code = this.#foreseen(body);
    if (code !== null) throw failureOf(code);
    const last = this.#queue.at(-1);
    const pending: Pending = {
      order: this.#lastOrder + 1,
      id: toHex(random.bytes(8)),
      since: clock.now(),
      sentTerm: this.#canHandNow() ? (this.#deps.desk()?.term ?? null) : null,
      signed: this.#sign(body, (last?.signed.operation.sequence ?? this.#lastJudged()) + 1),
    };
    store.transaction((tx) => putPending(tx, group, pending));
    this.#lastOrder = pending.order;
    this.#queue = [...this.#queue, pending];
    const decided = new Promise<Decided>((resolve) => this.#resolvers.set(pending.id, resolve));
    this.#deps.waitingChanged();
    this.pump();
    return { id: pending.id, decided };
  }

  /**
   * Takes back a change that has certainly not been decided: it never left this device, or a later term began without it.
   * Throws `operation-unknown`, or `operation-maybe-decided`.
   */
  cancel(id: string): void {
    const pending = this.#queue.find((one) => one.id === id);
    if (pending === undefined) throw failure('operation-unknown', 'No such change is waiting');
    if (this.#mayBeDecided(pending)) {
      throw failure(
        'operation-maybe-decided',
        'The master may have decided this already; its answer has to be waited for',
      );
    }
    this.#deps.store.transaction((tx) => removePending(tx, this.#deps.group, pending.order));
    this.#finish(pending, { type: 'cancelled' });
    this.#renumber();
    this.#deps.waitingChanged();
  }

  /** Hands over what was not handed over in this term; `again`: also what was. */
  pump(again = false): void {
    const desk = this.#deps.desk();
    if (desk === null || this.#queue.length === 0) return;
    if (desk.term !== this.#handedTerm) {
      this.#handedTerm = desk.term;
      this.#handed.clear();
    }
    if (!this.#contained(() => this.#markSent(desk.term))) return;
    for (const { signed } of this.#queue.slice(0, WINDOW)) {
      if (this.#handed.has(signed.hash) && !again) continue;
      this.#handed.add(signed.hash);
      desk.hand(signed.bytes, signed.hash);
    }
  }

  /** The master could not take it now: it is handed over again with the next pump. */
  notTaken(hash: ContentHash): void {
    this.#handed.delete(hash);
  }

  /** Reads an outcome off the applied log. */
  onOutcome(outcome: Outcome): void {
    if (outcome.type === 'updateNeeded' || outcome.operation === null || outcome.type === 'noEffect') return;
    const { device, hash } = outcome.operation;
    if (device !== this.#deps.self) return;
    const pending = this.#queue.find((one) => one.signed.hash === hash);
    // A number that another operation has taken cannot be used any more: it is signed anew below, and not refused.
    if (pending === undefined || (outcome.type === 'refused' && outcome.code === 'sequence-reused')) return;
    const committed: Decided = { type: 'committed' };
    this.#finish(pending, outcome.type === 'refused' ? { type: 'refused', code: outcome.code } : committed);
    // Only after it was told: a row that a crash or the disk keeps is found decided again when the log is replayed at the
    // next start, and is told again.
    this.#contained(() => this.#deps.store.transaction((tx) => removePending(tx, this.#deps.group, pending.order)));
    this.#deps.waitingChanged();
  }

  /** After entries were applied and their outcomes read: numbers may have been taken, and the window moves on. */
  onApplied(): void {
    this.#renumber();
    this.pump();
  }

  /** Ends the run: what waits stays on disk. */
  stop(): void {
    for (const resolve of this.#resolvers.values()) resolve({ type: 'stopped' });
    this.#resolvers.clear();
  }

  /**
   * Whether a master's log may hold the operation. What was handed over in a term can only be committed by an entry of
   * that term; once an entry of a later term is applied here without it, it never will be.
   */
  #mayBeDecided(pending: Pending): boolean {
    return pending.sentTerm !== null && this.#deps.state().applied.term <= pending.sentTerm;
  }

  #markSent(term: number): void {
    const unmarked = this.#queue.slice(0, WINDOW).filter((pending) => pending.sentTerm !== term);
    if (unmarked.length === 0) return;
    const marked = new Map(unmarked.map((pending) => [pending.order, { ...pending, sentTerm: term }]));
    this.#replace(marked);
  }

  /**
   * Gives the queue the numbers that come next and signs anew what has another one. Only operations that can never be
   * decided under their old number are touched: their number is taken, or they were never in a log that counts.
   */
  #renumber(): void {
    const judged = this.#lastJudged();
    let next = judged + 1;
    const renewed = new Map<number, Pending>();
    for (const pending of this.#queue) {
      const { sequence } = pending.signed.operation;
      const taken = sequence <= judged;
      if (sequence !== next && (taken || !this.#mayBeDecided(pending))) {
        const signed = this.#sign(pending.signed.operation.body, next);
        renewed.set(pending.order, { ...pending, signed, sentTerm: null });
      }
      next += 1;
    }
    if (renewed.size > 0) this.#contained(() => this.#replace(renewed));
  }

  /** Writes changed rows, then believes them. */
  #replace(changed: ReadonlyMap<number, Pending>): void {
    const { store, group } = this.#deps;
    store.transaction((tx) => {
      for (const pending of changed.values()) putPending(tx, group, pending);
    });
    this.#queue = this.#queue.map((pending) => changed.get(pending.order) ?? pending);
  }

  /** Whether the work was done; a disk that refuses it is told of, and it is tried again later. */
  #contained(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      this.#deps.problem(error);
      return false;
    }
  }

  #finish(pending: Pending, decided: Decided): void {
    this.#queue = this.#queue.filter((one) => one.order !== pending.order);
    this.#handed.delete(pending.signed.hash);
    this.#resolvers.get(pending.id)?.(decided);
    this.#resolvers.delete(pending.id);
    this.#deps.decided(pending.id, pending.signed.operation.body, decided);
  }

  #sign(body: OperationBody, sequence: number): Pending['signed'] {
    const { self, group, keyPair, clock } = this.#deps;
    const { generation } = this.#deps.state();
    const operation = { generation, device: self, sequence, dependsOn: [], time: clock.now(), body };
    return signOperation(operation, group, keyPair.secretKey);
  }

  #canHandNow(): boolean {
    return this.#queue.length < WINDOW;
  }

  #lastJudged(): number {
    return this.#deps.state().devices.get(this.#deps.self)?.lastSequence ?? 0;
  }

  /**
   * What the rules would say if everything that waits here were decided first: now by the group's time, and later too. So
   * a clock that is wrong never refuses here what the log might take.
   */
  #foreseen(body: OperationBody): ErrorCode | null {
    const { stamp } = this.#deps.state().applied;
    const code = this.#foreseenAt(stamp, body);
    return code === null ? null : this.#foreseenAt(Math.max(stamp, this.#deps.clock.now()), body);
  }

  #foreseenAt(stamp: number, body: OperationBody): ErrorCode | null {
    const { self } = this.#deps;
    let state = this.#deps.state();
    const at = { index: state.applied.index + 1, stamp };
    for (const { signed } of this.#queue) {
      const author = state.devices.get(self);
      const asked = signed.operation.body;
      if (!isMember(author) || judge(state, at, author, asked) !== null) continue;
      state = transform(state, at, self, asked);
    }
    const author = state.devices.get(self);
    if (isMember(author)) return judge(state, at, author, body);
    return author === undefined ? null : 'device-removed';
  }
}
