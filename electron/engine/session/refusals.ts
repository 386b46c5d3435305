import { type ErrorCode, isErrorCode } from '../../../shared/errors.ts';
import { MAX_ENGINE_PROBLEMS } from '../../../shared/limits.ts';
import type { EngineProblem } from '../../../shared/model/problem.ts';
import type { Store } from '../ports/store.ts';
import { refusalRecords } from './home-records.ts';

/**
 * Own changes that were refused when nobody waited for their outcome any more: whoever asked was told that they wait, and
 * has to learn that they came to nothing, also after a restart.
 */
export class Refusals {
  readonly #store: Store;
  readonly #left = new Set<string>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Nobody waits for the outcome of that change any more. */
  left(change: string): void {
    this.#left.add(change);
  }

  /** The change was decided. Whether its author does not know and has to be told. */
  decided(change: string): boolean {
    return this.#left.delete(change);
  }

  /** Keeps it durably until it was read; `about`: what was asked for, in English. */
  add(change: string, about: string, code: ErrorCode, at: number): void {
    this.#store.transaction((tx) => {
      refusalRecords.put(tx, change, { version: 1, about, code, at });
      const kept = [...refusalRecords.all(tx)].sort(([, a], [, b]) => b.at - a.at);
      for (const [old] of kept.slice(MAX_ENGINE_PROBLEMS)) refusalRecords.remove(tx, old);
    });
  }

  list(): readonly EngineProblem[] {
    return refusalRecords
      .all(this.#store)
      .map(([change, { about, code, at }]) => ({
        id: `refused-${change}`,
        code: isErrorCode(code) ? code : 'update-needed',
        message: `${about}: ${code}`,
        since: at,
        device: null,
        path: null,
        about,
      }))
      .sort((a, b) => a.since - b.since);
  }

  /** Its author has read it. */
  dismiss(problem: string): void {
    refusalRecords.erase(this.#store, problem.replace(/^refused-/, ''));
  }
}
