import type { DeviceId, EntryHash, GroupId } from '../../../shared/ids.ts';
import { invariant } from '../../../shared/invariant.ts';
import { adjusted } from './electorate.ts';
import type { HashedPosition, LogEntry, LogIndex, Term } from './entry.ts';
import type { Electorate, LogBase } from './types.ts';

/** The electorate from an index on. */
interface ElectorateSpan {
  readonly since: LogIndex;
  readonly electorate: Electorate;
}

/** The log: what comes after `base`, and the electorates it says, the last of which counts from when it was appended. */
export interface Log {
  readonly base: LogBase;
  readonly entries: readonly LogEntry[];
  readonly electorates: readonly [ElectorateSpan, ...ElectorateSpan[]];
}

/** Before the first entry: the group's id stands for the hash, which binds the whole chain to the group. */
export function wholeLogBase(group: GroupId): LogBase {
  return { index: 0, term: 0, hash: group as string as EntryHash, master: null, electorate: new Map(), stamp: 0 };
}

/** A log without entries after its base. */
export function emptyLog(base: LogBase): Log {
  return { base, entries: [], electorates: [{ since: base.index, electorate: base.electorate }] };
}

/** The entry at an index, if the log holds it. */
export function entryAt(log: Log, index: LogIndex): LogEntry | undefined {
  return index > log.base.index ? log.entries[index - log.base.index - 1] : undefined;
}

/** The position at an index, base included; undefined outside the log. */
export function positionAt(log: Log, index: LogIndex): HashedPosition | undefined {
  const at = index === log.base.index ? log.base : entryAt(log, index);
  return at && { index: at.index, term: at.term, hash: at.hash };
}

/** The end of the log. */
export function lastPosition(log: Log): HashedPosition {
  const last = log.entries.at(-1) ?? log.base;
  return { index: last.index, term: last.term, hash: last.hash };
}

/** The electorate that counts: the latest in the log, committed or not (thesis, 4.1). */
export function currentElectorate(log: Log): Electorate {
  return (log.electorates.at(-1) ?? log.electorates[0]).electorate;
}

/** The electorate before the latest adjustment, or null if there was none. */
export function previousElectorate(log: Log): Electorate | null {
  return log.electorates.at(-2)?.electorate ?? null;
}

/** Index of the entry that made the current electorate. */
export function electorateSince(log: Log): LogIndex {
  return (log.electorates.at(-1) ?? log.electorates[0]).since;
}

/** What the next entry is judged by. */
export interface LogTail {
  readonly last: HashedPosition;
  readonly stamp: number;
  /** Master of the last entry; null in an empty log. */
  readonly master: DeviceId | null;
  readonly electorate: Electorate;
  /** The electorate before the latest adjustment, or null if there was none. */
  readonly before: Electorate | null;
}

/** The tail of a log. */
export function tailOf(log: Log): LogTail {
  const { stamp, master } = log.entries.at(-1) ?? log.base;
  return {
    last: lastPosition(log),
    stamp,
    master,
    electorate: currentElectorate(log),
    before: previousElectorate(log),
  };
}

/** The tail once `entry` was appended; null where its adjustment is none. The founder's first entry makes it the only voter. */
export function tailAfter(tail: LogTail, entry: LogEntry): LogTail | null {
  const electorate = entry.index === 1 ? new Map([[entry.master, 1]]) : electorateAfter(tail.electorate, entry);
  if (electorate === null) return null;
  return {
    last: { index: entry.index, term: entry.term, hash: entry.hash },
    stamp: entry.stamp,
    master: entry.master,
    electorate,
    before: electorate === tail.electorate ? tail.before : tail.electorate,
  };
}

function electorateAfter(current: Electorate, entry: LogEntry): Electorate | null {
  return entry.body.type === 'electorate.adjust' ? adjusted(current, entry.body) : current;
}

/** The log with entries at its end; they were checked before (`checkEntry`). */
export function appended(log: Log, entries: readonly LogEntry[]): Log {
  const electorates: [ElectorateSpan, ...ElectorateSpan[]] = [...log.electorates];
  let tail = tailOf(log);
  for (const entry of entries) {
    invariant(entry.index === tail.last.index + 1, 'an entry is appended out of order');
    const next = tailAfter(tail, entry);
    invariant(next !== null, 'an adjustment that was not checked is appended');
    if (next.electorate !== tail.electorate) electorates.push({ since: entry.index, electorate: next.electorate });
    tail = next;
  }
  return { base: log.base, entries: [...log.entries, ...entries], electorates };
}

/** The log without the entries from `from` on. */
export function truncated(log: Log, from: LogIndex): Log {
  invariant(from > log.base.index, 'the log is cut below its base');
  const [first, ...later] = log.electorates;
  return {
    base: log.base,
    entries: log.entries.slice(0, from - log.base.index - 1),
    electorates: [first, ...later.filter((span) => span.since < from)],
  };
}

/** First index of the run of entries of the term at `index`. */
export function firstIndexOfTerm(log: Log, index: LogIndex): LogIndex {
  const term: Term | undefined = positionAt(log, index)?.term;
  let first = index;
  while (first > log.base.index + 1 && entryAt(log, first - 1)?.term === term) first--;
  return first;
}

/** Entries from `from` to `to` (inclusive), cut to the bounds of one message, but at least one where there is one. */
export function batch(
  log: Log,
  from: LogIndex,
  to: LogIndex,
  bounds: { readonly entries: number; readonly bytes: number },
): LogEntry[] {
  const result: LogEntry[] = [];
  let bytes = 0;
  for (let index = from; index <= to && result.length < bounds.entries; index++) {
    const entry = entryAt(log, index);
    if (entry === undefined) break;
    bytes += entry.bytes.byteLength;
    if (result.length > 0 && bytes > bounds.bytes) break;
    result.push(entry);
  }
  return result;
}
