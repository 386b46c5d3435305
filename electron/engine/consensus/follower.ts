import type { DeviceId } from '../../../shared/ids.ts';
import { MAX_APPEND_ENTRIES } from '../../../shared/limits.ts';
import { becomeFollower, commitTo, type Draft, keepProof, send, setRole, violation, writeEntries } from './draft.ts';
import type { CommitProof, HashedPosition, LogEntry, LogIndex, Term } from './entry.ts';
import { checkEntry } from './entry-rules.ts';
import {
  entryAt,
  firstIndexOfTerm,
  type Log,
  type LogTail,
  lastPosition,
  positionAt,
  tailAfter,
  tailOf,
  truncated,
} from './log.ts';
import type { ConsensusMessage } from './messages.ts';
import { electionTimeout } from './timing.ts';
import type { Violation } from './types.ts';

type MessageOf<Type extends ConsensusMessage['type']> = Extract<ConsensusMessage, { type: Type }>;

/** What a run of entries means for a log that holds the position before it. */
export type Judgement =
  | { readonly kind: 'follows'; readonly fresh: readonly LogEntry[]; readonly replaces: boolean }
  | { readonly kind: 'breaks'; readonly rule: Violation };

/**
 * Looks what of `entries`, which follow a position that the log holds, is new, and whether it may be appended. Entries that
 * the log has already are passed over; the first that differs replaces it and all after it, unless that was committed.
 */
export function judgeEntries(
  log: Log,
  entries: readonly LogEntry[],
  commitIndex: LogIndex,
  generation: number,
): Judgement {
  const start = entries.findIndex(
    (entry) => entry.index > log.base.index && entryAt(log, entry.index)?.hash !== entry.hash,
  );
  if (start === -1) return { kind: 'follows', fresh: [], replaces: false };
  const fresh = entries.slice(start);
  const first = fresh[0] as LogEntry;
  const replaces = first.index <= lastPosition(log).index;
  if (first.index <= commitIndex) return { kind: 'breaks', rule: 'contradictsCommitted' };
  let tail: LogTail | null = tailOf(replaces ? truncated(log, first.index) : log);
  for (const entry of fresh) {
    const rule = tail === null ? 'adjustNotOneUnit' : checkEntry(tail, entry, generation);
    if (rule !== null) return { kind: 'breaks', rule };
    tail = tail && tailAfter(tail, entry);
  }
  return { kind: 'follows', fresh, replaces };
}

/** Takes the master's entries and commit index (thesis, 3.5); what is acknowledged is durable before that leaves. */
export function onAppend(draft: Draft, from: DeviceId, message: MessageOf<'append'>): void {
  const { state } = draft;
  if (message.term < state.hard.term) {
    send(draft, from, { type: 'appendRejected', rejected: message.previous.index, hint: state.hard.commitIndex });
    return;
  }
  const known = state.role.kind === 'follower' && message.term === state.hard.term ? state.role.master : null;
  const rival = message.term === state.hard.term && state.role.kind === 'master';
  if (rival || (known !== null && known !== from)) {
    violation(draft, from, 'secondMasterInTerm');
    return;
  }
  if (message.entries.length > MAX_APPEND_ENTRIES) {
    violation(draft, from, 'batchTooLarge');
    return;
  }
  hearMaster(draft, from, message.term);
  takeEntries(draft, from, message);
}

/** Follows `master`, and notes that it is alive. */
function hearMaster(draft: Draft, master: DeviceId, term: Term): void {
  const { state, at } = draft;
  if (state.role.kind !== 'follower' || term > state.hard.term) becomeFollower(draft, term, master);
  setRole(draft, { kind: 'follower', master, heardAt: at.now });
  state.electionDueAt = at.now + electionTimeout(state.timing, at.random);
  state.lastMaster = { device: master, heardAt: at.now, preVoteAt: null };
}

function takeEntries(draft: Draft, from: DeviceId, message: MessageOf<'append'>): void {
  const { state } = draft;
  const { previous } = message;
  const { commitIndex, generation } = state.hard;
  const own = positionAt(state.log, previous.index);
  if (own?.hash !== previous.hash) {
    if (own !== undefined && previous.index <= commitIndex) {
      violation(draft, from, 'contradictsCommitted');
      return;
    }
    const agreed = own === undefined ? lastPosition(state.log).index : firstIndexOfTerm(state.log, own.index) - 1;
    const hint = Math.max(commitIndex, Math.min(agreed, previous.index - 1));
    send(draft, from, { type: 'appendRejected', rejected: previous.index, hint });
    return;
  }
  const judged = isRun(message.entries, previous.index, message.term)
    ? judgeEntries(state.log, message.entries, commitIndex, generation)
    : OUT_OF_ORDER;
  if (judged.kind === 'breaks') {
    violation(draft, from, judged.rule);
    return;
  }
  writeEntries(draft, judged.fresh);
  const match = previous.index + message.entries.length;
  commitTo(draft, Math.min(message.commitIndex, match));
  if (message.proof !== null) takeProof(draft, from, message.proof, match);
  send(draft, from, { type: 'appendAccepted', match });
}

const OUT_OF_ORDER: Judgement = { kind: 'breaks', rule: 'entryOutOfOrder' };

/** Whether the entries follow `previous` one by one and are of no later term than their sender's. */
export function isRun(entries: readonly LogEntry[], previous: LogIndex, term: Term): boolean {
  return entries.every((entry, at) => entry.index === previous + 1 + at && entry.term <= term);
}

/**
 * Believes a proof that names an entry of this log up to `match`: its hash stands for all before it, and its signer is the
 * master that made the entry. Answers whether it was good.
 */
export function takeProof(draft: Draft, from: DeviceId, proof: CommitProof, match: LogIndex): boolean {
  const { log } = draft.state;
  const entry = entryAt(log, proof.index);
  if (entry === undefined || proof.index > match) return false;
  if (!proves(proof, entry) || proof.generation !== draft.state.hard.generation) {
    violation(draft, from, 'proofContradictsLog');
    return false;
  }
  commitTo(draft, proof.index);
  keepProof(draft, proof);
  return true;
}

/** Whether the proof is the word of the entry's own master about the entry. */
export function proves(proof: CommitProof, entry: HashedPosition & { readonly master: DeviceId }): boolean {
  return proof.hash === entry.hash && proof.term === entry.term && proof.master === entry.master;
}
