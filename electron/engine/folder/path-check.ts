import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { FlotillaError, failure } from '../../../shared/errors.ts';
import type { FolderId } from '../../../shared/ids.ts';
import { OWN_DIRECTORY } from '../../../shared/relative-path.ts';
import { type FileSystem, systemCode } from '../ports/file-system.ts';
import { ensureDirectory } from './disk.ts';
import { readMarker } from './marker.ts';

/** What a directory that someone wants to share, or to accept a folder into, holds. */
export interface CheckedPath {
  /** Absolute, all links resolved. */
  readonly root: string;
  /** Names in it, Flotilla's own left out: files that are there already are matched, never overwritten. */
  readonly existing: number;
  /** The folder whose marker a former sharing left there, if any. */
  readonly formerly: FolderId | null;
}

/** Places that no folder may lie in or around. */
export interface TakenPlaces {
  /** Roots in use. */
  readonly roots: readonly string[];
  /** The engine's home: whoever has it is this device. */
  readonly home: string;
}

/**
 * Whether a folder can be at the path. Throws `path-not-found`, `path-not-a-directory`, `path-inside-folder`,
 * `path-around-folder`, `path-meets-home` or `path-not-writable`.
 */
export function checkSharePath(fs: FileSystem, path: string, taken: TakenPlaces): CheckedPath {
  if (!isAbsolute(path)) throw failure('path-not-found', `${path} is not an absolute path`);
  const root = realPathOf(fs, path);
  const stat = fs.lstat(root);
  if (stat === null) throw failure('path-not-found', `${path} does not exist`);
  if (stat.kind !== 'directory') throw failure('path-not-a-directory', `${path} is not a directory`);
  if (root.split(sep).includes(OWN_DIRECTORY)) {
    throw failure('path-inside-folder', `${path} is where Flotilla keeps its own files`);
  }
  refuseTaken(fs, path, root, taken);
  try {
    const names = fs.readDirectory(root);
    probeWriting(fs, root);
    const marker = readMarker(fs, root);
    const formerly = marker === 'missing' || marker === null ? null : marker.folder;
    return { root, existing: names.filter(({ name }) => name !== OWN_DIRECTORY).length, formerly };
  } catch (error) {
    if (systemCode(error) === '') throw error;
    throw notWritable(`Flotilla may not write in ${path}`, path, error);
  }
}

/** As `checkSharePath`, for a place that need not be there yet: it is made, with what is missing above it. */
export function checkAcceptPath(fs: FileSystem, path: string, taken: TakenPlaces): CheckedPath {
  if (!isAbsolute(path)) throw failure('path-not-found', `${path} is not an absolute path`);
  const place = resolve(path);
  // Looked at before anything is made: a refused place leaves no directories behind.
  const above = nearestExisting(fs, place);
  const real = place === above ? realPathOf(fs, above) : join(realPathOf(fs, above), place.slice(above.length));
  refuseTaken(fs, path, real, taken);
  makeWithParents(fs, place);
  return checkSharePath(fs, place, taken);
}

function refuseTaken(fs: FileSystem, path: string, real: string, { roots, home }: TakenPlaces): void {
  const own = fs.lstat(home) === null ? resolve(home) : fs.realPath(home);
  if (isWithin(real, own) || isWithin(own, real)) {
    throw failure('path-meets-home', `${path} and the place where Flotilla keeps this device's key (${own}) overlap`);
  }
  for (const other of roots) {
    if (isWithin(real, other)) throw failure('path-inside-folder', `${path} lies in the shared folder ${other}`);
    if (isWithin(other, real)) throw failure('path-around-folder', `${path} contains the shared folder ${other}`);
  }
}

function realPathOf(fs: FileSystem, path: string): string {
  try {
    return fs.realPath(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === '') throw error;
    if (code === 'ENOTDIR') throw failure('path-not-a-directory', `${path} is not a directory`, error);
    throw failure('path-not-found', `${path} does not exist`, error);
  }
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}

function nearestExisting(fs: FileSystem, path: string): string {
  let at = path;
  while (fs.lstat(at) === null && dirname(at) !== at) at = dirname(at);
  return at;
}

function makeWithParents(fs: FileSystem, path: string): void {
  if (fs.lstat(path) !== null) return;
  makeWithParents(fs, dirname(path));
  try {
    ensureDirectory(fs, path);
  } catch (error) {
    const code = systemCode(error);
    if (code === '') throw error;
    if (code === 'ENOTDIR') throw failure('path-not-a-directory', `${dirname(path)} is not a directory`, error);
    throw notWritable(`Flotilla may not make ${path}`, dirname(path), error);
  }
}

function notWritable(what: string, path: string, cause: unknown): FlotillaError {
  return new FlotillaError('path-not-writable', `${what}: ${(cause as Error).message}`, { cause, path });
}

function probeWriting(fs: FileSystem, root: string): void {
  ensureDirectory(fs, join(root, OWN_DIRECTORY));
  const tmp = join(root, OWN_DIRECTORY, 'tmp');
  ensureDirectory(fs, tmp);
  const probe = join(tmp, 'probe');
  try {
    fs.unlink(probe);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  fs.writeNew(probe, new Uint8Array());
  fs.unlink(probe);
}
