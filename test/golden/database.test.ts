/** The rows of the local database: what is written is what always was, and what was written is read as it was meant. */
import { expect, it } from 'vitest';
import { fromHex, toHex } from '../../electron/engine/bytes/hex.ts';
import { databaseTables } from '../support/database-tables.ts';
import { goldenJson } from '../support/golden.ts';
import { createMemoryDisk, createMemoryStore, type MemoryDisk } from '../support/memory-store.ts';
import { FOLDER_ROWS } from '../support/stored-rows/folder-rows.ts';
import { HOME_ROWS } from '../support/stored-rows/home-rows.ts';
import { INDEX_ROWS } from '../support/stored-rows/index-rows.ts';
import { METADATA_ROWS } from '../support/stored-rows/metadata-rows.ts';
import type { RowCase } from '../support/stored-rows/row-case.ts';

const CASES: Readonly<Record<string, RowCase>> = { ...METADATA_ROWS, ...INDEX_ROWS, ...FOLDER_ROWS, ...HOME_ROWS };

type Rows = readonly (readonly [table: string, key: string, row: string])[];

function rowsOf(disk: MemoryDisk): Rows {
  return [...disk.tables]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, { values }]) => [...values].sort().map(([key, row]): Rows[number] => [name, key, toHex(row)]));
}

function written({ write }: RowCase): MemoryDisk {
  const disk = createMemoryDisk();
  write(disk);
  return disk;
}

function diskOf(rows: Rows): MemoryDisk {
  const disk = createMemoryDisk();
  createMemoryStore(disk).transaction((tx) => {
    for (const [table, key, row] of rows) tx.put(table, key, fromHex(row));
  });
  return disk;
}

/** What the product reads there; null where it cannot do without these rows. */
function meaning({ read }: RowCase, disk: MemoryDisk): unknown {
  try {
    return read(createMemoryStore(disk));
  } catch {
    return null;
  }
}

const golden = goldenJson<Readonly<Record<string, Rows>>>(
  'database-rows-1.json',
  Object.fromEntries(Object.entries(CASES).map(([name, one]) => [name, rowsOf(written(one))])),
);

it.each(Object.entries(CASES))('%s: the rows are those that they always were', (name, one) => {
  expect(rowsOf(written(one))).toEqual(golden[name]);
});

it.each(Object.entries(CASES))('%s: rows of before mean what they meant', (name, one) => {
  const meant = meaning(one, written(one));
  expect(meant).not.toBeNull();
  expect(meant).not.toEqual(meaning(one, createMemoryDisk()));
  expect(meaning(one, diskOf(golden[name] ?? []))).toEqual(meant);
});

it('has rows of each table, and of no other', () => {
  const tables = Object.values(golden).flatMap((rows) => rows.map(([table]) => table));
  expect([...new Set(tables)].sort()).toEqual(databaseTables());
});

it('has nothing that is no longer written', () => {
  expect(Object.keys(golden)).toEqual(Object.keys(CASES));
});
