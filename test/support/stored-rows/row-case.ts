import type { MemoryDisk, MemoryStore } from '../memory-store.ts';

/** Rows that the product itself writes, and how it reads them again. */
export interface RowCase {
  write(disk: MemoryDisk): void;
  /** What the rows mean to the product. */
  read(store: MemoryStore): unknown;
}

/** Copies tables that were written on another disk; without names, all of them. */
export function copyTables(from: MemoryDisk, to: MemoryDisk, names: Iterable<string> = from.tables.keys()): void {
  for (const name of names) {
    const table = from.tables.get(name);
    if (table === undefined) throw new Error(`nothing was written to ${name}`);
    to.tables.set(name, table);
  }
}
