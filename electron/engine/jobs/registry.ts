import type { JobInput, JobName, JobOutput } from '../ports/jobs.ts';
import { hashFile } from './hash-file.ts';
import type { Job } from './job.ts';
import { copyPieces, finishTarget, prepareTarget, readPieces, verifyPieces, writePieces } from './pieces.ts';
import { copyWhole, writeWhole } from './whole-files.ts';

const JOBS: { readonly [N in JobName]: Job<N> } = {
  hashFile,
  readPieces,
  writePieces,
  writeWhole,
  copyPieces,
  copyWhole,
  verifyPieces,
  prepareTarget,
  finishTarget,
};

/** Runs a job on the calling thread. */
export function runJob<N extends JobName>(name: N, input: JobInput<N>): JobOutput<N> {
  return JOBS[name](input);
}
