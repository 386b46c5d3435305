import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { FlotillaError, failure } from '../../../shared/errors.ts';
import type { StatMark } from '../reconcile/tree-types.ts';

/** Links are refused, and a FIFO is opened without waiting for its writer (and then refused). */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Opens a regular file for reading and runs `use` with it. */
export function withFile<T>(path: string, use: (file: number, stat: BigIntStats) => T): T {
  let file: number;
  try {
    file = openSync(path, READ_FLAGS);
  } catch (error) {
    throw asFailure(error, path);
  }
  try {
    const stat = fstatSync(file, { bigint: true });
    if (!stat.isFile()) throw failure('file-kind-unsupported', `${path} is not a file`);
    return use(file, stat);
  } catch (error) {
    throw asFailure(error, path);
  } finally {
    closeSync(file);
  }
}

/** Fills `into` from `position`; returns less than its length only at the end of the file. */
export function readFully(file: number, into: Uint8Array, position: number): number {
  let read = 0;
  while (read < into.byteLength) {
    const now = readSync(file, into, read, into.byteLength - read, position + read);
    if (now === 0) break;
    read += now;
  }
  return read;
}

/** What tells this state of the file from another. */
export function markOf(stat: BigIntStats): StatMark {
  return {
    inode: String(stat.ino),
    device: String(stat.dev),
    size: Number(stat.size),
    mtimeNs: String(stat.mtimeNs),
    ctimeNs: String(stat.ctimeNs),
  };
}

/** The code that a file system's error has for a person. */
export function asFailure(error: unknown, path: string): unknown {
  if (error instanceof FlotillaError) return error;
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return failure('path-not-found', `${path} is not there`, error);
    case 'ELOOP':
    case 'ENXIO':
    case 'EISDIR':
    case 'ENODEV':
      return failure('file-kind-unsupported', `${path} is not a file`, error);
    case 'EACCES':
    case 'EPERM':
      return failure('path-not-readable', `${path} may not be opened`, error);
    case 'ENOSPC':
    case 'EDQUOT':
      return failure('disk-full', `No space for ${path}`, error);
    case 'EFBIG':
      return failure('file-too-large', `${path} is too large for this disk`, error);
    default:
      return error instanceof Error && 'code' in error
        ? failure('io-error', `${path}: ${error.message}`, error)
        : error;
  }
}
