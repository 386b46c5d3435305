import type { LogEntry } from './entry.ts';
import { type LogTail, tailAfter } from './log.ts';
import { weightOf } from './quorum.ts';
import type { Violation } from './types.ts';

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
