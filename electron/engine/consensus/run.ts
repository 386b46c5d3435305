import type { DeviceId } from '../../../shared/ids.ts';
import { becomeFollower, commitTo, type Draft, keepProof, violation, writeEntries } from './draft.ts';
import type { CommitProof, HashedPosition, LogEntry, LogIndex, Term } from './entry.ts';
import { checkEntry } from './entry-rules.ts';
import { entryAt, type Log, type LogTail, lastPosition, tailAfter, tailOf, truncated } from './log.ts';
import type { Violation } from './types.ts';

/** Entries after a position that the log holds, from whoever has them, and what is proven of them. */
interface Run {
  readonly previous: HashedPosition;
  readonly entries: readonly LogEntry[];
  readonly proof: CommitProof | null;
}

/**
 * Takes a run that has no entry of a term later than `term`. It may replace what was never committed here where it is proven,
 * or ends in a later term than the own log: then whatever the own log had and was committed is in the run as well (EL2), so
 * nobody has to be believed for it. Any other run is only ever added at the end. Answers up to where the log now is the
 * sender's; null where a rule was broken, which is reported.
 */
export function takeRun(draft: Draft, from: DeviceId, run: Run, term: Term): LogIndex | null {
  const { state } = draft;
  const { previous, entries, proof } = run;
  const judged = isRun(entries, previous.index, term)
    ? judgeEntries(state.log, entries, state.hard.commitIndex, state.hard.generation)
    : OUT_OF_ORDER;
  if (judged.kind === 'breaks') {
    violation(draft, from, judged.rule);
    return null;
  }
  const { fresh, replaces } = judged;
  const proven = proof === null ? undefined : fresh.find((entry) => entry.index === proof.index);
  if (proof !== null && proven !== undefined && !proves(proof, proven)) {
    violation(draft, from, 'proofContradictsLog');
    return null;
  }
  const [first] = fresh;
  const end = fresh.at(-1)?.term ?? 0;
  const stays = replaces && proven === undefined && end <= lastPosition(state.log).term;
  const match = stays && first !== undefined ? first.index - 1 : previous.index + entries.length;
  if (!stays) {
    if (end > state.hard.term) becomeFollower(draft, end, null);
    writeEntries(draft, fresh);
  }
  if (proof !== null) takeProof(draft, from, proof, match);
  return match;
}

/** What a run of entries means for a log that holds the position before it. */
type Judgement =
  | { readonly kind: 'follows'; readonly fresh: readonly LogEntry[]; readonly replaces: boolean }
  | { readonly kind: 'breaks'; readonly rule: Violation };

/**
 * Looks what of `entries`, which follow a position that the log holds, is new, and whether it may be appended. Entries that
 * the log has already are passed over; the first that differs replaces it and all after it, unless that was committed.
 */
function judgeEntries(log: Log, entries: readonly LogEntry[], commitIndex: LogIndex, generation: number): Judgement {
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

const OUT_OF_ORDER: Judgement = { kind: 'breaks', rule: 'entryOutOfOrder' };

/** Whether the entries follow `previous` one by one and are of no later term than `term`. */
function isRun(entries: readonly LogEntry[], previous: LogIndex, term: Term): boolean {
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
