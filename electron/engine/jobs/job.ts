import type { JobInput, JobName, JobOutput } from '../ports/jobs.ts';

/** The work of one kind of job. Synchronous: it has a thread to itself. */
export type Job<N extends JobName> = (input: JobInput<N>) => JobOutput<N>;
