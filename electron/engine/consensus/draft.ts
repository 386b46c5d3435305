import type { DeviceId } from '../../../shared/ids.ts';
import { invariant } from '../../../shared/invariant.ts';
import { MAX_STAMP } from '../../../shared/limits.ts';
import type { CommitProof, EntryBody, LogEntry, LogIndex, Term } from './entry.ts';
import { appended, entryAt, lastPosition, tailOf, truncated } from './log.ts';
import type { ConsensusMessage } from './messages.ts';
import { type ConsensusState, masterOf, type RoleState, roleOf } from './state.ts';
import { electionTimeout } from './timing.ts';
import type { ConsensusEffect, Surroundings, Violation } from './types.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type WithoutStamp<T> = T extends unknown ? Omit<T, 'generation' | 'term'> : never;

/** A step under way: a copy of the state that handlers change, and what is to be done once it is closed. */
export interface Draft {
  readonly before: ConsensusState;
  readonly state: Mutable<ConsensusState>;
  readonly at: Surroundings;
  truncateFrom: LogIndex | null;
  /** Lowest index written in this step. */
  writtenFrom: LogIndex | null;
  readonly effects: ConsensusEffect[];
}

/** Opens a step on a shallow copy: every value inside the state is replaced, never changed. */
export function openDraft(before: ConsensusState, at: Surroundings): Draft {
  return { before, state: { ...before }, at, truncateFrom: null, writtenFrom: null, effects: [] };
}

/** Closes a step: what must be durable first, then the rest in the order in which it was asked for. */
export function closeDraft(draft: Draft): { readonly state: ConsensusState; readonly effects: ConsensusEffect[] } {
  const { before, state } = draft;
  const effects: ConsensusEffect[] = [];
  const entries =
    draft.writtenFrom === null ? [] : state.log.entries.slice(draft.writtenFrom - state.log.base.index - 1);
  const proof = state.proof === before.proof ? null : state.proof;
  if (state.hard !== before.hard || entries.length > 0 || draft.truncateFrom !== null || proof !== null)
    effects.push({ type: 'persist', hardState: state.hard, truncateFrom: draft.truncateFrom, entries, proof });
  const told = { role: roleOf(state), master: masterOf(state), term: state.hard.term };
  if (told.role !== roleOf(before) || told.master !== masterOf(before) || told.term !== before.hard.term)
    effects.push({ type: 'role', ...told });
  effects.push(...draft.effects);
  const committed: LogEntry[] = [];
  for (let index = before.hard.commitIndex + 1; index <= state.hard.commitIndex; index++) {
    const entry = entryAt(state.log, index);
    invariant(entry !== undefined, 'an entry is committed that the log does not hold');
    committed.push(entry);
  }
  if (committed.length > 0) effects.push({ type: 'apply', entries: committed });
  return { state, effects };
}

/** Sends under the own generation and term. */
export function send(draft: Draft, to: DeviceId, message: WithoutStamp<ConsensusMessage>, term?: Term): void {
  if (!draft.state.links.has(to)) return;
  const stamped = { ...message, generation: draft.state.hard.generation, term: term ?? draft.state.hard.term };
  draft.effects.push({ type: 'send', to, message: stamped as ConsensusMessage });
}

/** Reports a rule that a peer broke. */
export function violation(draft: Draft, from: DeviceId, rule: Violation): void {
  draft.effects.push({ type: 'violation', from, rule });
}

/** Enters a term, or stays in the current one; the vote of an older term does not count in a newer one. */
export function enterTerm(draft: Draft, term: Term, votedFor: DeviceId | null): void {
  const { hard } = draft.state;
  invariant(term >= hard.term, 'a term is left for an older one');
  invariant(term > hard.term || hard.votedFor === null || hard.votedFor === votedFor, 'a second vote in one term');
  if (term !== hard.term || votedFor !== hard.votedFor) draft.state.hard = { ...hard, term, votedFor };
}

/** Becomes follower of `master` (null: of nobody yet) in `term`. */
export function becomeFollower(draft: Draft, term: Term, master: DeviceId | null): void {
  const { state, at } = draft;
  if (term > state.hard.term) enterTerm(draft, term, null);
  const heardAt = master === null ? Number.NEGATIVE_INFINITY : at.now;
  setRole(draft, { kind: 'follower', master, heardAt });
  state.electionDueAt = at.now + electionTimeout(state.timing, at.random);
}

/** Changes what this device does. */
export function setRole(draft: Draft, role: RoleState): void {
  draft.state.role = role;
}

/** Appends checked entries, after cutting off what they replace. */
export function writeEntries(draft: Draft, entries: readonly LogEntry[]): void {
  const first = entries[0];
  if (first === undefined) return;
  const { state } = draft;
  if (first.index <= lastPosition(state.log).index) {
    invariant(first.index > state.hard.commitIndex, 'a committed entry is about to be replaced');
    state.log = truncated(state.log, first.index);
    draft.truncateFrom = Math.min(draft.truncateFrom ?? first.index, first.index);
  }
  state.log = appended(state.log, entries);
  draft.writtenFrom = Math.min(draft.writtenFrom ?? first.index, first.index);
  state.stampSeenAt = draft.at.now;
}

/** Seals an entry of the own term at the end of the log. */
export function appendOwn(draft: Draft, body: EntryBody): LogEntry {
  const { state, at } = draft;
  const last = lastPosition(state.log);
  const sinceSeen = Math.max(0, Math.floor(at.now - state.stampSeenAt));
  const entry = at.sealer.seal({
    generation: state.hard.generation,
    index: last.index + 1,
    term: state.hard.term,
    previousHash: last.hash,
    stamp: Math.min(MAX_STAMP, Math.max(Math.floor(at.clock), tailOf(state.log).stamp + sinceSeen)),
    master: state.self,
    body,
  });
  writeEntries(draft, [entry]);
  return entry;
}

/** Moves the commit index forward; it never goes back. */
export function commitTo(draft: Draft, index: LogIndex): void {
  const { hard } = draft.state;
  if (index > hard.commitIndex) draft.state.hard = { ...hard, commitIndex: index };
}

/** Keeps the proof if it is newer and the log holds what it proves. */
export function keepProof(draft: Draft, proof: CommitProof): void {
  if (proof.index > (draft.state.proof?.index ?? 0)) draft.state.proof = proof;
}
