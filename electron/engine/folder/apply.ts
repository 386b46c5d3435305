import { basename, dirname, join } from 'node:path';
import { failure } from '../../../shared/errors.ts';
import type { DeviceTag } from '../../../shared/ids.ts';
import { assertNever, invariant } from '../../../shared/invariant.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';
import { type FileStat, systemCode } from '../ports/file-system.ts';
import { appliedMode, sameMarkButChangeTime, withKnownMode } from '../reconcile/compare.ts';
import { isIgnoredName } from '../reconcile/ignore.ts';
import type { Operation } from '../reconcile/operations.ts';
import type { LocalNode, Node, RemoteNode, StatMark, SyncedNode } from '../reconcile/tree-types.ts';
import { ChangedUnderUs, type FolderDisk, statOf, tryLink } from './disk.ts';
import { moveSeen } from './move-seen.ts';
import type { LocalRow } from './rows.ts';
import type { FolderTables, RowChange } from './tables.ts';
import type { PendingVersion, VersionStore } from './versions.ts';

/** What a group of applied operations leaves to be made durable, in this order: directories, then rows. */
export interface ApplyGroup {
  readonly rows: RowChange[];
  readonly versions: PendingVersion[];
  /** Absolute paths of directories whose names changed. */
  readonly directories: Set<string>;
}

/** Operations that change the disk. */
export type DiskOperation = Extract<Operation, { type: 'adopt' | 'create' | 'replace' | 'remove' | 'move' }>;

export interface ApplyDeps {
  readonly disk: FolderDisk;
  readonly tables: FolderTables;
  readonly versions: VersionStore;
  readonly modes: boolean;
}

export function emptyGroup(): ApplyGroup {
  return { rows: [], versions: [], directories: new Set() };
}

/** Puts one operation on disk. `staged` is the verified, flushed file that a file needs. Throws `ChangedUnderUs`. */
export function applyOperation(
  deps: ApplyDeps,
  operation: DiskOperation,
  staged: string | null,
  group: ApplyGroup,
): void {
  switch (operation.type) {
    case 'adopt':
      adopt(deps, operation.path, operation.local, operation.remote, group);
      return;
    case 'create':
      create(deps, operation.path, operation.remote, staged, null, group);
      return;
    case 'replace':
      replace(deps, operation.path, operation.local, operation.remote, staged, group);
      return;
    case 'remove':
      remove(deps, operation.path, operation.local, group);
      return;
    case 'move':
      move(deps, operation.path, operation.to, operation.local, operation.remote, group);
      return;
    default:
      assertNever(operation);
  }
}

function adopt(deps: ApplyDeps, path: RelativePath, local: LocalNode, remote: RemoteNode, group: ApplyGroup): void {
  const value = remote.value as Node;
  const isDirectory = value.kind === 'directory';
  const at = isDirectory ? deps.disk.safe(path) : deps.disk.safeAs(path, local.mark);
  const stat = statOf(deps.disk.fs, at);
  if (isDirectory && stat.kind !== 'directory') throw new ChangedUnderUs(path);
  dress(deps, at, value, stat);
  const row = rowAt(deps, at, path, local.value);
  if (!isDirectory && !isSameFile(row.mark, local.mark)) throw new ChangedUnderUs(path);
  group.rows.push({ path, local: row, synced: syncedFrom(remote, row) });
}

/** Gives a file or directory the mode and mtime of the index, where they differ and this disk holds them. */
function dress(deps: ApplyDeps, at: string, value: Node, stat: FileStat): void {
  const { fs } = deps.disk;
  if (value.kind === 'symlink') return;
  if (deps.modes && value.mode !== null && stat.mode !== appliedMode(value.kind, value.mode)) {
    fs.setMode(at, appliedMode(value.kind, value.mode));
  }
  if (value.kind === 'file' && stat.mtime !== value.mtime) fs.setMtime(at, value.mtime);
}

/** Puts something where nothing may be. */
export function create(
  deps: ApplyDeps,
  path: RelativePath,
  remote: RemoteNode,
  staged: string | null,
  replaced: LocalNode | null,
  group: ApplyGroup,
): void {
  const { fs } = deps.disk;
  const at = deps.disk.safeAs(path, null);
  const value = remote.value as Node;
  switch (value.kind) {
    case 'directory':
      fs.makeDirectory(at);
      dress(deps, at, value, statOf(fs, at));
      break;
    case 'symlink':
      fs.makeLink(value.target, at);
      break;
    case 'file': {
      invariant(staged !== null, 'a file is applied from its staged content');
      const before = prepare(deps, staged, value.mode, value.mtime, replaced);
      const put = putInPlace(deps, staged, at, before, value);
      finishFile(deps, path, at, put, remote, group);
      return;
    }
  }
  group.directories.add(dirname(at));
  const row = rowAt(deps, at, path, value);
  group.rows.push({ path, local: row, synced: syncedFrom(remote, row) });
}

/** What was put at a path: its stat there, and whether that may be of something that was saved over it at once. */
interface Put {
  readonly mark: StatMark;
  readonly unsure: boolean;
}

/**
 * By link and unlink, which fails if something is there by now; without links, as a new file that must not exist. Only a
 * link is surely our own file afterwards.
 */
function putInPlace(
  deps: ApplyDeps,
  staged: string,
  at: string,
  before: FileStat,
  value: Extract<Node, { kind: 'file' }>,
): Put {
  const { fs } = deps.disk;
  let put: Put = { mark: before.mark, unsure: false };
  try {
    if (!tryLink(fs, staged, at)) {
      fs.copy(staged, at);
      if (deps.modes && before.mode !== null) fs.setMode(at, before.mode);
      fs.setMtime(at, value.mtime);
      put = { mark: statOf(fs, at).mark, unsure: true };
      if (put.mark.size !== before.mark.size) throw new ChangedUnderUs(at);
    }
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw new ChangedUnderUs(at);
    throw error;
  }
  fs.unlink(staged);
  return put;
}

/** Mode and mtime are set before the file gets its name. */
export function prepare(
  deps: ApplyDeps,
  staged: string,
  mode: number | null,
  mtime: number,
  replaced: LocalNode | null,
): FileStat {
  const { fs } = deps.disk;
  const old = replaced?.value;
  const wanted = mode ?? (old !== undefined && old.kind === 'file' ? old.mode : null);
  if (deps.modes && wanted !== null) fs.setMode(staged, appliedMode('file', wanted));
  fs.setMtime(staged, mtime);
  return statOf(fs, staged);
}

/** The stat must show what was put there; then that is agreed on. Where it is not sure it is read at the next look. */
export function finishFile(
  deps: ApplyDeps,
  path: RelativePath,
  at: string,
  put: Put,
  remote: RemoteNode,
  group: ApplyGroup,
): void {
  group.directories.add(dirname(at));
  const row = { ...rowAt(deps, at, path, remote.value as Node), racy: put.unsure };
  if (!sameMarkButChangeTime(put.mark, row.mark)) throw new ChangedUnderUs(path);
  group.rows.push({ path, local: row, synced: syncedFrom(remote, row) });
}

function replace(
  deps: ApplyDeps,
  path: RelativePath,
  local: LocalNode,
  remote: RemoteNode,
  staged: string | null,
  group: ApplyGroup,
): void {
  const { fs } = deps.disk;
  const value = remote.value as Node;
  if (local.value.kind === 'directory') {
    removeDirectory(deps, path, local, group);
    create(deps, path, remote, staged, null, group);
    return;
  }
  const at = deps.disk.safeAs(path, local.mark);
  requireRoom(deps, local.mark);
  if (value.kind === 'directory') {
    deps.versions.keepMoved(path, at, local, authorOf(deps.tables, path), group.versions);
    create(deps, path, remote, null, null, group);
    return;
  }
  let fresh = staged;
  let own: FileStat;
  if (value.kind === 'file') {
    invariant(fresh !== null, 'a file is applied from its staged content');
    own = prepare(deps, fresh, value.mode, value.mtime, local);
  } else {
    fresh = join(deps.disk.tmp, `link-${local.mark.inode}`);
    if (fs.lstat(fresh) !== null) fs.unlink(fresh);
    fs.makeLink(value.target, fresh);
    own = statOf(fs, fresh);
  }
  group.versions.push(deps.versions.keepLinked(path, at, local, authorOf(deps.tables, path)));
  fs.rename(fresh, at);
  finishFile(deps, path, at, { mark: own.mark, unsure: false }, remote, group);
}

function remove(deps: ApplyDeps, path: RelativePath, local: LocalNode, group: ApplyGroup): void {
  if (local.value.kind === 'directory') removeDirectory(deps, path, local, group);
  else {
    const at = deps.disk.safeAs(path, local.mark);
    requireRoom(deps, local.mark);
    deps.versions.keepMoved(path, at, local, authorOf(deps.tables, path), group.versions);
    group.directories.add(dirname(at));
  }
  group.rows.push({ path, local: null, synced: null });
}

/** Only an empty one goes. What the system left in it by itself goes to the kept versions' place first. */
function removeDirectory(deps: ApplyDeps, path: RelativePath, local: LocalNode, group: ApplyGroup): void {
  const { fs } = deps.disk;
  const at = deps.disk.safe(path);
  const stat = fs.lstat(at);
  if (stat === null || stat.kind !== 'directory' || stat.mark.inode !== local.mark.inode)
    throw new ChangedUnderUs(path);
  const names = fs.readDirectory(at);
  if (names.length > 0 && names.every(({ name }) => name !== null && isIgnoredName(name))) {
    const left = names.map(({ name }) => ({ name: name as string, stat: statOf(fs, join(at, name as string)) }));
    // A directory of the system's (trash, lost and found) is somebody's, and stays.
    if (left.some(({ stat }) => stat.kind !== 'file')) throw new NotEmpty(path);
    for (const { name, stat } of left) {
      const node = { value: { kind: 'symlink', target: '' }, mark: stat.mark, name } as const;
      deps.versions.keepMoved(`${path}/${name}` as RelativePath, join(at, name), node, null, group.versions);
    }
  }
  try {
    fs.removeDirectory(at);
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(systemCode(error))) throw new NotEmpty(path);
    throw error;
  }
  group.directories.delete(at);
  group.directories.add(dirname(at));
}

/** Thrown where a directory that should go still holds something. */
export class NotEmpty extends Error {
  override readonly name = 'NotEmpty';
}

function move(
  deps: ApplyDeps,
  path: RelativePath,
  to: RelativePath,
  local: LocalNode,
  remote: RemoteNode,
  group: ApplyGroup,
): void {
  const { fs } = deps.disk;
  const isDirectory = local.value.kind === 'directory';
  const from = isDirectory ? deps.disk.safe(path) : deps.disk.safeAs(path, local.mark);
  const at = deps.disk.safe(to);
  const there = fs.lstat(at);
  // Two names that differ in case alone are one file on some disks: then one rename does it.
  const sameFile = there !== null && there.mark.inode === local.mark.inode && there.mark.device === local.mark.device;
  if (there !== null && !(sameFile && path.toLowerCase() === to.toLowerCase())) throw new ChangedUnderUs(to);
  if (sameFile || isDirectory) fs.rename(from, at);
  else moveSeen(fs, deps.versions, { path, local, author: authorOf(deps.tables, path) }, from, at, group.versions);
  group.directories.add(dirname(from));
  group.directories.add(dirname(at));
  group.rows.push({ path, local: null, synced: null });
  const value = remote.value as Node;
  dress(deps, at, value, statOf(fs, at));
  const row = rowAt(deps, at, to, value);
  if (!isDirectory && !isSameFile(row.mark, local.mark)) throw new ChangedUnderUs(to);
  group.rows.push({ path: to, local: row, synced: syncedFrom(remote, row) });
}

function requireRoom(deps: ApplyDeps, mark: StatMark): void {
  if (deps.versions.makeRoom(mark.size)) return;
  throw failure('versions-full', 'No space is left to keep what this change would replace');
}

/** Who wrote what is agreed on at the path; null: nobody did. */
export function authorOf(tables: FolderTables, path: RelativePath): DeviceTag | null {
  return tables.synced(path)?.version.author ?? null;
}

/** Whether it is the same file, of the same length; its times may have been set meanwhile. */
function isSameFile(a: StatMark, b: StatMark): boolean {
  return a.inode === b.inode && a.device === b.device && a.size === b.size;
}

/** What is on disk now; `value` tells what kind and content were put there. */
export function rowAt(deps: ApplyDeps, at: string, path: RelativePath, value: Node): LocalRow {
  const stat = statOf(deps.disk.fs, at);
  if (stat.kind !== value.kind) throw new ChangedUnderUs(path);
  if (value.kind === 'symlink' && deps.disk.fs.readLink(at) !== value.target) throw new ChangedUnderUs(path);
  const mode = deps.modes ? stat.mode : null;
  const name = basename(at);
  const row = { mark: stat.mark, name, racy: false };
  switch (value.kind) {
    case 'file':
      return { ...row, value: { ...value, size: stat.mark.size, mtime: stat.mtime, mode } };
    case 'directory':
      return { ...row, value: { kind: 'directory', mode } };
    case 'symlink':
      return { ...row, value };
  }
}

function syncedFrom(remote: RemoteNode, row: LocalRow): SyncedNode {
  const value = withKnownMode(remote.value as Node, row.value);
  return { value, version: remote.version, mark: row.mark, copy: remote.copyOf !== null };
}
