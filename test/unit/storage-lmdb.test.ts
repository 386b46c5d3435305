import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkLmdbFile } from '../../electron/engine/storage/lmdb-file-check.ts';
import { openLmdbStore } from '../../electron/engine/storage/lmdb-store.ts';
import { FORMAT_KEY, FORMAT_TABLE, migrate } from '../../electron/engine/storage/migrations.ts';
import { errorCodeOf } from '../../shared/errors.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'none';
  } catch (error) {
    return errorCodeOf(error);
  }
};

describe('the local database', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'flotilla-lmdb-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const filled = async (): Promise<string> => {
    const path = join(root, 'data.db');
    const store = openLmdbStore(path);
    store.transaction((tx) => {
      for (let at = 0; at < 3_000; at += 1) tx.put('t', `row ${at}`, new Uint8Array(60).fill(at));
      tx.put('t', 'big', new Uint8Array(50_000));
    });
    await store.close();
    return path;
  };

  it('opens a sound file however often', async () => {
    const path = await filled();
    for (let round = 0; round < 3; round += 1) {
      const store = openLmdbStore(path);
      expect([...store.range('t', {})].length).toBe(3_001);
      store.transaction((tx) => tx.remove('t', 'big'));
      store.transaction((tx) => tx.put('t', 'big', new Uint8Array(50_000)));
      await store.close();
    }
  });

  it('says that a file is damaged and leaves it in place', async () => {
    const sound = await filled();
    const size = readFileSync(sound).length;
    const damages: ((path: string) => void)[] = [
      (path) => writeFileSync(path, ''),
      (path) => writeFileSync(path, 'not a database at all'.repeat(1_000)),
      (path) => truncateSync(path, 100),
      (path) => truncateSync(path, 8_192),
      (path) => truncateSync(path, Math.floor(size / 8_192) * 4_096),
    ];
    damages.forEach((damage, index) => {
      const path = join(root, `damaged-${index}.db`);
      copyFileSync(sound, path);
      damage(path);
      const before = readFileSync(path);
      expect(codeOf(() => openLmdbStore(path))).toBe('database-damaged');
      expect(Buffer.compare(readFileSync(path), before)).toBe(0);
    });
  });

  it('says so wherever a page was overwritten, and else gives every row', async () => {
    const sound = await filled();
    const bytes = readFileSync(sound);
    const pages = bytes.length / 4_096;
    const random = createSeededRandom(7);
    let told = 0;
    for (let page = 0; page < pages; page += 1) {
      const damage = [Buffer.alloc(4_096), random.bytes(4_096), bytes.subarray(8_192, 12_288)][page % 3];
      const path = join(root, `page-${page}.db`);
      const damaged = Buffer.from(bytes);
      damaged.set(damage as Uint8Array, page * 4_096);
      writeFileSync(path, damaged);
      if (codeOf(() => checkLmdbFile(path)) === 'database-damaged') {
        told += 1;
        continue;
      }
      const store = openLmdbStore(path);
      expect([...store.range('t', {})].length).toBe(3_001);
      store.transaction((tx) => tx.put('t', 'one more', new Uint8Array(100)));
      await store.close();
    }
    expect(told).toBeGreaterThan(pages / 3);
  });

  it('believes every file that it wrote itself', async () => {
    const path = join(root, 'data.db');
    const random = createSeededRandom(3);
    const store = openLmdbStore(path);
    const number = (below: number): number => random.integer(below);
    for (let round = 0; round < 60; round += 1) {
      const keep = number(10);
      store.transaction((tx) => {
        for (let row = 0; row < 300; row += 1) {
          const key = `row ${number(2_000)}${'x'.repeat(number(20) === 0 ? number(1_400) : 0)}`;
          if (number(10) < keep) tx.put('t', key, new Uint8Array(number(20) === 0 ? number(60_000) : number(300)));
          else for (const old of [...tx.range('t', { from: key, limit: 2 })]) tx.remove('t', old.key);
        }
      });
      checkLmdbFile(path);
    }
    await store.close();
  });

  it('says that it is damaged in the middle of a reading too', async () => {
    const path = await filled();
    const store = openLmdbStore(path);
    const rows = store.range('t', {})[Symbol.iterator]();
    rows.next();
    const bytes = readFileSync(path);
    const OVERFLOW_FLAG = 4;
    const isLeaf = (page: number): boolean => bytes.readUInt16LE(page * 4_096 + 18) === 2;
    for (let page = 2; page < bytes.length / 4_096; page += 1) {
      if (isLeaf(page)) bytes.writeUInt16LE(OVERFLOW_FLAG, page * 4_096 + 18);
    }
    writeFileSync(path, bytes, { flag: 'r+' });
    const readOn = (): void => {
      while (rows.next().done !== true);
    };
    expect(codeOf(readOn)).toBe('database-damaged');
  });

  it('takes no promise for a transaction', async () => {
    const store = openLmdbStore(join(root, 'data.db'));
    expect(() =>
      store.transaction(async (tx) => {
        tx.put('t', 'k', new Uint8Array(1));
      }),
    ).toThrow();
    expect(store.get('t', 'k')).toBeUndefined();
    await store.close();
    expect(() => store.get('t', 'k')).toThrow();
  });
});

it('opens the database that was settled', async () => {
  const root = mkdtempSync(join(tmpdir(), 'flotilla-golden-'));
  const path = join(root, 'data.db');
  copyFileSync(join(import.meta.dirname, '../golden/database-1.db'), path);
  const store = openLmdbStore(path);
  migrate(store);
  const folder = 'synced:00112233445566778899aabbccddeeff';
  expect([...store.range(folder, {})]).toEqual([
    { key: 'docs', value: new Uint8Array() },
    { key: 'docs/été.txt', value: Uint8Array.from([1, 2, 3]) },
  ]);
  expect(Buffer.from(store.get('manifest', 'a/000000') ?? [])).toEqual(Buffer.alloc(5_000, 7));
  expect(store.get(FORMAT_TABLE, FORMAT_KEY)).toBeDefined();
  await store.close();
  rmSync(root, { recursive: true });
});

describe('migrations', () => {
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);

  it('run once each, in order, and are remembered', () => {
    const store = createMemoryStore();
    const ran: number[] = [];
    const step = (number: number) => ({ number, run: () => void ran.push(number) });
    migrate(store, [step(1)]);
    migrate(store, [step(1), step(2), step(3)]);
    migrate(store, [step(1), step(2), step(3)]);
    expect(ran).toEqual([1, 2, 3]);
    expect(store.get(FORMAT_TABLE, FORMAT_KEY)).toEqual(text('3'));
  });

  it('leave a database of a newer version and one without a readable number alone', () => {
    const newer = createMemoryStore();
    newer.transaction((tx) => tx.put(FORMAT_TABLE, FORMAT_KEY, text('7')));
    expect(codeOf(() => migrate(newer))).toBe('update-needed');
    expect(newer.get(FORMAT_TABLE, FORMAT_KEY)).toEqual(text('7'));
    const unreadable = createMemoryStore();
    unreadable.transaction((tx) => tx.put(FORMAT_TABLE, FORMAT_KEY, text('x')));
    expect(codeOf(() => migrate(unreadable))).toBe('database-damaged');
  });

  it('that fail half-way keep the steps before', () => {
    const store = createMemoryStore();
    const bad = {
      number: 2,
      run: () => {
        throw new Error('cannot');
      },
    };
    expect(() => migrate(store, [{ number: 1, run: () => undefined }, bad])).toThrow('cannot');
    expect(store.get(FORMAT_TABLE, FORMAT_KEY)).toEqual(text('1'));
  });
});
