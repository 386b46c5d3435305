import { closeSync, constants, copyFileSync, fsyncSync, rmSync } from 'node:fs';
import { errorCodeOf } from '../../../shared/errors.ts';
import { blake3Bytes } from '../bytes/hash.ts';
import { toHex } from '../bytes/hex.ts';
import type { WriteOutcome } from '../ports/jobs.ts';
import { asFailure, withFile } from './file-access.ts';
import type { Job } from './job.ts';
import { hashOf, openNew, withTarget, writeFully } from './pieces.ts';

/** All are written before the first is flushed: the disk then has the others' blocks to write along with it. */
export const writeWhole: Job<'writeWhole'> = ({ bytes, files }) => {
  const opened = files.map((entry): Opened => {
    const part = bytes.subarray(entry.at, entry.at + entry.length);
    if (part.byteLength !== entry.length || toHex(blake3Bytes(part)) !== entry.hash) return { type: 'corrupt' };
    return attempt(entry.target, () => ({ type: 'open', file: writeNew(entry.target, part) }));
  });
  return opened.map((entry, index) => {
    if (entry.type !== 'open') return entry;
    return attempt(files[index]?.target ?? '', () => {
      try {
        fsyncSync(entry.file);
      } finally {
        closeSync(entry.file);
      }
      return { type: 'written' };
    });
  });
};

type Opened = { readonly type: 'open'; readonly file: number } | Exclude<WriteOutcome, { type: 'written' }>;

function attempt<T>(target: string, run: () => T): T | (WriteOutcome & { type: 'failed' }) {
  try {
    return run();
  } catch (error) {
    const known = asFailure(error, target);
    return { type: 'failed', code: errorCodeOf(known), message: String(known) };
  }
}

/** What an interrupted attempt left is never written into: it may have a second name that a person uses by now. */
function writeNew(target: string, bytes: Uint8Array): number {
  const file = openNew(target);
  try {
    writeFully(file, bytes, 0);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

export const copyWhole: Job<'copyWhole'> = ({ from, target, content, size }) => {
  // The size is looked at first: a location is a hint, and copying a wrong file of 100 GiB is dear.
  const fits = ((): boolean => {
    try {
      return withFile(from, (_, stat) => Number(stat.size) === size);
    } catch {
      return false;
    }
  })();
  if (!fits) return false;
  rmSync(target, { force: true });
  try {
    copyFileSync(from, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  } catch (error) {
    throw asFailure(error, target);
  }
  const good = withTarget(target, constants.O_RDWR, (file) => {
    if (hashOf(file, size) !== content) return false;
    fsyncSync(file);
    return true;
  });
  if (!good) rmSync(target, { force: true });
  return good;
};
