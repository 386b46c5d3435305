/** The three works that are timed between any two directories kept the same by something. */
import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Two directories on this machine, and how long a work may take. */
export interface Pair {
  readonly from: string;
  readonly to: string;
  /** On the same file system as `from`, outside of it: what is prepared there is moved in at once. */
  readonly stage: string;
}

/** Milliseconds of each work. */
export interface Times {
  /** Each small save, in order. */
  readonly saves: readonly number[];
  /** Medians of the rounds. */
  readonly largeMs: number | null;
  /** Of that, since the receiver began to receive, where that can be seen from outside. */
  readonly linkMs: number | null;
  readonly manyMs: number | null;
}

export interface Sizes {
  readonly saves: number;
  /** How often a large file and many small ones are taken: one of a few may meet another's work on the machine. */
  readonly rounds: number;
  readonly largeBytes: number;
  readonly many: number;
}

/** The sizes that are compared over time. */
export const SIZES: Sizes = { saves: 20, rounds: 3, largeBytes: 256 * 1024 * 1024, many: 2_000 };

const SMALL_BYTES = 4_096;
const PATIENCE_MS = 180_000;
const SAVE_PATIENCE_MS = 30_000;

const now = (): number => performance.now();

/** Waits without sleeping longer than a millisecond; false when the time is over. */
async function until(done: () => boolean, patienceMs: number, pauseMs = 1): Promise<boolean> {
  const end = now() + patienceMs;
  while (!done()) {
    if (now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return true;
}

const sizeOf = (path: string): number => lstatSync(path, { throwIfNoEntry: false })?.size ?? -1;

/** Does the works one after another. `settle` waits until both sides rest. */
export async function timeWorks(pair: Pair, sizes: Sizes, settle: () => Promise<void>): Promise<Times> {
  const saves: number[] = [];
  for (let index = 0; index < sizes.saves; index += 1) {
    const took = await timeSave(pair, index);
    if (took === null) break;
    saves.push(took);
    await settle();
  }
  const large: (LargeTimes | null)[] = [];
  const many: (number | null)[] = [];
  for (let round = 0; round < sizes.rounds; round += 1) {
    large.push(await timeLarge(pair, sizes.largeBytes, `large-${round}.bin`));
    await settle();
    many.push(await timeMany(pair, sizes.many, `many-${round}`));
    await settle();
  }
  const largeMs = medianOf(large.map((times) => times?.wholeMs ?? null));
  const linkMs = medianOf(large.map((times) => times?.linkMs ?? null));
  return { saves, largeMs, linkMs, manyMs: medianOf(many) };
}

/** Null where one of them did not end in time. */
function medianOf(times: readonly (number | null)[]): number | null {
  const ended = times.filter((time) => time !== null);
  return ended.length < times.length ? null : median(ended);
}

async function timeSave(pair: Pair, index: number): Promise<number | null> {
  const name = `save-${index}.txt`;
  const start = now();
  writeFileSync(join(pair.from, name), randomBytes(SMALL_BYTES));
  const arrived = await until(() => sizeOf(join(pair.to, name)) === SMALL_BYTES, SAVE_PATIENCE_MS);
  return arrived ? now() - start : null;
}

interface LargeTimes {
  readonly wholeMs: number;
  readonly linkMs: number | null;
}

async function timeLarge(pair: Pair, bytes: number, name: string): Promise<LargeTimes | null> {
  const file = join(pair.stage, name);
  writeRandom(file, bytes);
  const start = now();
  renameSync(file, join(pair.from, name));
  let receiving: number | null = null;
  const arrived = await until(
    () => {
      if (receiving === null && isReceiving(pair.to, bytes)) receiving = now();
      return sizeOf(join(pair.to, name)) === bytes;
    },
    PATIENCE_MS,
    5,
  );
  if (!arrived) return null;
  return { wholeMs: now() - start, linkMs: receiving === null ? null : now() - receiving };
}

/** Flotilla makes room for the whole of a large file before its first byte comes. */
function isReceiving(folder: string, bytes: number): boolean {
  const staging = join(folder, '.flotilla', 'tmp');
  return existsSync(staging) && readdirSync(staging).some((name) => sizeOf(join(staging, name)) === bytes);
}

async function timeMany(pair: Pair, count: number, name: string): Promise<number | null> {
  const directory = join(pair.stage, name);
  writeMany(directory, count);
  const start = now();
  renameSync(directory, join(pair.from, name));
  const there = join(pair.to, name);
  const whole = (): boolean => existsSync(there) && finishedFiles(there) >= count;
  const arrived = await until(whole, PATIENCE_MS, 25);
  return arrived ? now() - start : null;
}

/** Files under their own names; what a program still writes under another name does not count. */
function finishedFiles(directory: string): number {
  return readdirSync(directory).filter((name) => /^file-\d+\.bin$/.test(name)).length;
}

/** Random bytes, so that nothing is gained by compressing. */
export function writeRandom(file: string, bytes: number): void {
  const block = 16 * 1024 * 1024;
  rmSync(file, { force: true });
  for (let at = 0; at < bytes; at += block)
    writeFileSync(file, randomBytes(Math.min(block, bytes - at)), { flag: 'a' });
}

/** Small files of random bytes. */
export function writeMany(directory: string, count: number): void {
  mkdirSync(directory, { recursive: true });
  for (let index = 0; index < count; index += 1) {
    writeFileSync(join(directory, `file-${index}.bin`), randomBytes(SMALL_BYTES));
  }
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
