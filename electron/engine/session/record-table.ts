import type { z } from 'zod';
import { failure } from '../../../shared/errors.ts';
import type { Reader, Store, Transaction } from '../ports/store.ts';

/**
 * A table of the local database whose rows are small JSON records: `{"version": n, ...}` with a schema that is checked
 * when read. A row that does not fit is a damaged database, never something to go on with.
 */
export class RecordTable<T extends { readonly version: number }> {
  readonly #table: string;
  readonly #schema: z.ZodType<T>;

  constructor(table: string, schema: z.ZodType<T>) {
    this.#table = table;
    this.#schema = schema;
  }

  /** The record, or null. Throws `database-damaged` where the row does not fit. */
  get(reader: Reader, key: string): T | null {
    const bytes = reader.get(this.#table, key);
    return bytes === undefined ? null : this.#parse(key, bytes);
  }

  /** All records with their keys, in key order. */
  all(reader: Reader): readonly (readonly [string, T])[] {
    return [...reader.range(this.#table, {})].map(({ key, value }) => [key, this.#parse(key, value)] as const);
  }

  /** Writes a record in a transaction of the caller's. */
  put(tx: Transaction, key: string, record: T): void {
    tx.put(this.#table, key, new TextEncoder().encode(JSON.stringify(record)));
  }

  /** Writes a record durably. */
  save(store: Store, key: string, record: T): void {
    store.transaction((tx) => this.put(tx, key, record));
  }

  /** Removes a record in a transaction of the caller's. */
  remove(tx: Transaction, key: string): void {
    tx.remove(this.#table, key);
  }

  /** Removes a record durably. */
  erase(store: Store, key: string): void {
    store.transaction((tx) => this.remove(tx, key));
  }

  /** Removes all records in a transaction of the caller's. */
  clear(tx: Transaction): void {
    for (const { key } of [...tx.range(this.#table, {})]) tx.remove(this.#table, key);
  }

  #parse(key: string, bytes: Uint8Array): T {
    try {
      return this.#schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    } catch (error) {
      throw failure('database-damaged', `The record ${this.#table}/${key} cannot be read`, error);
    }
  }
}
