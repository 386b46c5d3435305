import type { KeyRange, Reader, Row, Store, Transaction } from '../../electron/engine/ports/store.ts';

/** A `Store` in memory whose content survives a simulated crash: open another over the same `MemoryDisk`. */
export interface MemoryStore extends Store {
  readonly disk: MemoryDisk;
  /** The next transaction fails with this error, keeping nothing. */
  failNext(error: Error): void;
  /** Transactions done so far. */
  transactions(): number;
}

/** What is on the simulated disk: tables of sorted rows. */
export interface MemoryDisk {
  readonly tables: Map<string, Table>;
}

interface Table {
  readonly values: Map<string, Uint8Array>;
  /** Keys in UTF-8 byte order. */
  keys: string[];
}

/** An empty simulated disk. */
export function createMemoryDisk(): MemoryDisk {
  return { tables: new Map() };
}

/** A copy that later writes to the original do not change: a backup, or a cloned home. */
export function copyMemoryDisk(disk: MemoryDisk): MemoryDisk {
  const tables = new Map<string, Table>();
  for (const [name, table] of disk.tables) tables.set(name, { values: new Map(table.values), keys: [...table.keys] });
  return { tables };
}

function compareKeys(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

/** Place of the first key that is not before `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keys[middle] as string, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Place after the last key with the prefix; keys of one prefix lie together. */
function afterPrefix(keys: readonly string[], prefix: string): number {
  let low = lowerBound(keys, prefix);
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string).startsWith(prefix)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A store over the disk. */
export function createMemoryStore(disk: MemoryDisk = createMemoryDisk()): MemoryStore {
  let open = true;
  let inTransaction = false;
  let failWith: Error | null = null;
  let done = 0;

  function tableOf(name: string): Table {
    let table = disk.tables.get(name);
    if (table === undefined) {
      table = { values: new Map(), keys: [] };
      disk.tables.set(name, table);
    }
    return table;
  }

  function set(table: Table, key: string, value: Uint8Array | undefined): void {
    const known = table.values.has(key);
    if (value === undefined) {
      if (!known) return;
      table.values.delete(key);
      table.keys.splice(lowerBound(table.keys, key), 1);
      return;
    }
    table.values.set(key, value);
    if (!known) table.keys.splice(lowerBound(table.keys, key), 0, key);
  }

  function assertOpen(): void {
    if (!open) throw new Error('the store is closed');
  }

  const reader: Reader = {
    get(table, key) {
      assertOpen();
      const value = disk.tables.get(table)?.values.get(key);
      return value === undefined ? undefined : value.slice();
    },
    range(table, range) {
      assertOpen();
      return rowsOf(tableOf(table), range);
    },
  };

  return {
    ...reader,
    disk,
    transaction(run) {
      assertOpen();
      if (inTransaction) throw new Error('transactions never nest');
      if (failWith !== null) {
        const error = failWith;
        failWith = null;
        throw error;
      }
      inTransaction = true;
      const undo: (() => void)[] = [];
      const write = (name: string, key: string, value: Uint8Array | undefined): void => {
        if (Buffer.byteLength(key, 'utf8') > 1_500) throw new Error(`key too long in table ${name}`);
        const table = tableOf(name);
        const before = table.values.get(key);
        undo.push(() => set(table, key, before));
        set(table, key, value);
      };
      const tx: Transaction = {
        ...reader,
        put: (table, key, value) => write(table, key, value.slice()),
        remove: (table, key) => write(table, key, undefined),
      };
      try {
        const result = run(tx);
        done += 1;
        return result;
      } catch (error) {
        for (const step of undo.reverse()) step();
        throw error;
      } finally {
        inTransaction = false;
      }
    },
    close() {
      open = false;
      return Promise.resolve();
    },
    failNext(error) {
      failWith = error;
    },
    transactions: () => done,
  };
}

function rowsOf(table: Table, range: KeyRange): Row[] {
  const first = lowestKey(range);
  let from = first === undefined ? 0 : lowerBound(table.keys, first);
  let to = range.to === undefined ? table.keys.length : lowerBound(table.keys, range.to);
  const prefix = range.prefix;
  if (prefix !== undefined) {
    to = Math.min(to, afterPrefix(table.keys, prefix));
    from = Math.max(from, lowerBound(table.keys, prefix));
  }
  const keys = table.keys.slice(from, Math.max(from, to));
  if (range.reverse === true) keys.reverse();
  return keys
    .slice(0, range.limit ?? keys.length)
    .map((key) => ({ key, value: (table.values.get(key) as Uint8Array).slice() }));
}

function lowestKey(range: KeyRange): string | undefined {
  if (range.prefix === undefined) return range.from;
  if (range.from === undefined) return range.prefix;
  return compareKeys(range.from, range.prefix) > 0 ? range.from : range.prefix;
}
