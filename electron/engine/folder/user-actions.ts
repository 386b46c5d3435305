import { basename, dirname, isAbsolute, join } from 'node:path';
import { failure } from '../../../shared/errors.ts';
import { childOf, nameOf, parentOf, type RelativePath } from '../../../shared/relative-path.ts';
import { systemCode } from '../ports/file-system.ts';
import { isCopyName, originalName } from '../reconcile/conflict-name.ts';
import { authorOf } from './apply.ts';
import { type Kept, keeping, requireRoom, type SeenAt, seenAt } from './asked-steps.ts';
import { ensureDirectory, moveWhereNothingIs } from './disk.ts';
import type { ConflictChoice, ConflictVersion, FileConflict, FolderDeps, Renamed } from './folder-types.ts';
import { listConflicts } from './listing.ts';
import { moveSeen } from './move-seen.ts';
import { codeOfSystem } from './problems.ts';
import type { FolderTables } from './tables.ts';
import { requireVersion } from './versions.ts';
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
): readonly Renamed[] {
  requireWriting(deps);
  const conflict = listConflicts(work.copies(), work.trees.remote).find(({ versions }) =>
    versions.some((version) => version.path === path),
  );
  if (conflict === undefined) throw failure('conflict-unknown', `${path} is not one of several versions`);
  switch (choice) {
    case 'keep-this':
      keepOne(work, tables, conflict, path);
      return [];
    case 'keep-other': {
      const others = conflict.versions.filter((version) => version.path !== path);
      if (others.length !== 1) throw failure('bad-request', 'keep-other needs exactly two versions');
      keepOne(work, tables, conflict, (others[0] as ConflictVersion).path);
      return [];
    }
    case 'keep-none':
      keepOne(work, tables, conflict, null);
      return [];
    case 'keep-both':
      return keepAll(deps, work, tables, conflict);
  }
}

function requireWriting(deps: FolderDeps): void {
  if (!deps.rights.canWrite()) throw failure('no-right-to-write', 'This device may only read in this folder');
}

/** Undoes what keeping all did: each gets its conflict name back, and is a version of the original again. */
export function takeBackOnDisk(deps: FolderDeps, work: Work, tables: FolderTables, renamed: readonly Renamed[]): void {
  requireWriting(deps);
  for (const { copy, path } of renamed) {
    if (!isCopyName(nameOf(copy)) || parentOf(copy) !== parentOf(path))
      throw failure('bad-request', `${copy} is no name that a copy of ${path} had`);
    const seen = seenAt(work, path);
    keeping(work, tables, (kept) => moveTo(work, tables, seen, work.disk.safe(copy), kept));
    work.scan.lookAt(path, work.trees.local(path)?.name ?? nameOf(path));
    work.scan.lookAt(copy, nameOf(copy));
  }
}

/** The chosen one gets the original's name, all others are kept; null: none is chosen. */
function keepOne(work: Work, tables: FolderTables, conflict: FileConflict, chosen: RelativePath | null): void {
  const { disk, versions, trees } = work;
  // The original may be on disk here without being in the index: it is kept as the others are.
  const others = new Set([conflict.path, ...conflict.versions.map(({ path }) => path)]);
  if (chosen !== null) others.delete(chosen);
  const standing = [...others].filter((path) => trees.local(path) !== undefined).map((path) => seenAt(work, path));
  const moving = chosen === null || chosen === conflict.path ? null : seenAt(work, chosen);
  for (const { path, local } of standing) {
    if (local.value.kind === 'directory') throw failure('path-in-use', `A directory stands at ${path}`);
  }
  requireRoom(
    work,
    standing.reduce((sum, { local }) => sum + local.mark.size, 0),
  );
  // Whatever comes of it.
  lookAgain(work, conflict);
  keeping(work, tables, (kept) => {
    for (const { path, local, at } of standing) {
      kept.directories.add(dirname(at));
      versions.keepMoved(path, at, local, authorOf(tables, path), kept.versions);
    }
    if (moving !== null) moveTo(work, tables, moving, disk.safe(conflict.path), kept);
  });
}

function moveTo(work: Work, tables: FolderTables, { path, local, at }: SeenAt, to: string, kept: Kept): void {
  kept.directories.add(dirname(at)).add(dirname(to));
  const author = authorOf(tables, path);
  moveSeen(work.disk.fs, work.versions, { path, local, author }, at, to, kept.versions);
}

/** The copies get names of ordinary files. */
function keepAll(deps: FolderDeps, work: Work, tables: FolderTables, conflict: FileConflict): readonly Renamed[] {
  const renamed: Renamed[] = [];
  lookAgain(work, conflict);
  for (const { path, author } of conflict.versions) {
    if (path === conflict.path) continue;
    const seen = seenAt(work, path);
    const to = ordinaryName(work, path, deps.authorName(author));
    const at = work.disk.safe(to);
    keeping(work, tables, (kept) => moveTo(work, tables, seen, at, kept));
    work.scan.lookAt(to, basename(at));
    renamed.push({ copy: path, path: to });
  }
  return renamed;
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
  if (local?.value.kind === 'directory') throw failure('path-in-use', `A directory stands at ${version.path}`);
  const replaced = local === undefined ? null : seenAt(work, version.path);
  if (replaced !== null) requireRoom(work, replaced.local.mark.size);
  keeping(work, tables, (kept) => {
    kept.directories.add(dirname(disk.absolute(version.path)));
    if (replaced === null) {
      moveWhereNothingIs(disk.fs, fresh, disk.safeAs(version.path, null));
      return;
    }
    const author = authorOf(tables, version.path);
    kept.versions.push(work.versions.keepLinked(version.path, replaced.at, replaced.local, author));
    disk.fs.rename(fresh, replaced.at);
  });
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
