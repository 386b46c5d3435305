import type { JobInput, JobName } from '../ports/jobs.ts';

/** A job over a file of this size takes some 20 ms and more. */
const LONG_BYTES = 16 * 1024 * 1024;

/** Jobs that always count as long: they go over whole directories. */
const LONG_JOBS: ReadonlySet<string> = new Set(['walk']);

/** Whether a job may take so long that short ones must not wait behind it. */
export function isLong<N extends JobName>(name: N, input: JobInput<N>): boolean {
  if (LONG_JOBS.has(name)) return true;
  return 'size' in input && typeof input.size === 'number' && input.size >= LONG_BYTES && name !== 'prepareTarget';
}
