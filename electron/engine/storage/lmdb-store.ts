import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { FlotillaError, failure } from '../../../shared/errors.ts';
import { invariant } from '../../../shared/invariant.ts';
import { MAX_STORE_KEY_BYTES } from '../../../shared/limits.ts';
import type { KeyRange, Reader, Row, Store, Transaction } from '../ports/store.ts';
import { checkLmdbFile } from './lmdb-file-check.ts';

type Database = RootDatabase<Buffer, Buffer>;

/** Rows fetched at a time: a consumer may write to the range that it reads, so no cursor stays open in between. */
const RANGE_PAGE_ROWS = 256;

/** Text of LMDB's messages (liblmdb `mdb_strerror`) that mean that the file cannot be believed. */
const DAMAGE =
  /MDB_(CORRUPTED|PAGE_NOTFOUND|INVALID|PANIC|VERSION_MISMATCH|BAD_TXN|PAGE_FULL|CURSOR_FULL)|not an LMDB file/;

/**
 * The local database in one LMDB file. A table is a prefix of the key (`table 0x00 key`), so tables cost nothing and may
 * be named at run time. Throws `database-damaged` where the file cannot be believed, and leaves it as it is.
 */
export function openLmdbStore(path: string): Store {
  try {
    if (existsSync(path)) checkLmdbFile(path);
    else createEmpty(path);
    return storeOn(openFile(path), path);
  } catch (error) {
    throw translated(error, path);
  }
}

/** Made beside and put in place whole: a crash in the middle never leaves a file that looks damaged. */
function createEmpty(path: string): void {
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  rmSync(`${fresh}-lock`, { force: true });
  const database = openFile(fresh);
  database.transactionSync(() => undefined);
  void database.close();
  rmSync(`${fresh}-lock`, { force: true });
  renameSync(fresh, path);
  if (process.platform === 'win32') return;
  const directory = openSync(dirname(path), 'r');
  fsyncSync(directory);
  closeSync(directory);
}

function openFile(path: string): Database {
  return open<Buffer, Buffer>({
    path,
    noSubdir: true,
    keyEncoding: 'binary',
    encoding: 'binary',
    cache: false,
    // With overlapping sync a commit returns before it is on disk.
    overlappingSync: false,
  });
}

function translated(error: unknown, path: string): unknown {
  if (error instanceof FlotillaError || !(error instanceof Error)) return error;
  if (/MDB_MAP_FULL|ENOSPC|No space left/.test(error.message) || (couldNotWrite(error) && isFull(path))) {
    return failure('disk-full', `The database ${path} cannot grow: the disk is full`, error);
  }
  if (DAMAGE.test(error.message)) {
    return failure('database-damaged', `The database ${path} is damaged: ${error.message}`, error);
  }
  if (isWriteFailure(error)) return failure('io-error', `The database ${path}: ${error.message}`, error);
  return error;
}

/** LMDB says EIO for a write that was cut short, which is mostly what a full disk does. */
function isWriteFailure(error: Error): boolean {
  return /Input\/output error/.test(error.message);
}

/** That a transaction is of no use any more is said after a write that failed, and where the file is damaged. */
function couldNotWrite(error: Error): boolean {
  return isWriteFailure(error) || /MDB_BAD_TXN/.test(error.message);
}

const FULL_BELOW_BYTES = 16 * 1024 * 1024;

function isFull(path: string): boolean {
  const stat = statfsSync(dirname(path));
  return stat.bavail * stat.bsize < FULL_BELOW_BYTES;
}

const SEPARATOR = '\u0000';

function keyOf(table: string, key: string): Buffer {
  return Buffer.from(`${table}${SEPARATOR}${key}`, 'utf8');
}

function copyOf(value: Buffer): Uint8Array {
  return new Uint8Array(value);
}

/** The first key of a table that is not before every key starting with `prefix`. */
function endOfPrefix(prefix: Buffer): Buffer {
  // UTF-8 has no byte 0xff, and the table's separator is 0x00: there is always a byte to raise.
  const end = Buffer.from(prefix);
  const last = end.length - 1;
  end[last] = (end[last] as number) + 1;
  return end;
}

const lesser = (a: Buffer, b: Buffer): Buffer => (Buffer.compare(a, b) <= 0 ? a : b);
const greater = (a: Buffer, b: Buffer): Buffer => (Buffer.compare(a, b) >= 0 ? a : b);

function boundsOf(table: string, range: KeyRange): { start: Buffer; end: Buffer } {
  const base = keyOf(table, range.prefix ?? '');
  let start = base;
  let end = endOfPrefix(base);
  if (range.from !== undefined) start = greater(start, keyOf(table, range.from));
  if (range.to !== undefined) end = lesser(end, keyOf(table, range.to));
  return { start, end };
}

type Guard = <T>(read: () => T) => T;

function* rows(database: Database, guarded: Guard, table: string, range: KeyRange): Generator<Row> {
  const skip = Buffer.byteLength(table, 'utf8') + 1;
  const bounds = boundsOf(table, range);
  let left = range.limit ?? Number.POSITIVE_INFINITY;
  while (left > 0 && Buffer.compare(bounds.start, bounds.end) < 0) {
    const limit = Math.min(left, RANGE_PAGE_ROWS);
    const page = guarded(() => readPage(database, bounds, range.reverse === true, limit));
    for (const row of page) {
      yield { key: row.key.toString('utf8', skip), value: copyOf(row.value) };
    }
    const last = page.at(-1);
    if (last === undefined || page.length < RANGE_PAGE_ROWS) return;
    left -= page.length;
    if (range.reverse === true) bounds.end = last.key;
    else bounds.start = Buffer.concat([last.key, Buffer.alloc(1)]);
  }
}

function readPage(
  database: Database,
  bounds: { readonly start: Buffer; readonly end: Buffer },
  reverse: boolean,
  limit: number,
): readonly { readonly key: Buffer; readonly value: Buffer }[] {
  const { start, end } = bounds;
  if (!reverse) return [...database.getRange({ start, end, limit })];
  return [...database.getRange({ start: end, exclusiveStart: true, end: start, inclusiveEnd: true, reverse, limit })];
}

function storeOn(database: Database, path: string): Store {
  let open = true;
  let inTransaction = false;
  const guarded: Guard = (read) => {
    if (!open) throw new Error('the store is closed');
    try {
      return read();
    } catch (error) {
      throw translated(error, path);
    }
  };

  const reader: Reader = {
    get: (table, key) =>
      guarded(() => {
        const value = database.getBinary(keyOf(table, key));
        return value === undefined ? undefined : copyOf(value);
      }),
    range: (table, range) => rows(database, guarded, table, range),
  };

  return {
    ...reader,
    transaction(run) {
      if (inTransaction) throw new Error('transactions never nest');
      inTransaction = true;
      let live = true;
      const assertLive = (): void => invariant(live, 'a transaction was used after its end');
      const tx: Transaction = {
        ...reader,
        put(table, key, value) {
          assertLive();
          if (Buffer.byteLength(key, 'utf8') > MAX_STORE_KEY_BYTES) throw new Error(`key too long in table ${table}`);
          database.putSync(keyOf(table, key), Buffer.from(value.buffer, value.byteOffset, value.byteLength));
        },
        remove(table, key) {
          assertLive();
          database.removeSync(keyOf(table, key));
        },
      };
      try {
        return guarded(() =>
          database.transactionSync(() => {
            const result = run(tx);
            invariant(!(result instanceof Promise), 'a transaction is synchronous');
            return result;
          }),
        );
      } finally {
        live = false;
        inTransaction = false;
      }
    },
    async close() {
      if (!open) return;
      open = false;
      await database.close();
    },
  };
}
