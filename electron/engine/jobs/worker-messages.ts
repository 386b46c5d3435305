import type { ErrorCode } from '../../../shared/errors.ts';
import type { JobInput, JobName, JobOutput } from '../ports/jobs.ts';

/** From the pool to a worker, in an array: do these, one after another. */
export interface WorkRequest<N extends JobName = JobName> {
  readonly id: number;
  readonly name: N;
  readonly input: JobInput<N>;
}

/** From a worker to the pool, in an array: how they ended. */
export type WorkResult<N extends JobName = JobName> =
  | { readonly id: number; readonly type: 'done'; readonly output: JobOutput<N> }
  | { readonly id: number; readonly type: 'failed'; readonly code: ErrorCode; readonly message: string };
