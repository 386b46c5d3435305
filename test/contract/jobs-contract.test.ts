import { afterAll } from 'vitest';
import { createInlineJobs } from '../../electron/engine/jobs/inline-jobs.ts';
import { createWorkerPool } from '../../electron/engine/jobs/worker-pool.ts';
import { bundleWorker } from '../support/worker-file.ts';
import { jobsContract } from './jobs-contract.ts';

const removals: (() => void)[] = [];
afterAll(() => {
  for (const remove of removals) remove();
});

jobsContract('on the calling thread', async () => createInlineJobs());
jobsContract('on worker threads', async () => {
  const worker = await bundleWorker();
  removals.push(worker.remove);
  return createWorkerPool(worker.file);
});
