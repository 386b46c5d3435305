import { join } from 'node:path';
import { failure } from '../../../shared/errors.ts';
import { canHoldName } from '../../../shared/name-on-disk.ts';
import {
  type DirectoryPath,
  nameOf,
  OWN_DIRECTORY,
  parentOf,
  type RelativePath,
} from '../../../shared/relative-path.ts';
import { toHex } from '../bytes/hex.ts';
import { type FileStat, type FileSystem, systemCode } from '../ports/file-system.ts';
import type { Random } from '../ports/random.ts';
import { sameMark } from '../reconcile/compare.ts';
import type { StatMark } from '../reconcile/tree-types.ts';
import type { FolderTables } from './tables.ts';

/** Thrown where the disk is not as the plan saw it: the path goes round again. Not an error that anyone meets. */
export class ChangedUnderUs extends Error {
  override readonly name: string = 'ChangedUnderUs';
}

/**
 * Thrown where a directory lies on another file system than the root: someone mounted something there. What was seen in
 * it is not there to be seen, and nothing is deduced from that.
 */
export class OtherFileSystem extends ChangedUnderUs {
  override readonly name = 'OtherFileSystem';
}

/** A folder's place on disk. */
export interface FolderDisk {
  readonly fs: FileSystem;
  readonly root: string;
  /** `.flotilla/tmp`. */
  readonly tmp: string;
  /** `.flotilla/versions`. */
  readonly versions: string;
  /** A place in `tmp` for trying what the disk does; no other program that runs in the folder uses it. */
  probe(name: string): string;
  /**
   * Where the path lies, by the exact names on disk where they are known. Throws `name-not-representable` where the disk
   * would read one of them as something else.
   */
  absolute(path: DirectoryPath): string;
  /**
   * The same, for someone who is about to write there: every directory above was just seen to be one. Throws
   * `path-outside-folder` where a link is on the way, `OtherFileSystem` where another disk is, `ChangedUnderUs` where a
   * directory is missing.
   */
  safe(path: RelativePath): string;
  /** The same of a directory, itself included. */
  safeDirectory(path: DirectoryPath): string;
  /** `safe`, and what stands there is exactly what the plan saw (null: nothing). */
  safeAs(path: RelativePath, mark: StatMark | null): string;
  /** The disk's own idea of now, in milliseconds: what it would give a file that is written at this moment. */
  now(): number;
}

/** The place of a folder at a root that was checked; `device` is its file system, as stats name it. */
export function createFolderDisk(
  fs: FileSystem,
  root: string,
  device: string,
  tables: FolderTables,
  random: Random,
): FolderDisk {
  // A home that was copied on one machine runs twice over the same files.
  const run = toHex(random.bytes(4));
  const own = join(root, OWN_DIRECTORY);
  const tmp = join(own, 'tmp');

  const probe = (name: string): string => join(tmp, `${name}-${run}`);

  function exactName(path: RelativePath): string {
    const name = tables.local(path)?.name ?? nameOf(path);
    if (canHoldName(name, fs.names)) return name;
    throw failure('name-not-representable', `This disk can't hold the name ${name}`);
  }

  function absolute(path: DirectoryPath): string {
    if (path === '') return root;
    return join(absolute(parentOf(path)), exactName(path));
  }

  function safe(path: RelativePath): string {
    return join(safeDirectory(parentOf(path)), exactName(path));
  }

  function safeDirectory(path: DirectoryPath): string {
    if (path === '') return root;
    const at = join(safeDirectory(parentOf(path)), exactName(path));
    const stat = fs.lstat(at);
    if (stat?.kind === 'directory' && stat.mark.device !== device) throw new OtherFileSystem(path);
    if (stat?.kind === 'directory') return at;
    if (stat?.kind === 'symlink') throw failure('path-outside-folder', `A link is on the way to ${path}`);
    throw new ChangedUnderUs(`${path} is not a directory`);
  }

  return {
    fs,
    root,
    tmp,
    versions: join(own, 'versions'),
    probe,
    absolute,
    safe,
    safeDirectory,
    safeAs(path, mark) {
      const at = safe(path);
      const stat = fs.lstat(at);
      if (mark === null ? stat !== null : stat === null || !sameMark(stat.mark, mark)) throw new ChangedUnderUs(path);
      return at;
    },
    now() {
      const clock = probe('clock');
      try {
        fs.unlink(clock);
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') throw error;
      }
      fs.makeLink('clock', clock);
      return statOf(fs, clock).mtime;
    },
  };
}

/** The stat of something that must be there. */
export function statOf(fs: FileSystem, path: string): FileStat {
  const stat = fs.lstat(path);
  if (stat === null) throw new ChangedUnderUs(path);
  return stat;
}

/** Makes the directory; one that is there already will do. */
export function ensureDirectory(fs: FileSystem, path: string): void {
  try {
    fs.makeDirectory(path);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST' || fs.lstat(path)?.kind !== 'directory') throw error;
  }
}

/** Gives a file a second name; false where the file system has no such thing. Throws EEXIST if something is there. */
export function tryLink(fs: FileSystem, from: string, to: string): boolean {
  try {
    fs.link(from, to);
    return true;
  } catch (error) {
    if (NO_LINKS.includes(systemCode(error))) return false;
    throw error;
  }
}

const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'];

/**
 * Moves a file or link of Flotilla's own (nobody else writes at `from`) to a name where nothing may stand: by link and
 * unlink, which can't overwrite, where possible.
 */
export function moveWhereNothingIs(fs: FileSystem, from: string, to: string): void {
  try {
    if (fs.lstat(from)?.kind === 'file' && tryLink(fs, from, to)) {
      fs.unlink(from);
      return;
    }
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw new ChangedUnderUs(to);
    throw error;
  }
  if (fs.lstat(to) !== null) throw new ChangedUnderUs(to);
  fs.rename(from, to);
}
