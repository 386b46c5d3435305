import type { DeviceTag } from '../../../shared/ids.ts';
import type { Reader, Transaction } from '../ports/store.ts';
import { createByteReader, createByteWriter } from './byte-cursor.ts';

/** Highest counter of each author in any change received or written here: `author tag`. */
const COUNTERS = 'index-counter';

/** The highest counter of the author in any change that is durable here; 0 if there is none. */
export function highestCounter(reader: Reader, author: DeviceTag): number {
  const row = reader.get(COUNTERS, author);
  return row === undefined ? 0 : createByteReader(row).unsigned();
}

/** All authors' highest counters. */
export function highestCounters(reader: Reader): ReadonlyMap<DeviceTag, number> {
  const rows = [...reader.range(COUNTERS, {})];
  return new Map(rows.map(({ key, value }) => [key as DeviceTag, createByteReader(value).unsigned()]));
}

/** Notes a counter that a change carries; lower ones than the highest change nothing. */
export function noteCounter(tx: Transaction, author: DeviceTag, counter: number): void {
  if (counter <= highestCounter(tx, author)) return;
  const out = createByteWriter();
  out.unsigned(counter);
  tx.put(COUNTERS, author, out.done());
}
