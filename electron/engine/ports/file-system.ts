import type { NameRules } from '../../../shared/name-on-disk.ts';
import type { StatMark } from '../reconcile/tree-types.ts';

/** What stands at a path, links not followed. `mode`: the bits 0777, null on a platform without them. */
export interface FileStat {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other';
  readonly mark: StatMark;
  readonly mode: number | null;
  /** How many names it has. */
  readonly links: number;
  /** Whole milliseconds, within what a date can hold. */
  readonly mtime: number;
}

const LAST_DATE_MS = 8_640_000_000_000_000n;

/** Whole milliseconds of a time that a disk tells; some disks hold times that no date and no number can. */
export function millisecondsOf(ns: bigint): number {
  const ms = ns / 1_000_000n;
  return Number(ms > LAST_DATE_MS ? LAST_DATE_MS : ms < -LAST_DATE_MS ? -LAST_DATE_MS : ms);
}

/** One name in a directory. `name` is null where it is not UTF-8; `shown` is always fit to be shown. */
export interface DirectoryName {
  readonly name: string | null;
  readonly shown: string;
}

/** Room on the disk that holds a path, in bytes. */
export interface DiskSpace {
  readonly free: number;
  readonly total: number;
}

/**
 * The disk. Contract: all calls are synchronous, take absolute paths, never follow a link in the last segment, and throw
 * the system's error (with its `code`) where they can't do what they say. None overwrites but `rename`.
 */
export interface FileSystem {
  /** What names it can hold: others are never handed to it. */
  readonly names: NameRules;
  /** Null where nothing stands there. */
  lstat(path: string): FileStat | null;
  readDirectory(path: string): readonly DirectoryName[];
  readLink(path: string): string;
  /** The whole of a small file, at most `limit` bytes; throws EFBIG beyond. */
  readSmall(path: string, limit: number): Uint8Array;
  /** A new file with these bytes, flushed; EEXIST if there is one. */
  writeNew(path: string, bytes: Uint8Array): void;
  makeDirectory(path: string): void;
  /** A new symlink; EEXIST if something is there. */
  makeLink(target: string, path: string): void;
  /** A second name of the same file; EEXIST if something is there. */
  link(from: string, to: string): void;
  /** A new file with the same bytes, flushed; EEXIST if something is there. */
  copy(from: string, to: string): void;
  /** Takes the place of what is there. */
  rename(from: string, to: string): void;
  unlink(path: string): void;
  /** ENOTEMPTY if anything is in it. */
  removeDirectory(path: string): void;
  setMtime(path: string, mtime: number): void;
  setMode(path: string, mode: number): void;
  /** Makes the names in a directory durable. */
  flushDirectory(path: string): void;
  space(path: string): DiskSpace;
  /** The path with all links resolved. */
  realPath(path: string): string;
}

/** The system's code of an error ('ENOENT' ...), or the empty text. */
export function systemCode(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : '';
}
