import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Row, Store } from '../../electron/engine/ports/store.ts';

/** What every `Store` promises. `open` opens the same place again after a close within one test. */
export function storeContract(name: string, open: () => Store, reset: () => void): void {
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
  const keys = (rows: Iterable<Row>): string[] => [...rows].map((row) => row.key);

  describe(`store contract: ${name}`, () => {
    let store: Store;
    beforeEach(() => {
      reset();
      store = open();
    });
    afterEach(() => store.close());

    it('keeps what a transaction wrote, over closing and opening again', async () => {
      store.transaction((tx) => {
        tx.put('a', 'k', bytes(1, 2, 3));
        tx.put('a', 'empty', bytes());
        tx.put('b', 'k', bytes(9));
      });
      await store.close();
      store = open();
      expect(store.get('a', 'k')).toEqual(bytes(1, 2, 3));
      expect(store.get('a', 'empty')).toEqual(bytes());
      expect(store.get('b', 'k')).toEqual(bytes(9));
      expect(store.get('b', 'other')).toBeUndefined();
      expect(store.get('never', 'k')).toBeUndefined();
    });

    it('reads its own writes inside a transaction', () => {
      store.transaction((tx) => tx.put('a', 'old', bytes(1)));
      const seen = store.transaction((tx) => {
        tx.put('a', 'new', bytes(2));
        tx.remove('a', 'old');
        return { rows: keys(tx.range('a', {})), old: tx.get('a', 'old'), fresh: tx.get('a', 'new') };
      });
      expect(seen).toEqual({ rows: ['new'], old: undefined, fresh: bytes(2) });
    });

    it('keeps nothing of a transaction that throws, and passes the error on', () => {
      store.transaction((tx) => tx.put('a', 'k', bytes(1)));
      const error = new Error('stop');
      expect(() =>
        store.transaction((tx) => {
          tx.put('a', 'k', bytes(2));
          tx.put('a', 'l', bytes(2));
          throw error;
        }),
      ).toThrow(error);
      expect(store.get('a', 'k')).toEqual(bytes(1));
      expect(store.get('a', 'l')).toBeUndefined();
      store.transaction((tx) => tx.put('a', 'l', bytes(3)));
      expect(store.get('a', 'l')).toEqual(bytes(3));
    });

    it('refuses a transaction inside a transaction', () => {
      expect(() => store.transaction(() => store.transaction(() => 1))).toThrow();
      expect(store.transaction(() => 2)).toBe(2);
    });

    it('hands out and takes in copies', () => {
      const written = bytes(1, 2);
      store.transaction((tx) => tx.put('a', 'k', written));
      written[0] = 9;
      const read = store.get('a', 'k') as Uint8Array;
      read[1] = 9;
      expect(store.get('a', 'k')).toEqual(bytes(1, 2));
    });

    it('orders keys by their UTF-8 bytes', () => {
      const names = ['', 'a', 'a/b', 'a b', 'ab', 'Z', 'é', '中', '\uffee', '😀', 'a\u0000b', 'a\u0001'];
      store.transaction((tx) => {
        for (const key of names) tx.put('t', key, bytes(0));
      });
      const sorted = [...names].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
      expect(keys(store.range('t', {}))).toEqual(sorted);
      expect(keys(store.range('t', { reverse: true }))).toEqual([...sorted].reverse());
    });

    it('reads ranges with bounds, prefix, limit and direction', () => {
      store.transaction((tx) => {
        for (const key of ['a', 'b', 'b/1', 'b/2', 'b0', 'c', 'd']) tx.put('t', key, bytes(0));
        tx.put('s', 'z', bytes(0));
        tx.put('t2', 'a', bytes(0));
        tx.put('u', 'a', bytes(0));
      });
      const read = (range: Parameters<Store['range']>[1]): string[] => keys(store.range('t', range));
      expect(read({})).toEqual(['a', 'b', 'b/1', 'b/2', 'b0', 'c', 'd']);
      expect(read({ from: 'b', to: 'c' })).toEqual(['b', 'b/1', 'b/2', 'b0']);
      expect(read({ from: 'b', to: 'c', reverse: true })).toEqual(['b0', 'b/2', 'b/1', 'b']);
      expect(read({ prefix: 'b/' })).toEqual(['b/1', 'b/2']);
      expect(read({ prefix: 'b/', from: 'b/2' })).toEqual(['b/2']);
      expect(read({ prefix: 'b', reverse: true, limit: 2 })).toEqual(['b0', 'b/2']);
      expect(read({ limit: 2 })).toEqual(['a', 'b']);
      expect(read({ limit: 0 })).toEqual([]);
      expect(read({ from: 'c', to: 'b' })).toEqual([]);
      expect(read({ from: 'x' })).toEqual([]);
      expect(keys(store.range('never', {}))).toEqual([]);
    });

    it('reads long ranges whole, also while the reader removes what it reads', () => {
      const names = Array.from({ length: 1_500 }, (_, index) => `row-${String(index).padStart(5, '0')}`);
      store.transaction((tx) => {
        for (const key of names) tx.put('t', key, new TextEncoder().encode(key));
      });
      expect(keys(store.range('t', {}))).toEqual(names);
      expect(keys(store.range('t', { reverse: true }))).toEqual([...names].reverse());
      expect(keys(store.range('t', { reverse: true, limit: 600 }))).toEqual([...names].reverse().slice(0, 600));
      for (const row of store.range('t', { limit: 700 })) expect(new TextDecoder().decode(row.value)).toBe(row.key);
      store.transaction((tx) => {
        for (const row of tx.range('t', {})) tx.remove('t', row.key);
      });
      expect(keys(store.range('t', {}))).toEqual([]);
    });

    it('takes keys of 1,500 bytes and large values, and refuses longer keys', () => {
      const key = 'k'.repeat(1_500);
      const value = new Uint8Array(5_000_000).fill(7);
      store.transaction((tx) => tx.put('synced:0123456789abcdef0123456789abcdef', key, value));
      expect(Buffer.compare(store.get('synced:0123456789abcdef0123456789abcdef', key) as Uint8Array, value)).toBe(0);
      expect(() => store.transaction((tx) => tx.put('t', `${key}k`, bytes(1)))).toThrow();
    });
  });
}
