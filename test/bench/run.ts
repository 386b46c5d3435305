/** `npm run bench`: what two devices on this machine need for everyday work, beside `cp -r` and Syncthing where it is. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ensureBundle } from '../../build/bundling/ensure-bundle.ts';
import { timeFailover } from './failover.ts';
import { CLI, poll, startGroup } from './flotilla.ts';
import { findSyncthing, startSyncthings } from './syncthing.ts';
import { median, SIZES, type Sizes, type Times, timeWorks, writeMany, writeRandom } from './work.ts';

const FAILOVERS = 3;

async function timeFlotilla(root: string, sizes: Sizes): Promise<Times> {
  const engines = await startGroup(root, ['one', 'two']);
  try {
    const [one, two] = engines;
    if (one === undefined || two === undefined) throw new Error('no engines');
    const pair = { from: join(root, 'shared'), to: join(two.accepted, 'shared'), stage: join(root, 'stage') };
    mkdirSync(pair.from);
    mkdirSync(pair.stage);
    await one.run(['share', pair.from, '--name', 'shared']);
    await poll(
      () => two.run(['folders']) as Promise<{ path: string | null; state: string }[]>,
      (folders) => folders[0]?.path === pair.to && folders[0].state === 'idle',
    );
    const settle = async (): Promise<void> => {
      await one.run(['wait-idle', '--timeout', '60']);
    };
    await settle();
    return await timeWorks(pair, sizes, settle);
  } finally {
    await Promise.all(engines.map((engine) => engine.stop()));
  }
}

async function timeSyncthing(program: string, root: string, delayS: number | null, sizes: Sizes): Promise<Times> {
  const pair = await startSyncthings(program, root, delayS);
  const stage = join(root, 'stage');
  mkdirSync(stage, { recursive: true });
  try {
    // With its default a save takes eight seconds and more: three say as much as twenty.
    const fewer = delayS === null ? { ...sizes, saves: Math.min(3, sizes.saves) } : sizes;
    return await timeWorks({ from: pair.from, to: pair.to, stage }, fewer, async () => undefined);
  } finally {
    await pair.stop();
  }
}

function timeCopy(root: string, sizes: Sizes): Times {
  const from = join(root, 'from');
  mkdirSync(from);
  const time = (run: () => void): number => {
    const start = performance.now();
    run();
    return performance.now() - start;
  };
  const copies = (kind: string, write: () => void): number => {
    const times = Array.from({ length: sizes.rounds }, (_, round) => {
      rmSync(from, { recursive: true });
      mkdirSync(from);
      write();
      return time(() => execFileSync('cp', ['-r', from, join(root, `${kind}-${round}`)]));
    });
    return median(times);
  };
  const largeMs = copies('large', () => writeRandom(join(from, 'large.bin'), sizes.largeBytes));
  return { saves: [], largeMs, linkMs: null, manyMs: copies('many', () => writeMany(from, sizes.many)) };
}

const ms = (value: number | null): string => (value === null || Number.isNaN(value) ? '-' : `${value.toFixed(0)} ms`);

function print(name: string, times: Times, ours: Times, sizes: Sizes): void {
  const ratio = (theirs: number | null, own: number | null): string =>
    theirs === null || own === null || Number.isNaN(theirs) || times === ours ? '' : `${(theirs / own).toFixed(2)}x`;
  const rateIn = (time: number): string => `${(sizes.largeBytes / 1e3 / time).toFixed(0)} MB/s`;
  const link = times.linkMs === null ? '' : `, received at ${rateIn(times.linkMs)}`;
  const large = times.largeMs === null ? '-' : `${ms(times.largeMs)} ${rateIn(times.largeMs)}${link}`;
  const save = times.saves.length === 0 ? null : median(times.saves);
  const worst = times.saves.length === 0 ? null : Math.max(...times.saves);
  const row = [
    name.padEnd(20),
    (save === null ? '-' : `${ms(save)} (${times.saves.length}, worst ${ms(worst)})`).padEnd(30),
    ratio(save, median(ours.saves)).padEnd(9),
    large.padEnd(42),
    ratio(times.largeMs, ours.largeMs).padEnd(9),
    ms(times.manyMs).padEnd(12),
    ratio(times.manyMs, ours.manyMs),
  ];
  console.log(row.join(''));
}

/** `npm run bench [works] [failover]`; all of it without a name. */
async function main(): Promise<void> {
  // What is measured is what the sources say now, unless another build is named.
  if (process.env.FLOTILLA_CLI === undefined) await ensureBundle(resolve(dirname(CLI), '..'));
  const root = mkdtempSync(join(tmpdir(), 'flotilla-bench-'));
  const place = (name: string): string => {
    const directory = join(root, name);
    mkdirSync(directory);
    return directory;
  };
  const only = new Set(process.argv.slice(2));
  const wanted = (part: string): boolean => only.size === 0 || only.has(part);
  try {
    if (wanted('works')) {
      const ours = await timeFlotilla(place('flotilla'), SIZES);
      console.log(
        `one save of 4 KiB (how many, the worst) · 256 MiB · ${SIZES.many} files of 4 KiB, ${SIZES.rounds} times; medians; nx: n times ours`,
      );
      print('flotilla', ours, ours, SIZES);
      print('cp -r', timeCopy(place('copy'), SIZES), ours, SIZES);
      const program = findSyncthing();
      if (program === null) console.log('syncthing            not installed (apt-get install syncthing)');
      else {
        print('syncthing default', await timeSyncthing(program, place('default'), null, SIZES), ours, SIZES);
        print('syncthing tuned', await timeSyncthing(program, place('tuned'), 0.01, SIZES), ours, SIZES);
      }
    }
    if (wanted('failover')) {
      const failovers = [];
      for (let index = 0; index < FAILOVERS; index += 1) failovers.push(await timeFailover(place(`failover-${index}`)));
      console.log('failover after kill -9, three devices, default budget: from the kill to the first commit');
      for (const { outsideMs, record } of failovers) {
        const terms = record === null ? [] : [record.detectMs, record.electMs, record.respondMs];
        const own = terms.length === 0 ? '-' : `${terms.map((term) => term.toFixed(0)).join(' + ')} ms`;
        console.log(`  outside ${ms(outsideMs)}, as recorded (detect + elect + respond) ${own}`);
      }
      console.log(`  median ${ms(median(failovers.map((failover) => failover.outsideMs)))}`);
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
