import { Worker } from 'node:worker_threads';
import { failure } from '../../../shared/errors.ts';
import type { JobInput, JobName, Jobs } from '../ports/jobs.ts';
import { type JobWeight, weightOf } from './lane.ts';
import { buffersOf } from './transferable.ts';
import type { WorkRequest, WorkResult } from './worker-messages.ts';

/** Deaths of workers in a row, with no job done in between, after which jobs are refused instead of tried again. */
const MAX_DEATHS_IN_A_ROW = 5;
/** Tiny jobs handed to a thread at a time. */
const MAX_TOGETHER = 32;

interface Waiting {
  readonly id: number;
  readonly name: JobName;
  readonly input: JobInput<JobName>;
  readonly weight: JobWeight;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  /** What it does now. */
  readonly jobs: Map<number, Waiting>;
}

/**
 * Jobs on worker threads. Long jobs leave one thread to the short ones, so that a save never waits for the hash of a large
 * file. A worker that dies fails its job with `internal` and is replaced; of several tiny ones each is tried again alone.
 * `workerFile`: absolute path of the bundled entry.
 */
export function createWorkerPool(workerFile: string, threads = 2): Jobs {
  const longLimit = Math.max(1, threads - 1);
  const pool: Thread[] = [];
  const waiting: Waiting[] = [];
  let closed = false;
  let nextId = 1;
  let deathsInARow = 0;

  function grown(): Thread | null {
    if (pool.length >= threads) return null;
    const thread: Thread = { worker: new Worker(workerFile), jobs: new Map() };
    const { worker } = thread;
    worker.on('message', (results: readonly WorkResult[]) => finish(thread, results));
    // An error is always followed by the exit.
    worker.on('error', () => undefined);
    worker.on('exit', () => died(thread));
    worker.unref();
    pool.push(thread);
    return thread;
  }

  function finish(thread: Thread, results: readonly WorkResult[]): void {
    deathsInARow = 0;
    for (const result of results) {
      const job = thread.jobs.get(result.id);
      thread.jobs.delete(result.id);
      if (result.type === 'done') job?.resolve(result.output);
      else job?.reject(failure(result.code, result.message));
    }
    if (thread.jobs.size === 0) thread.worker.unref();
    pump();
  }

  function died(thread: Thread): void {
    const at = pool.indexOf(thread);
    if (at >= 0) pool.splice(at, 1);
    if (closed) return;
    deathsInARow += 1;
    const lost = [...thread.jobs.values()];
    if (lost.length > 1) waiting.unshift(...lost.map((job): Waiting => ({ ...job, weight: 'short' })));
    else lost[0]?.reject(failure('internal', `A worker thread died while it ran ${lost[0].name}`));
    pump();
  }

  function pump(): void {
    if (deathsInARow > MAX_DEATHS_IN_A_ROW) {
      for (const job of waiting.splice(0)) job.reject(failure('internal', 'Worker threads cannot be started'));
      return;
    }
    while (waiting.length > 0) {
      const thread = pool.find((candidate) => candidate.jobs.size === 0) ?? grown();
      if (thread === null) return;
      const batch = takeBatch();
      if (batch.length === 0) return;
      give(thread, batch);
    }
  }

  /** The next job, or as many tiny ones as are its share. */
  function takeBatch(): Waiting[] {
    const longRunning = pool.filter((thread) => [...thread.jobs.values()].some((job) => job.weight === 'long')).length;
    const at = waiting.findIndex((job) => job.weight !== 'long' || longRunning < longLimit);
    const first = waiting[at];
    if (first === undefined) return [];
    let count = 1;
    const share = Math.min(MAX_TOGETHER, Math.ceil(waiting.length / threads));
    if (first.weight === 'tiny') while (count < share && waiting[at + count]?.weight === 'tiny') count += 1;
    return waiting.splice(at, count);
  }

  function give(thread: Thread, batch: readonly Waiting[]): void {
    for (const job of batch) thread.jobs.set(job.id, job);
    // Only a thread with work keeps the process alive.
    thread.worker.ref();
    const requests = batch.map(({ id, name, input }): WorkRequest => ({ id, name, input }));
    thread.worker.postMessage(
      requests,
      batch.flatMap((job) => buffersOf(job.input)),
    );
  }

  // A thread takes some 50 ms to start: the first save shall not wait for it.
  while (grown() !== null);

  let pumping = false;
  return {
    run(name, input) {
      if (closed) return Promise.reject(failure('engine-stopping', 'The engine stops'));
      return new Promise((resolve, reject) => {
        const id = nextId;
        nextId += 1;
        const weight = weightOf(name, input);
        waiting.push({ id, name, input, weight, resolve: resolve as (output: unknown) => void, reject });
        if (pumping) return;
        pumping = true;
        // Jobs given in one go are handed over together.
        queueMicrotask(() => {
          pumping = false;
          if (!closed) pump();
        });
      });
    },
    async close() {
      closed = true;
      const stopping = failure('engine-stopping', 'The engine stops');
      for (const job of waiting.splice(0)) job.reject(stopping);
      const ended = pool.map(async (thread) => {
        for (const job of thread.jobs.values()) job.reject(stopping);
        await thread.worker.terminate();
      });
      await Promise.all(ended);
    },
  };
}
