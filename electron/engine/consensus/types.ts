import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import type { CommitProof, EntryDraft, HashedPosition, LogEntry, LogIndex, LogPosition, Term } from './entry.ts';
import type { ConsensusMessage } from './messages.ts';

/** Milliseconds on this device's monotonic clock. */
export type Monotonic = number;

/** What must survive a crash, besides the entries. */
export interface HardState {
  readonly generation: number;
  readonly term: Term;
  readonly votedFor: DeviceId | null;
  readonly commitIndex: LogIndex;
}

/** Device -> weight; a device that is not in it has weight 0 and observes. */
export type Electorate = ReadonlyMap<DeviceId, number>;

/** Timings derived from the latency budget, in milliseconds; see `timingFromBudget`. */
export interface Timing {
  /** Between two heartbeats to a voter. */
  readonly heartbeatMs: number;
  /** Between two heartbeats to an observer. */
  readonly observerHeartbeatMs: number;
  /** The election timeout is drawn from [min, max]. */
  readonly electionMinMs: number;
  readonly electionMaxMs: number;
}

/** Makes signed entries and proofs. Pure for the core: the key is inside, equal drafts may be sealed only once. */
export interface Sealer {
  seal(draft: EntryDraft): LogEntry;
  prove(position: Omit<CommitProof, 'bytes'>): CommitProof;
}

/** What a step takes from outside besides its input: time, entropy and the pen. */
export interface Surroundings {
  readonly now: Monotonic;
  /** Wall clock, milliseconds since 1970; may jump. */
  readonly clock: number;
  /** A fresh number in [0, 1). */
  readonly random: number;
  readonly sealer: Sealer;
}

/** Everything that can happen to the core. */
export type ConsensusInput =
  /** Time passed: due at `nextTickAt(state)`, harmless at any other moment. */
  | { readonly type: 'tick' }
  /** A message of a group member, decoded, the signatures of its entries and proof checked. */
  | { readonly type: 'message'; readonly from: DeviceId; readonly message: ConsensusMessage }
  /** Put an operation into the log; answered by `appended` or `refused` with the same id. */
  | { readonly type: 'propose'; readonly id: string; readonly bytes: Uint8Array }
  /** The first link to a device came up, or the last one went down. */
  | { readonly type: 'link'; readonly device: DeviceId; readonly state: 'up' | 'down' }
  /** Hand the mastership to a voter; ignored by who is not the master. */
  | { readonly type: 'transfer'; readonly to: DeviceId }
  /** The electorate that the committed state asks for; the master goes towards it one unit at a time. */
  | { readonly type: 'wantedElectorate'; readonly electorate: Electorate }
  /** While held, this device neither votes nor stands: it does not know what it had promised. */
  | { readonly type: 'hold'; readonly held: boolean }
  /** The budget or the measured round trips changed. */
  | { readonly type: 'timing'; readonly timing: Timing };

/** Who this device is at the moment. `master` is the master of `term` as far as this device has heard from it. */
export type Role = 'master' | 'candidate' | 'preCandidate' | 'follower' | 'observer';

export type RefusalReason = 'notMaster' | 'handingOver' | 'busy' | 'tooLarge';

/** One failover as its winner measured it (all milliseconds). */
export interface Failover {
  readonly from: DeviceId;
  readonly to: DeviceId;
  readonly term: Term;
  /** From the last message of the old master to the start of the winner's PreVote. */
  readonly detectMs: number;
  /** From there until it was master. */
  readonly electMs: number;
  /** From there until its `term.begin` was committed. */
  readonly respondMs: number;
}

/**
 * What the driver must do, in exactly this order.
 *
 * The ordering law: `persist` comes first and at most once per step; the driver carries it out in one transaction that is
 * durable when it returns, and only then goes on to the rest. If it throws, the driver keeps the *old* state and drops the
 * other effects: the step then never happened.
 */
export type ConsensusEffect =
  | {
      readonly type: 'persist';
      readonly hardState: HardState;
      /** First index to delete before `entries` are written; null: nothing to delete. */
      readonly truncateFrom: LogIndex | null;
      readonly entries: readonly LogEntry[];
      /** The newest commit proof, to be kept in place of an older one; null: unchanged. */
      readonly proof: CommitProof | null;
    }
  | { readonly type: 'send'; readonly to: DeviceId; readonly message: ConsensusMessage }
  /** Committed entries, each once per run and in order; after a restart the driver replays up to its commitIndex itself. */
  | { readonly type: 'apply'; readonly entries: readonly LogEntry[] }
  | { readonly type: 'role'; readonly role: Role; readonly master: DeviceId | null; readonly term: Term }
  | { readonly type: 'appended'; readonly id: string; readonly position: LogPosition }
  | { readonly type: 'refused'; readonly id: string; readonly reason: RefusalReason; readonly master: DeviceId | null }
  | { readonly type: 'failover'; readonly record: Failover }
  /** A peer broke a rule; its message was dropped. */
  | { readonly type: 'violation'; readonly from: DeviceId; readonly rule: Violation };

/** What a peer can do wrong, each contained by dropping the message. */
export type Violation =
  | 'entryOutOfOrder'
  | 'brokenChain'
  | 'termWithoutBegin'
  | 'masterWithoutWeight'
  | 'adjustNotOneUnit'
  | 'contradictsCommitted'
  | 'secondMasterInTerm'
  | 'proofContradictsLog'
  | 'batchTooLarge'
  | 'termTooFar';

/** The log starts after this position: index 0 and the group's id for a whole log, a snapshot's end once there are some. */
export interface LogBase extends HashedPosition {
  /** Master of the entry at the base; null before the first entry. */
  readonly master: DeviceId | null;
  readonly electorate: Electorate;
  readonly stamp: number;
}

/** What a device knows when it starts: all of it read from its disk. */
export interface StoredConsensus {
  readonly self: DeviceId;
  readonly group: GroupId;
  readonly hardState: HardState;
  /** Null: the log is whole. */
  readonly base: LogBase | null;
  readonly entries: readonly LogEntry[];
  readonly proof: CommitProof | null;
  readonly timing: Timing;
}
