import type { ContentHash } from '../../../shared/ids.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { Chunk } from './chunk-list.ts';

/** Chunks copied in one job. */
const COPY_BATCH = 64;

/**
 * Chunks that occur more than once in a file (long stretches of zeros, above all): each comes over the network once and
 * is copied within the target. Only hashes that did repeat are remembered, so memory stays small.
 */
export class Repeats {
  readonly #jobs: Jobs;
  readonly #target: string;
  /** Where a repeating chunk stands in the target already. */
  readonly #places = new Map<ContentHash, number>();

  constructor(jobs: Jobs, target: string) {
    this.#jobs = jobs;
    this.#target = target;
  }

  /** Splits what is missing into what has to come and what can then be copied from it. */
  split(missing: readonly Chunk[]): { readonly first: readonly Chunk[]; readonly again: readonly Chunk[] } {
    const seen = new Set<ContentHash>();
    const first: Chunk[] = [];
    const again: Chunk[] = [];
    for (const chunk of missing) {
      if (seen.has(chunk.hash) || this.#places.has(chunk.hash)) again.push(chunk);
      else first.push(chunk);
      seen.add(chunk.hash);
    }
    const repeating = new Set(again.map((chunk) => chunk.hash));
    for (const chunk of first) if (repeating.has(chunk.hash)) this.#places.set(chunk.hash, chunk.offset);
    return { first, again };
  }

  /** Copies within the target; returns what did not succeed and has to come after all. */
  async copy(again: readonly Chunk[], fresh: boolean, onBytes: (bytes: number) => void): Promise<readonly Chunk[]> {
    const failed: Chunk[] = [];
    const target = this.#target;
    for (let from = 0; from < again.length; from += COPY_BATCH) {
      const batch = again.slice(from, from + COPY_BATCH);
      const pieces = batch.map((chunk) => ({
        ...chunk,
        from: target,
        fromOffset: this.#places.get(chunk.hash) ?? chunk.offset,
      }));
      const good = await this.#jobs.run('copyPieces', { target, fresh, pieces });
      batch.forEach((chunk, index) => {
        if (good[index] === true) onBytes(chunk.length);
        else failed.push(chunk);
      });
    }
    return failed;
  }
}
