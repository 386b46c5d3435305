/** One row of a table. */
export interface Row {
  readonly key: string;
  readonly value: Uint8Array;
}

/** Bounds of a range read: keys in UTF-8 byte order; `from` inclusive, `to` exclusive. */
export interface KeyRange {
  readonly from?: string;
  readonly to?: string;
  readonly prefix?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** Reads of the local database; inside a transaction they see that transaction's own writes. */
export interface Reader {
  get(table: string, key: string): Uint8Array | undefined;
  range(table: string, range: KeyRange): Iterable<Row>;
}

/** What a transaction may do. */
export interface Transaction extends Reader {
  put(table: string, key: string, value: Uint8Array): void;
  remove(table: string, key: string): void;
}

/**
 * The local database: named tables of key -> bytes. Contract: a transaction is atomic and, once `transaction` has
 * returned, durable (survives power loss); if `run` throws, nothing of it is kept and the error goes on to the caller.
 * Transactions are synchronous and never nest. Keys are at most 1,500 bytes of UTF-8 (longer ones are hashed by the
 * caller), ordered by their bytes.
 */
export interface Store extends Reader {
  transaction<T>(run: (tx: Transaction) => T): T;
  close(): Promise<void>;
}
