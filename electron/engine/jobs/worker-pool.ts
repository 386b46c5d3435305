import { Worker } from 'node:worker_threads';
import { failure } from '../../../shared/errors.ts';
import type { JobInput, JobName, Jobs } from '../ports/jobs.ts';
import { isLong } from './lane.ts';
import { buffersOf } from './transferable.ts';
import type { WorkRequest, WorkResult } from './worker-messages.ts';

/** Deaths of workers in a row, with no job done in between, after which jobs are refused instead of tried again. */
const MAX_DEATHS_IN_A_ROW = 5;

interface Waiting {
  readonly name: JobName;
  readonly input: JobInput<JobName>;
  readonly long: boolean;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  worker: Worker;
  /** What it does now. */
  job: (Waiting & { readonly id: number }) | null;
}

/**
 * Jobs on worker threads. Long jobs leave one thread to the short ones, so that a save never waits for the hash of a large
 * file. A worker that dies fails its job with `internal` and is replaced. `workerFile`: absolute path of the bundled entry.
 */
export function createWorkerPool(workerFile: string, threads = 2): Jobs {
  const longLimit = Math.max(1, threads - 1);
  const pool: Thread[] = [];
  const waiting: Waiting[] = [];
  let closed = false;
  let nextId = 1;
  let deathsInARow = 0;

  function start(): Thread {
    const thread: Thread = { worker: new Worker(workerFile), job: null };
    const { worker } = thread;
    worker.on('message', (result: WorkResult) => finish(thread, result));
    // An error is always followed by the exit.
    worker.on('error', () => undefined);
    worker.on('exit', () => died(thread));
    worker.unref();
    return thread;
  }

  function finish(thread: Thread, result: WorkResult): void {
    const { job } = thread;
    if (job === null || job.id !== result.id) return;
    thread.job = null;
    thread.worker.unref();
    deathsInARow = 0;
    if (result.type === 'done') job.resolve(result.output);
    else job.reject(failure(result.code, result.message));
    pump();
  }

  function died(thread: Thread): void {
    const at = pool.indexOf(thread);
    if (at >= 0) pool.splice(at, 1);
    const { job } = thread;
    thread.job = null;
    if (closed) return;
    deathsInARow += 1;
    job?.reject(failure('internal', `A worker thread died while it ran ${job.name}`));
    pump();
  }

  function pump(): void {
    if (deathsInARow > MAX_DEATHS_IN_A_ROW) {
      for (const job of waiting.splice(0)) job.reject(failure('internal', 'Worker threads cannot be started'));
      return;
    }
    while (true) {
      const longRunning = pool.filter((thread) => thread.job?.long === true).length;
      const at = waiting.findIndex((job) => !job.long || longRunning < longLimit);
      const next = waiting[at];
      if (next === undefined) return;
      const thread = pool.find((candidate) => candidate.job === null) ?? grown();
      if (thread === null) return;
      waiting.splice(at, 1);
      give(thread, next);
    }
  }

  function grown(): Thread | null {
    if (pool.length >= threads) return null;
    const thread = start();
    pool.push(thread);
    return thread;
  }

  function give(thread: Thread, job: Waiting): void {
    const id = nextId;
    nextId += 1;
    thread.job = { ...job, id };
    // Only a thread with work keeps the process alive.
    thread.worker.ref();
    const request: WorkRequest = { id, name: job.name, input: job.input };
    thread.worker.postMessage(request, buffersOf(job.input));
  }

  // A thread takes some 50 ms to start: the first save shall not wait for it.
  while (grown() !== null);

  return {
    run(name, input) {
      if (closed) return Promise.reject(failure('engine-stopping', 'The engine stops'));
      return new Promise((resolve, reject) => {
        waiting.push({ name, input, long: isLong(name, input), resolve: resolve as (output: unknown) => void, reject });
        pump();
      });
    },
    async close() {
      closed = true;
      const stopping = failure('engine-stopping', 'The engine stops');
      for (const job of waiting.splice(0)) job.reject(stopping);
      const ended = pool.map(async (thread) => {
        thread.job?.reject(stopping);
        await thread.worker.terminate();
      });
      await Promise.all(ended);
    },
  };
}
