import { dirname } from 'node:path';
import { failure } from '../../../shared/errors.ts';
import { nameOf, type RelativePath } from '../../../shared/relative-path.ts';
import { systemCode } from '../ports/file-system.ts';
import { appliedMode, locallyChanged, modeOf } from '../reconcile/compare.ts';
import type { Node } from '../reconcile/tree-types.ts';
import { keeping, requireRoom, seenAt } from './asked-steps.ts';
import { statOf } from './disk.ts';
import type { FolderDeps } from './folder-types.ts';
import type { FolderTables } from './tables.ts';
import type { Work } from './work.ts';

/** RC8: a local change of a device that may not write goes to the kept versions, and nothing else does. */
export function throwAway(deps: FolderDeps, work: Work, tables: FolderTables, path: RelativePath): void {
  if (deps.rights.canWrite()) throw failure('bad-request', 'This device may write here: the change was shared');
  const local = work.trees.local(path);
  if (local?.value.kind === 'directory') throwDirectoryAway(deps, work, tables, path);
  else if (local !== undefined) throwFileAway(deps, work, tables, path);
  work.again(path);
}

function throwFileAway(deps: FolderDeps, work: Work, tables: FolderTables, path: RelativePath): void {
  const { local, at } = seenAt(work, path);
  requireRoom(work, local.mark.size);
  keeping(work, tables, (kept) => {
    kept.directories.add(dirname(at));
    work.versions.keepMoved(path, at, local, deps.self, kept.versions);
    kept.rows.push({ path, local: null });
  });
  work.again(path);
}

/** Of a directory that others have, too, only its mode is this device's own; else what is in it and agreed with nobody. */
function throwDirectoryAway(deps: FolderDeps, work: Work, tables: FolderTables, path: RelativePath): void {
  const agreed = tables.synced(path);
  const remote = work.trees.remote(path)?.value;
  if (agreed?.value.kind === 'directory' && remote?.kind === 'directory') {
    setModeBack(work, tables, path, remote.mode ?? agreed.value.mode);
    return;
  }
  for (const [child, row] of [...tables.localBelow(path)].reverse()) {
    if (row.value.kind !== 'directory' && isOwn(work, child)) throwFileAway(deps, work, tables, child);
  }
  removeOwnDirectories(work, tables, path);
}

function isOwn(work: Work, path: RelativePath): boolean {
  const [local, synced] = [work.trees.local(path), work.trees.synced(path)];
  return local !== undefined && (synced === undefined || locallyChanged(local, synced));
}

function setModeBack(work: Work, tables: FolderTables, path: RelativePath, mode: number | null): void {
  const local = work.trees.local(path);
  if (mode === null || local === undefined || modeOf(local.value) === null) return;
  const { fs } = work.disk;
  const at = work.disk.safeDirectory(path);
  fs.setMode(at, appliedMode('directory', mode));
  const stat = statOf(fs, at);
  const value: Node = { kind: 'directory', mode: stat.mode };
  tables.commit([{ path, local: { value, mark: stat.mark, name: local.name, racy: false } }]);
}

function removeOwnDirectories(work: Work, tables: FolderTables, path: RelativePath): void {
  for (const [child, row] of tables.localChildren(path)) {
    if (row.value.kind === 'directory' && isOwn(work, child)) removeOwnDirectories(work, tables, child);
  }
  try {
    work.disk.fs.removeDirectory(work.disk.safe(path));
  } catch (error) {
    if (systemCode(error) === '') throw error;
  }
  work.scan.lookAt(path, nameOf(path));
  work.again(path);
}
