import { failure } from '../../../shared/errors.ts';
import { invariant } from '../../../shared/invariant.ts';
import type { Store, Transaction } from '../ports/store.ts';

/** One step of the database's format. `number` counts from 1 without gaps; a step that was released never changes. */
interface Migration {
  readonly number: number;
  /** Changes rows from the format before to this one; runs in the transaction that also writes the number. */
  readonly run: (tx: Transaction) => void;
}

/** The table and key that hold the number of the last migration, as decimal text. */
export const FORMAT_TABLE = 'format';
export const FORMAT_KEY = 'migration';

/** All migrations of this version of the program. The first one only marks the database as ours. */
const MIGRATIONS: readonly Migration[] = [{ number: 1, run: () => undefined }];

/**
 * Brings the database to the newest format, each step in a transaction of its own. Throws `update-needed` where a newer
 * version of the program wrote it, `database-damaged` where the number cannot be read; neither changes anything.
 */
export function migrate(store: Store, migrations: readonly Migration[] = MIGRATIONS): void {
  migrations.forEach((migration, index) => {
    invariant(migration.number === index + 1, 'migrations are numbered without gaps');
  });
  const stored = store.get(FORMAT_TABLE, FORMAT_KEY);
  const current = stored === undefined ? 0 : numberOf(stored);
  if (current > migrations.length) {
    throw failure('update-needed', `The database has format ${current}; this version knows ${migrations.length}`);
  }
  for (const migration of migrations.slice(current)) {
    store.transaction((tx) => {
      migration.run(tx);
      tx.put(FORMAT_TABLE, FORMAT_KEY, new TextEncoder().encode(String(migration.number)));
    });
  }
}

function numberOf(stored: Uint8Array): number {
  const text = new TextDecoder().decode(stored);
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw failure('database-damaged', 'The database does not say its format');
  return Number(text);
}
