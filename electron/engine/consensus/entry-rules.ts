import type { LogEntry, LogIndex } from './entry.ts';
import { emptyLog, type LogTail, tailAfter, tailOf, wholeLogBase } from './log.ts';
import { weightOf } from './quorum.ts';
import type { StoredConsensus, Violation } from './types.ts';

/**
 * What every device asks of an entry before it appends it, whoever sent it; null: it may follow `tail`. Signatures were
 * checked when it was decoded.
 */
export function checkEntry(tail: LogTail, entry: LogEntry, generation: number): Violation | null {
  const { last } = tail;
  if (entry.index !== last.index + 1 || entry.generation !== generation) return 'entryOutOfOrder';
  if (entry.previousHash !== last.hash) return 'brokenChain';
  if (entry.term < last.term || entry.stamp < tail.stamp) return 'entryOutOfOrder';
  const begins = entry.body.type === 'term.begin';
  if (entry.term > last.term !== begins) return 'termWithoutBegin';
  if (!begins && entry.master !== tail.master) return 'secondMasterInTerm';
  if (begins && entry.index > 1 && !mayBegin(tail, entry)) return 'masterWithoutWeight';
  return tailAfter(tail, entry) === null ? 'adjustNotOneUnit' : null;
}

/** A device may be elected while the adjustment that takes its last unit is not yet committed (thesis, 4.2.2). */
function mayBegin(tail: LogTail, entry: LogEntry): boolean {
  if (weightOf(tail.electorate, entry.master) > 0) return true;
  return tail.before !== null && weightOf(tail.before, entry.master) > 0;
}

/** Index of the first stored entry that does not follow the ones before it, or null: for a disk that may be damaged. */
export function firstUnfit(stored: Pick<StoredConsensus, 'group' | 'base' | 'entries' | 'hardState'>): LogIndex | null {
  let tail: LogTail | null = tailOf(emptyLog(stored.base ?? wholeLogBase(stored.group)));
  for (const entry of stored.entries) {
    if (tail === null || checkEntry(tail, entry, stored.hardState.generation) !== null) return entry.index;
    tail = tailAfter(tail, entry);
  }
  return null;
}
