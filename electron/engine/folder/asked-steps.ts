import { failure } from '../../../shared/errors.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';
import type { LocalNode } from '../reconcile/tree-types.ts';
import { ChangedUnderUs } from './disk.ts';
import type { FolderTables, RowChange } from './tables.ts';
import type { PendingVersion } from './versions.ts';
import type { Work } from './work.ts';

/** What stands at a path as it was last seen, and where that lies. */
export interface SeenAt {
  readonly path: RelativePath;
  readonly local: LocalNode;
  readonly at: string;
}

/** What a person acts on, if the disk is there as it was last seen. */
export function seenAt(work: Work, path: RelativePath): SeenAt {
  const local = work.trees.local(path);
  if (local === undefined) throw failure('content-not-available', `${path} is not on this device yet`);
  try {
    return { path, local, at: work.disk.safeAs(path, local.mark) };
  } catch (error) {
    if (!(error instanceof ChangedUnderUs)) throw error;
    // So that trying again can be of use.
    work.scan.lookAt(path, local.name);
    throw failure('file-changing', `${path} has just changed; try again`, error);
  }
}

export function requireRoom(work: Work, bytes: number): void {
  if (!work.versions.makeRoom(bytes))
    throw failure('versions-full', 'No space is left to keep what this would replace');
}

/** What an action leaves to be made durable. */
export interface Kept {
  readonly versions: PendingVersion[];
  readonly rows: RowChange[];
  /** Absolute paths of directories whose names changed. */
  readonly directories: Set<string>;
}

/** Runs an action that keeps versions: whatever it kept before it was done, or failed, is listed. */
export function keeping(work: Work, tables: FolderTables, action: (kept: Kept) => void): void {
  const kept: Kept = { versions: [], rows: [], directories: new Set() };
  try {
    action(kept);
  } finally {
    if (kept.versions.length > 0) kept.directories.add(work.disk.versions);
    for (const directory of kept.directories) work.disk.fs.flushDirectory(directory);
    tables.commit(kept.rows, (tx) => work.versions.record(tx, kept.versions));
  }
}
