import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../electron/engine/ports/system-clock.ts';
import { systemRandom } from '../../electron/engine/ports/system-random.ts';
import { acquireHomeLock } from '../../electron/engine/storage/home-lock.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'flotilla-home-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const acquire = (where = home) => acquireHomeLock(where, systemClock, systemRandom);
const refusedWith = { code: 'engine-already-running' };

it('lets one engine at a time have a home', async () => {
  const first = await acquire();
  await expect(acquire()).rejects.toMatchObject(refusedWith);
  first.release();
  const second = await acquire();
  second.release();
});

it('lets exactly one of several that start together have it, at least when none was there before', async () => {
  const results = await Promise.allSettled([acquire(), acquire(), acquire()]);
  const won = results.filter((result) => result.status === 'fulfilled');
  expect(won.length).toBe(1);
  for (const result of won) if (result.status === 'fulfilled') result.value.release();
});

it('works where the path of the home is longer than a socket path may be', async () => {
  const deep = join(home, 'a'.repeat(120), 'b'.repeat(120));
  mkdirSync(deep, { recursive: true });
  const first = await acquire(deep);
  await expect(acquire(deep)).rejects.toMatchObject(refusedWith);
  first.release();
  (await acquire(deep)).release();
});

it('is free again after its holder was killed, and held while its holder is stopped', async () => {
  const script = join(home, 'holder.ts');
  const source = join(import.meta.dirname, '../../electron/engine');
  writeFileSync(
    script,
    `import { acquireHomeLock } from '${source}/storage/home-lock.ts';
import { systemClock } from '${source}/ports/system-clock.ts';
import { systemRandom } from '${source}/ports/system-random.ts';
acquireHomeLock('${home}', systemClock, systemRandom).then(() => {
  process.stdout.write('held');
  setInterval(() => undefined, 1000);
});`,
  );
  const tsx = join(import.meta.dirname, '../../node_modules/tsx/dist/loader.mjs');
  const holder = spawn(process.execPath, ['--import', tsx, script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  await expect(acquire()).rejects.toMatchObject(refusedWith);
  holder.kill('SIGSTOP');
  await expect(acquire()).rejects.toMatchObject(refusedWith);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  (await acquire()).release();
});
