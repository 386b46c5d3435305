import { closeSync, constants, copyFileSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { blake3Bytes } from '../bytes/hash.ts';
import { toHex } from '../bytes/hex.ts';
import { asFailure, withFile } from './file-access.ts';
import type { Job } from './job.ts';
import { hashOf, withTarget, writeFully } from './pieces.ts';

/** All are written before the first is flushed: the disk then has the others' blocks to write along with it. */
export const writeWhole: Job<'writeWhole'> = ({ bytes, files }) => {
  const open: number[] = [];
  try {
    const good = files.map((entry) => {
      const part = bytes.subarray(entry.at, entry.at + entry.length);
      if (part.byteLength !== entry.length || toHex(blake3Bytes(part)) !== entry.hash) return false;
      const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0);
      try {
        const file = openSync(entry.target, flags, 0o600);
        open.push(file);
        writeFully(file, part, 0);
      } catch (error) {
        throw asFailure(error, entry.target);
      }
      return true;
    });
    for (const file of open) fsyncSync(file);
    return good;
  } finally {
    for (const file of open) closeSync(file);
  }
};

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
