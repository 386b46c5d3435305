import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createWorkerPool } from '../../electron/engine/jobs/worker-pool.ts';

/** A worker that does as the path it is given says, and answers with how many jobs it was given together. */
const WORKER = `const { parentPort } = require('node:worker_threads');
parentPort.on('message', (requests) => {
  const results = [];
  for (const { id, input } of requests) {
    if (input.path === 'die') process.exit(3);
    if (input.path === 'throw') throw new Error('out of order');
    if (input.path === 'hold') return;
    results.push({ id, type: 'done', output: requests.length });
  }
  parentPort.postMessage(results);
});`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'flotilla-pool-'));
  writeFileSync(join(root, 'worker.cjs'), WORKER);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const LARGE = 1024 ** 3;

it('replaces a worker that died and fails only the job that it ran', async () => {
  const jobs = createWorkerPool(join(root, 'worker.cjs'), 1);
  const die = jobs.run('hashFile', { path: 'die', size: 0 });
  const after = jobs.run('hashFile', { path: 'work', size: 0 });
  const broken = jobs.run('hashFile', { path: 'throw', size: 0 });
  await expect(die).rejects.toMatchObject({ code: 'internal' });
  await expect(after).resolves.toBeTypeOf('number');
  await expect(broken).rejects.toMatchObject({ code: 'internal' });
  await expect(jobs.run('hashFile', { path: 'work', size: 0 })).resolves.toBeTypeOf('number');
  await jobs.close();
});

it('hands tiny jobs over together, and fails none of them for the death of another', async () => {
  const jobs = createWorkerPool(join(root, 'worker.cjs'), 2);
  const paths = Array.from({ length: 100 }, (_, index) => (index === 40 ? 'die' : 'work'));
  const results = await Promise.allSettled(paths.map((path) => jobs.run('hashFile', { path, size: 10 })));
  results.forEach((result, index) => {
    expect(result.status).toBe(index === 40 ? 'rejected' : 'fulfilled');
  });
  expect(results[0]).toMatchObject({ value: 32 });
  await jobs.close();
});

it('leaves a thread to short jobs while long ones run', async () => {
  const jobs = createWorkerPool(join(root, 'worker.cjs'), 2);
  const first = jobs.run('hashFile', { path: 'hold', size: LARGE });
  const second = jobs.run('hashFile', { path: 'hold', size: LARGE });
  await expect(jobs.run('hashFile', { path: 'work', size: 1 })).resolves.toBeTypeOf('number');
  const ended = Promise.allSettled([first, second]);
  await jobs.close();
  for (const result of await ended) expect(result).toMatchObject({ reason: { code: 'engine-stopping' } });
  await expect(jobs.run('hashFile', { path: 'work', size: 1 })).rejects.toMatchObject({ code: 'engine-stopping' });
});

it('gives up where no worker can be started', async () => {
  const jobs = createWorkerPool(join(root, 'missing.cjs'), 1);
  await expect(jobs.run('hashFile', { path: 'work', size: 0 })).rejects.toMatchObject({ code: 'internal' });
  await jobs.close();
});
