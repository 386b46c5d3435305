import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLmdbStore } from '../../electron/engine/storage/lmdb-store.ts';
import { FORMAT_KEY, FORMAT_TABLE, migrate } from '../../electron/engine/storage/migrations.ts';
import { errorCodeOf } from '../../shared/errors.ts';
import { createMemoryStore } from '../support/memory-store.ts';

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
