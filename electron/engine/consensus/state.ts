import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import { invariant } from '../../../shared/invariant.ts';
import type { CommitProof, LogIndex, Term } from './entry.ts';
import {
  appended,
  currentElectorate,
  emptyLog,
  type Log,
  lastPosition,
  previousElectorate,
  wholeLogBase,
} from './log.ts';
import { isMajority, weightOf } from './quorum.ts';
import { electionTimeout } from './timing.ts';
import type { Electorate, HardState, Monotonic, Role, StoredConsensus, Timing } from './types.ts';

/** What the master knows of one device's log. `probing`: where it agrees is not known, so one append at a time. */
export interface Progress {
  readonly mode: 'probing' | 'streaming';
  /** The device has the master's log up to here. */
  readonly match: LogIndex;
  /** First entry to send next. */
  readonly next: LogIndex;
  /** When an append was last sent to it. */
  readonly sentAt: Monotonic;
  /** When it last answered in this term. */
  readonly heardAt: Monotonic;
}

/** A handover that is going on: no proposals are taken until it is done or `dueAt` has passed. */
export interface Handover {
  readonly to: DeviceId;
  readonly dueAt: Monotonic;
  /** Whether `timeoutNow` has been sent. */
  readonly asked: boolean;
}

/** A failover of which only the response is still to come. */
export interface PendingFailover {
  readonly from: DeviceId;
  readonly detectMs: number;
  readonly electMs: number;
}

/** What this device does in the current term. */
export type RoleState =
  | { readonly kind: 'follower'; readonly master: DeviceId | null; readonly heardAt: Monotonic }
  | { readonly kind: 'preCandidate'; readonly granted: ReadonlySet<DeviceId> }
  | { readonly kind: 'candidate'; readonly granted: ReadonlySet<DeviceId>; readonly handover: boolean }
  | MasterState;

export interface MasterState {
  readonly kind: 'master';
  readonly since: Monotonic;
  /** Index of its `term.begin`; until that is committed nothing else counts as committed by it. */
  readonly begin: LogIndex;
  readonly progress: ReadonlyMap<DeviceId, Progress>;
  readonly handover: Handover | null;
  /** After a handover that failed, the next one that nobody asked for is not tried before this. */
  readonly handoverRestUntil: Monotonic;
  readonly failover: PendingFailover | null;
}

/** The master that was heard last, or made the last entry, for the record of its failover. */
export interface LastMaster {
  readonly device: DeviceId;
  readonly heardAt: Monotonic;
  /** Start of the first PreVote since. */
  readonly preVoteAt: Monotonic | null;
}

/** The whole core as one value: `step` makes the next one and leaves this one alone. */
export interface ConsensusState {
  readonly self: DeviceId;
  readonly group: GroupId;
  readonly hard: HardState;
  readonly log: Log;
  readonly proof: CommitProof | null;
  readonly timing: Timing;
  /** Devices with at least one link. */
  readonly links: ReadonlySet<DeviceId>;
  readonly wanted: Electorate | null;
  readonly role: RoleState;
  /** It may have forgotten what it promised: it neither votes nor stands. */
  readonly held: boolean;
  /** When a voter that is not master starts (another round of) PreVote. */
  readonly electionDueAt: Monotonic;
  /** When a device without a master asks its peers again for what they know to be committed. */
  readonly askPeersAt: Monotonic;
  /** When the last entry was appended here, or the start. */
  readonly stampSeenAt: Monotonic;
  readonly lastMaster: LastMaster | null;
}

/** Hard state of a device that has just joined, or is about to found. */
export const FRESH_HARD_STATE: HardState = { generation: 1, term: 0, votedFor: null, commitIndex: 0 };

/** What a start depends on besides the disk. */
interface Start {
  readonly now: Monotonic;
  readonly random: number;
  /** How long a device that decides alone waits at first to hear of what others know to be committed. */
  readonly listenMs: number;
}

/**
 * The state of a device at its start, from what its disk holds; a device that has just joined starts with no entries and
 * `FRESH_HARD_STATE`, and learns the electorate from the log. The driver replays the entries up to `commitIndex` itself:
 * `apply` comes only for later ones. Throws InvariantViolation where the stored parts contradict each other.
 */
export function restoredState(stored: StoredConsensus, { now, random, listenMs }: Start): ConsensusState {
  const log = appended(emptyLog(stored.base ?? wholeLogBase(stored.group)), stored.entries);
  const last = lastPosition(log);
  invariant(stored.hardState.commitIndex <= last.index, 'the stored log is shorter than what was committed');
  invariant(stored.hardState.term >= last.term, 'the stored term is older than the log');
  const wait = decidesAlone(log, stored.self) ? listenMs : electionTimeout(stored.timing, random);
  return {
    self: stored.self,
    group: stored.group,
    hard: stored.hardState,
    log,
    proof: stored.proof,
    timing: stored.timing,
    links: new Set(),
    wanted: null,
    role: { kind: 'follower', master: null, heardAt: Number.NEGATIVE_INFINITY },
    held: false,
    electionDueAt: now + wait,
    askPeersAt: now,
    stampSeenAt: now,
    lastMaster: null,
  };
}

/** Whether a device is a majority by itself. */
export function decidesAlone(log: Log, device: DeviceId): boolean {
  return isMajority(currentElectorate(log), (other) => other === device);
}

/**
 * Whether this device may be elected: it is not held, and has weight, or its last unit is being taken by an entry not yet
 * committed.
 */
export function mayLead(state: ConsensusState): boolean {
  if (state.held) return false;
  if (weightOf(currentElectorate(state.log), state.self) > 0) return true;
  const before = previousElectorate(state.log);
  return before !== null && weightOf(before, state.self) > 0 && !isElectorateCommitted(state);
}

/** Whether the adjustment that made the current electorate is known to be committed. */
export function isElectorateCommitted(state: ConsensusState): boolean {
  return (state.log.electorates.at(-1)?.since ?? 0) <= state.hard.commitIndex;
}

/** Whether this device and those it has links to could decide. */
export function reachesMajority(state: ConsensusState): boolean {
  return isMajority(currentElectorate(state.log), (device) => device === state.self || state.links.has(device));
}

/** The master of the current term as far as this device knows. */
export function masterOf(state: ConsensusState): DeviceId | null {
  if (state.role.kind === 'master') return state.self;
  return state.role.kind === 'follower' ? state.role.master : null;
}

/** The role as it is reported: a follower without weight observes. */
export function roleOf(state: ConsensusState): Role {
  if (state.role.kind !== 'follower') return state.role.kind;
  return weightOf(currentElectorate(state.log), state.self) > 0 ? 'follower' : 'observer';
}

/** What the interface shows of the core. */
export interface ConsensusView {
  readonly role: Role;
  readonly master: DeviceId | null;
  readonly generation: number;
  readonly term: Term;
  readonly electorate: Electorate;
  /** The electorate is on its way to another one. */
  readonly wanted: Electorate | null;
  readonly commitIndex: LogIndex;
  readonly lastIndex: LogIndex;
  /** This device and those it has links to have a majority. */
  readonly quorate: boolean;
  readonly handingOverTo: DeviceId | null;
  /** At the master: how far each device's log agrees with its own; empty elsewhere. */
  readonly progress: ReadonlyMap<DeviceId, Progress>;
}

/** See `ConsensusView`. */
export function viewOf(state: ConsensusState): ConsensusView {
  return {
    role: roleOf(state),
    master: masterOf(state),
    generation: state.hard.generation,
    term: state.hard.term,
    electorate: currentElectorate(state.log),
    wanted: state.wanted,
    commitIndex: state.hard.commitIndex,
    lastIndex: lastPosition(state.log).index,
    quorate: reachesMajority(state),
    handingOverTo: state.role.kind === 'master' ? (state.role.handover?.to ?? null) : null,
    progress: state.role.kind === 'master' ? state.role.progress : new Map(),
  };
}
