import type { JobInput, JobName } from '../ports/jobs.ts';

/** A job over a file of this size takes some 20 ms and more. */
const LONG_BYTES = 16 * 1024 * 1024;
/** A job over a file of this size takes less than telling another thread of it. */
const TINY_BYTES = 64 * 1024;

/** Jobs that always count as long: they go over whole directories. */
const LONG_JOBS: ReadonlySet<string> = new Set(['walk']);

/** How much of a thread a job takes: long ones leave one thread to the others, tiny ones are handed over together. */
export type JobWeight = 'tiny' | 'short' | 'long';

export function weightOf<N extends JobName>(name: N, input: JobInput<N>): JobWeight {
  if (LONG_JOBS.has(name)) return 'long';
  if (name === 'prepareTarget' || !('size' in input) || typeof input.size !== 'number') return 'short';
  if (input.size >= LONG_BYTES) return 'long';
  return name === 'hashFile' && input.size <= TINY_BYTES ? 'tiny' : 'short';
}
