import type { ErrorCode } from '../../../shared/errors.ts';
import type { ContentHash } from '../../../shared/ids.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';
import type { EntryVersion, Gone, LocalNode, OwnChange, RemoteNode, SyncedNode } from './tree-types.ts';

/** The three trees of a folder, to read. */
export interface ThreeTrees {
  remote(path: RelativePath): RemoteNode | undefined;
  local(path: RelativePath): LocalNode | undefined;
  synced(path: RelativePath): SyncedNode | undefined;
  /** Whether the disk was seen to hold anything below the directory. */
  hasLocalChildren(path: RelativePath): boolean;
}

/** What this device may publish: everything; nothing yet, as no holder's index came whole; nothing, by its rights. */
export type Publishing = 'allowed' | 'waitingForHolder' | 'noRight';

/** What else the planner has to know. All of it is a pure answer during one plan. */
export interface ReconcileContext {
  readonly publishing: Publishing;
  /** Whether two names that differ in case or Unicode form alone can lie side by side on this disk. */
  readonly caseSensitive: boolean;
  /** Why the path can't be synced on this device now, or null: a name, a kind of file, something unreadable. */
  blocked(path: RelativePath): ErrorCode | null;
  /** Whether a version that this device published at the path counts as never written, since its right had ended. */
  isVoid(path: RelativePath, version: EntryVersion): boolean;
  /** Whether this device had all that stands at the path, and what the tree shows there, when it published `own`. */
  knew(path: RelativePath, own: EntryVersion, shown: RemoteNode): boolean;
  /** The `attempt`-th conflict name (from 0) of this device's version of a path. */
  copyPath(path: RelativePath, content: ContentHash, attempt: number): RelativePath | null;
  /** Hash by which a symlink's target is named. */
  targetHash(target: string): ContentHash;
  /** Whether a removal that names a destination still waits for that destination to become known. */
  awaitsDestination(path: RelativePath, gone: Gone): boolean;
  /** Whether something that this device wrote stands below the directory: that is what keeps it, then. */
  hasOwnBelow(path: RelativePath): boolean;
  /** The part of the index that a path lies in. */
  shardOf(path: RelativePath): string;
}

/** One thing to do, decided for one path (a move: two) and valid while the three trees there stay as they are. */
export type Operation =
  /** Disk and index agree: only `synced` is written. */
  | { readonly type: 'agree'; readonly path: RelativePath; readonly synced: SyncedNode }
  /** Neither disk nor index holds the path: `synced` is dropped. */
  | { readonly type: 'forget'; readonly path: RelativePath }
  /** The index is told what is on disk. */
  | {
      readonly type: 'publish';
      readonly path: RelativePath;
      readonly change: OwnChange;
      readonly local: LocalNode | null;
    }
  /** Equal content: the disk takes over mode and mtime of the index. */
  | { readonly type: 'adopt'; readonly path: RelativePath; readonly local: LocalNode; readonly remote: RemoteNode }
  | { readonly type: 'create'; readonly path: RelativePath; readonly remote: RemoteNode }
  /** What is replaced is known to `synced`, or an empty directory. */
  | { readonly type: 'replace'; readonly path: RelativePath; readonly local: LocalNode; readonly remote: RemoteNode }
  /** What is removed is known to `synced`, or a directory (removed only when empty). */
  | { readonly type: 'remove'; readonly path: RelativePath; readonly local: LocalNode }
  /** A file (or, differing in case alone, a directory) goes to another place on disk, with no content fetched. */
  | {
      readonly type: 'move';
      readonly path: RelativePath;
      readonly to: RelativePath;
      readonly local: LocalNode;
      readonly remote: RemoteNode;
    }
  /** Both sides changed: the local version gets its conflict name, then the remote one takes the path. */
  | {
      readonly type: 'conflict';
      readonly path: RelativePath;
      readonly copy: RelativePath;
      readonly local: LocalNode;
      /** May be a removal where the local version is only set aside. */
      readonly remote: RemoteNode;
      /** False on a device without the right to write: the copy stays unpublished. */
      readonly publish: boolean;
    }
  /** Nothing may be done here; the person is told why. */
  | { readonly type: 'hold'; readonly path: RelativePath; readonly cause: ErrorCode }
  /** Something else comes first; the path is looked at again when that happened. */
  | { readonly type: 'wait'; readonly path: RelativePath }
  /** `synced` holds what the index never knew: its shard rests until it was fetched again. */
  | { readonly type: 'halt'; readonly path: RelativePath; readonly shard: string };
