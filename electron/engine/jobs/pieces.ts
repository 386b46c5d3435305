import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { Blake3Hasher } from '@napi-rs/blake-hash';
import { blake3Bytes } from '../bytes/hash.ts';
import { toHex } from '../bytes/hex.ts';
import { NO_ROOM, NOT_HERE } from '../content/piece-lengths.ts';
import { asFailure, readFully, withFile } from './file-access.ts';
import type { Job } from './job.ts';
import { readBuffer } from './read-buffer.ts';

const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

export const readPieces: Job<'readPieces'> = ({ pieces, budget, room }) => {
  const wanted = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const frame = new Uint8Array(room + Math.min(wanted, budget));
  let used = room;
  const lengths = pieces.map((piece) => {
    if (used + piece.length > frame.byteLength) return NO_ROOM;
    const into = frame.subarray(used, used + piece.length);
    const found = piece.paths.some((path) => readPiece(path, piece, into));
    if (!found) return NOT_HERE;
    used += piece.length;
    return piece.length;
  });
  // What is handed to another thread must own its buffer whole.
  return { lengths, frame: used === frame.byteLength ? frame : frame.slice(0, used) };
};

/** Whether the file has the size and, at that place, the bytes. It may have changed since anyone looked: then it has not. */
function readPiece(
  path: string,
  piece: { readonly hash: string; readonly offset: number; readonly fileSize: number },
  into: Uint8Array,
): boolean {
  try {
    return withFile(
      path,
      (file, stat) =>
        Number(stat.size) === piece.fileSize &&
        readFully(file, into, piece.offset) === into.byteLength &&
        toHex(blake3Bytes(into)) === piece.hash,
    );
  } catch {
    return false;
  }
}

export const writePieces: Job<'writePieces'> = ({ target, fresh, bytes, pieces }) =>
  withTarget(target, constants.O_WRONLY, (file) =>
    pieces.map((piece) => {
      const part = bytes.subarray(piece.at, piece.at + piece.length);
      if (part.byteLength !== piece.length || toHex(blake3Bytes(part)) !== piece.hash) return false;
      if (!fresh || !isZero(part)) writeFully(file, part, piece.offset);
      return true;
    }),
  );

export const copyPieces: Job<'copyPieces'> = ({ target, fresh, pieces }) =>
  withTarget(target, constants.O_WRONLY, (file) =>
    pieces.map((piece) => {
      const part = readBuffer().subarray(0, piece.length);
      try {
        const read = withFile(piece.from, (source) => readFully(source, part, piece.fromOffset));
        if (read !== piece.length || toHex(blake3Bytes(part)) !== piece.hash) return false;
      } catch {
        return false;
      }
      if (!fresh || !isZero(part)) writeFully(file, part, piece.offset);
      return true;
    }),
  );

export const verifyPieces: Job<'verifyPieces'> = ({ path, pieces }) =>
  withFile(path, (file) =>
    pieces.map((piece) => {
      const part = readBuffer().subarray(0, piece.length);
      return readFully(file, part, piece.offset) === piece.length && toHex(blake3Bytes(part)) === piece.hash;
    }),
  );

export const prepareTarget: Job<'prepareTarget'> = ({ target, size }) => {
  let existed = false;
  try {
    existed = isOurs(target);
    if (!existed) closeSync(openNew(target));
  } catch (error) {
    throw asFailure(error, target);
  }
  return withTarget(target, constants.O_WRONLY, (file) => {
    if (fstatSync(file).size !== size) ftruncateSync(file, size);
    return { existed };
  });
};

/**
 * Whether the target is there under no other name. A death between the two steps of putting a file in place leaves it
 * both here and in the folder, where a person works on it: writing here would change it there.
 */
function isOurs(target: string): boolean {
  const stat = lstatSync(target, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.nlink === 1;
}

/** Opens a new file in the place of whatever has the name. */
export function openNew(target: string): number {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW;
  try {
    return openSync(target, flags, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    unlinkSync(target);
    return openSync(target, flags, 0o600);
  }
}

export const finishTarget: Job<'finishTarget'> = ({ target, content, size }) =>
  withTarget(target, constants.O_RDWR, (file) => {
    if (hashOf(file, size) !== content) return false;
    fsyncSync(file);
    return true;
  });

/** BLAKE3 of the open file if it has that size; else the empty text. */
export function hashOf(file: number, size: number): string {
  if (fstatSync(file).size !== size) return '';
  const hasher = new Blake3Hasher();
  const buffer = readBuffer();
  for (let position = 0; position < size; ) {
    const read = readFully(file, buffer, position);
    if (read === 0) return '';
    hasher.update(buffer.subarray(0, read));
    position += read;
  }
  return toHex(hasher.digestBuffer());
}

const ZEROS = Buffer.alloc(64 * 1024);

function isZero(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.byteLength; at += ZEROS.byteLength) {
    const part = bytes.subarray(at, at + ZEROS.byteLength);
    if (ZEROS.compare(part, 0, part.byteLength, 0, part.byteLength) !== 0) return false;
  }
  return true;
}

/** Opens a temporary file of ours; it is never a link. */
export function withTarget<T>(target: string, flags: number, use: (file: number) => T): T {
  let file: number | null = null;
  try {
    file = openSync(target, flags | NO_FOLLOW, 0o600);
    return use(file);
  } catch (error) {
    throw asFailure(error, target);
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** Writes all of the bytes; a short write goes on where it stopped. */
export function writeFully(file: number, bytes: Uint8Array, position: number): void {
  for (let written = 0; written < bytes.byteLength; ) {
    written += writeSync(file, bytes, written, bytes.byteLength - written, position + written);
  }
}
