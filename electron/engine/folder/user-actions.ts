import { basename, dirname, isAbsolute, join } from 'node:path';
import { failure } from '../../../shared/errors.ts';
import { childOf, nameOf, parentOf, type RelativePath } from '../../../shared/relative-path.ts';
import { systemCode } from '../ports/file-system.ts';
import { originalName } from '../reconcile/conflict-name.ts';
import { ChangedUnderUs, ensureDirectory, moveWhereNothingIs } from './disk.ts';
import type { ConflictChoice, ConflictVersion, FileConflict, FolderDeps } from './folder-types.ts';
import { listConflicts } from './listing.ts';
import { codeOfSystem } from './problems.ts';
import type { FolderTables } from './tables.ts';
import { type PendingVersion, requireVersion } from './versions.ts';
import type { Work } from './work.ts';

/**
 * Carries out a person's choice on disk; the scan then publishes it as any change. Throws `conflict-unknown`,
 * `no-right-to-write`, `file-changing` where the disk is not as it was last seen.
 */
export function resolveOnDisk(
  deps: FolderDeps,
  work: Work,
  tables: FolderTables,
  path: RelativePath,
  choice: ConflictChoice,
): void {
  if (!deps.rights.canWrite()) throw failure('no-right-to-write', 'This device may only read in this folder');
  const conflict = listConflicts(work).find(({ versions }) => versions.some((version) => version.path === path));
  if (conflict === undefined) throw failure('conflict-unknown', `${path} is not one of several versions`);
  switch (choice) {
    case 'keep-this':
      keepOne(work, tables, conflict, path);
      return;
    case 'keep-other': {
      const others = conflict.versions.filter((version) => version.path !== path);
      if (others.length !== 1) throw failure('bad-request', 'keep-other needs exactly two versions');
      keepOne(work, tables, conflict, (others[0] as ConflictVersion).path);
      return;
    }
    case 'keep-both':
      keepAll(deps, work, conflict);
  }
}

function keepOne(work: Work, tables: FolderTables, conflict: FileConflict, chosen: RelativePath): void {
  const { disk } = work;
  const kept: PendingVersion[] = [];
  const touched = new Set<string>([disk.versions]);
  const chosenAt = chosen === conflict.path ? null : seenAt(work, chosen);
  // The original may be on disk here without being in the index: it is kept as the others are.
  const others = new Set([conflict.path, ...conflict.versions.map(({ path }) => path)]);
  others.delete(chosen);
  for (const path of others) {
    const local = work.trees.local(path);
    if (local === undefined) continue;
    if (local.value.kind === 'directory') throw failure('path-in-use', `A directory stands at ${path}`);
    const at = seenAt(work, path);
    requireRoom(work, local.mark.size);
    const author = tables.synced(path)?.version.author ?? null;
    kept.push(work.versions.keepMoved(path, at, local, author));
    touched.add(dirname(at));
  }
  if (chosenAt !== null) {
    const at = disk.safe(conflict.path);
    moveWhereNothingIs(disk.fs, chosenAt, at);
    touched.add(dirname(at));
  }
  for (const directory of touched) disk.fs.flushDirectory(directory);
  tables.commit([], (tx) => work.versions.record(tx, kept));
  lookAgain(work, conflict);
}

/** The copies get names of ordinary files. */
function keepAll(deps: FolderDeps, work: Work, conflict: FileConflict): void {
  const { disk } = work;
  for (const { path, author } of conflict.versions) {
    if (path === conflict.path) continue;
    const from = seenAt(work, path);
    const to = ordinaryName(work, path, deps.authorName(author));
    const at = disk.safe(to);
    moveWhereNothingIs(disk.fs, from, at);
    disk.fs.flushDirectory(dirname(at));
    work.scan.lookAt(to, basename(at));
  }
  lookAgain(work, conflict);
}

function ordinaryName(work: Work, copy: RelativePath, author: string): RelativePath {
  const original = originalName(nameOf(copy));
  const dot = original.lastIndexOf('.');
  const stem = dot > 0 ? original.slice(0, dot) : original;
  const extension = dot > 0 ? original.slice(dot) : '';
  for (let number = 1; number < 1_000; number += 1) {
    const name = `${stem} (${author}${number === 1 ? '' : ` ${number}`})${extension}`;
    const path = childOf(parentOf(copy), name);
    if (path === null) break;
    const remote = work.trees.remote(path);
    const free = remote === undefined || remote.value.kind === 'gone';
    if (free && work.disk.fs.lstat(work.disk.safe(path)) === null) return path;
  }
  throw failure('name-too-long', `No ordinary name is free for ${copy}`);
}

function lookAgain(work: Work, conflict: FileConflict): void {
  for (const path of new Set([conflict.path, ...conflict.versions.map((version) => version.path)])) {
    work.scan.lookAt(path, work.trees.local(path)?.name ?? nameOf(path));
  }
}

/** Where the path lies, if the disk is there as it was last seen. */
function seenAt(work: Work, path: RelativePath): string {
  const local = work.trees.local(path);
  if (local === undefined) throw failure('content-not-available', `${path} is not on this device yet`);
  try {
    return work.disk.safeAs(path, local.mark);
  } catch (error) {
    if (!(error instanceof ChangedUnderUs)) throw error;
    // So that trying again can be of use.
    work.scan.lookAt(path, local.name);
    throw failure('file-changing', `${path} has just changed; try again`, error);
  }
}

/** RC8: a local change of a device that may not write goes to the kept versions. */
export function throwAway(deps: FolderDeps, work: Work, tables: FolderTables, path: RelativePath): void {
  if (deps.rights.canWrite()) throw failure('bad-request', 'This device may write here: the change was shared');
  const local = work.trees.local(path);
  if (local === undefined) {
    work.again(path);
    return;
  }
  if (local.value.kind === 'directory') {
    for (const [child, row] of [...tables.localBelow(path)].reverse()) {
      if (row.value.kind !== 'directory') throwAway(deps, work, tables, child);
    }
    removeEmpty(work, tables, path);
    return;
  }
  const at = seenAt(work, path);
  requireRoom(work, local.mark.size);
  const kept = work.versions.keepMoved(path, at, local, deps.self);
  work.disk.fs.flushDirectory(work.disk.versions);
  work.disk.fs.flushDirectory(dirname(at));
  tables.commit([{ path, local: null }], (tx) => work.versions.record(tx, [kept]));
  work.again(path);
}

function removeEmpty(work: Work, tables: FolderTables, path: RelativePath): void {
  for (const [child, row] of tables.localChildren(path)) {
    if (row.value.kind === 'directory') removeEmpty(work, tables, child);
  }
  try {
    work.disk.fs.removeDirectory(work.disk.safe(path));
  } catch (error) {
    if (systemCode(error) === '') throw error;
  }
  work.scan.lookAt(path, nameOf(path));
  work.again(path);
}

/** Puts a kept version back. What stands at its path is kept as a version; at another place nothing may stand. */
export function restoreVersion(work: Work, tables: FolderTables, id: string, to: string | null): void {
  const version = requireVersion(work.versions, id);
  const { disk } = work;
  const from = work.versions.fileOf(id);
  if (to !== null) {
    if (!isAbsolute(to)) throw failure('bad-request', `${to} is not an absolute path`);
    restoreBeside(work, from, to, version.mtime);
    return;
  }
  const fresh = join(disk.tmp, `restore-${id}`);
  if (disk.fs.lstat(fresh) !== null) disk.fs.unlink(fresh);
  copyVersion(work, from, fresh, version.mtime);
  makeParents(work, version.path);
  const local = work.trees.local(version.path);
  const kept: PendingVersion[] = [];
  if (local === undefined) {
    moveWhereNothingIs(disk.fs, fresh, disk.safeAs(version.path, null));
  } else {
    if (local.value.kind === 'directory') throw failure('path-in-use', `A directory stands at ${version.path}`);
    const at = seenAt(work, version.path);
    requireRoom(work, local.mark.size);
    const author = tables.synced(version.path)?.version.author ?? null;
    kept.push(work.versions.keepLinked(version.path, at, local, author));
    disk.fs.rename(fresh, at);
  }
  disk.fs.flushDirectory(disk.versions);
  disk.fs.flushDirectory(dirname(disk.absolute(version.path)));
  tables.commit([], (tx) => work.versions.record(tx, kept));
  work.scan.lookAt(version.path, basename(disk.absolute(version.path)));
}

function restoreBeside(work: Work, from: string, to: string, mtime: number): void {
  try {
    copyVersion(work, from, to, mtime);
    work.disk.fs.flushDirectory(dirname(to));
  } catch (error) {
    const code = systemCode(error);
    if (code === '') throw error;
    if (code === 'EEXIST') throw failure('path-in-use', `Something stands at ${to}`, error);
    if (code === 'ENOENT') throw failure('path-not-found', `${dirname(to)} does not exist`, error);
    throw failure(codeOfSystem(code, 'write'), (error as Error).message, error);
  }
}

function copyVersion(work: Work, from: string, to: string, mtime: number): void {
  const { fs } = work.disk;
  const stat = fs.lstat(from);
  if (stat === null) throw failure('version-unknown', 'The file of this version is missing');
  if (stat.kind === 'symlink') {
    fs.makeLink(fs.readLink(from), to);
    return;
  }
  fs.copy(from, to);
  fs.setMtime(to, mtime);
}

function makeParents(work: Work, path: RelativePath): void {
  const parent = parentOf(path);
  if (parent === '') return;
  makeParents(work, parent);
  ensureDirectory(work.disk.fs, work.disk.safe(parent));
  work.scan.lookAt(parent, basename(work.disk.absolute(parent)));
}

function requireRoom(work: Work, bytes: number): void {
  if (!work.versions.makeRoom(bytes)) throw failure('disk-full', 'No space is left to keep what this would replace');
}
