import type { ErrorCode } from '../../../shared/errors.ts';
import type { ContentHash, DeviceTag, FolderId } from '../../../shared/ids.ts';
import type { DirectoryPath, RelativePath } from '../../../shared/relative-path.ts';
import type { ContentFetcher, ContentLocation } from '../content/content-types.ts';
import type { FolderIndex } from '../index/folder-index.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { HashedFile, Jobs } from '../ports/jobs.ts';
import type { Random } from '../ports/random.ts';
import type { Store } from '../ports/store.ts';
import type { Watcher } from '../ports/watcher.ts';
import type { Problem } from './problems.ts';
import type { HaltCause } from './root-check.ts';
import type { KeptVersion } from './versions-table.ts';

/** What the committed log says of this device and the folder. Asked anew each time; tell `rightsChanged` of changes. */
export interface FolderRights {
  canWrite(): boolean;
}

/** What a folder's life needs. */
export interface FolderDeps {
  readonly folder: FolderId;
  readonly self: DeviceTag;
  readonly store: Store;
  readonly index: FolderIndex;
  readonly fetcher: ContentFetcher;
  readonly fs: FileSystem;
  readonly watcher: Watcher;
  readonly clock: Clock;
  readonly random: Random;
  readonly jobs: Jobs;
  readonly rights: FolderRights;
  /** AUTHOR in conflict names, by device (`conflictAuthor`). */
  readonly authorName: (device: DeviceTag) => string;
  /** Hears of every file that was read: its chunks can be served. */
  readonly hashed: (file: HashedFile) => void;
  /** `synced` holds a path of this shard that the index does not know: the shard has to be fetched again. */
  readonly shardUnknown: (path: RelativePath) => void;
  /** An error that is no one's input: a bug, to be logged. The folder goes to the state `error` and tries again. */
  readonly failed: (error: unknown) => void;
}

/** What a folder is doing. */
export type FolderState =
  | { readonly type: 'scanning' }
  | { readonly type: 'syncing' }
  | { readonly type: 'idle' }
  | { readonly type: 'paused' }
  | { readonly type: 'halted'; readonly cause: HaltCause; readonly message: string }
  | { readonly type: 'error'; readonly code: ErrorCode; readonly message: string };

/** A folder at one look. */
export interface FolderStatus {
  readonly state: FolderState;
  readonly root: string;
  /** Files, and their bytes, that are here. */
  readonly files: number;
  readonly bytes: number;
  /** Files, and their bytes, that are still to come. */
  readonly needFiles: number;
  readonly needBytes: number;
  /** Of `needBytes`, what has arrived and is not in place yet. */
  readonly arrivedBytes: number;
  readonly conflicts: number;
  readonly problems: number;
  /** Free bytes on its disk, where that is too full for what is to come; null: nothing waits for room. */
  readonly diskFull: number | null;
  /** Accepted here, but no other holder's index came whole yet: nothing is published. */
  readonly waitingForHolder: boolean;
  /** Paths whose local change is not published yet. */
  readonly unpublished: number;
}

/** What happened to one path, newest last. */
export interface ActivityItem {
  readonly path: RelativePath;
  readonly action: 'added' | 'changed' | 'removed' | 'moved' | 'conflict';
  /** Where it went, for a move; the copy's name, for a conflict. */
  readonly to: RelativePath | null;
  readonly author: DeviceTag;
  /** Wall clock, milliseconds. */
  readonly at: number;
}

/** What a folder tells of itself. */
export type FolderEvent =
  | { readonly type: 'status' }
  | { readonly type: 'activity'; readonly items: readonly ActivityItem[] };

/** One name in a listing. */
export interface ListedPath {
  readonly path: RelativePath;
  readonly kind: 'file' | 'directory' | 'symlink';
  readonly size: number;
  readonly mtime: number | null;
  /** Of a directory the most urgent state of what lies in it. */
  readonly state: 'upToDate' | 'coming' | 'reading' | 'conflict' | 'problem';
  /** Why, where something is wrong: here or, for a directory, at the most urgent path below it. */
  readonly problem: Problem | null;
  /** Verified bytes so far while it is fetched; null while it is not. */
  readonly arrived: number | null;
}

/** One page of a directory; `next` is the cursor of the following one. */
export interface ListedPage {
  readonly entries: readonly ListedPath[];
  readonly next: string | null;
  /** Names in the directory, on all pages together. */
  readonly total: number;
}

/** One of several versions of a file. */
export interface ConflictVersion {
  readonly path: RelativePath;
  readonly author: DeviceTag;
  readonly mtime: number | null;
  readonly size: number;
}

/** A file of which there are several versions: the one at its own path first. */
export interface FileConflict {
  readonly path: RelativePath;
  readonly versions: readonly ConflictVersion[];
  /** Who deleted the one at its own path, where nothing is there. */
  readonly deletedBy: DeviceTag | null;
}

/** A conflict copy that became an ordinary file. */
export interface Renamed {
  readonly copy: RelativePath;
  readonly path: RelativePath;
}

/** What a person answers to a conflict. */
export type ConflictChoice = 'keep-this' | 'keep-other' | 'keep-both' | 'keep-none';

/** A shared folder on this device. Throws `FlotillaError`s. */
export interface Folder {
  readonly id: FolderId;
  /** Begins; the first thing is a look at everything. */
  start(): void;
  /** Ends; resolves when nothing is under way any more. */
  stop(): Promise<void>;
  status(): FolderStatus;
  problems(): readonly Problem[];
  subscribe(handler: (event: FolderEvent) => void): () => void;

  pause(): void;
  resume(): void;
  rescan(): void;
  /** Takes in everything that was on disk when it was called; rejects with `folder-halted` or `folder-paused` where that can't be done. */
  flush(): Promise<void>;

  /** For a halted folder: the directory lies there now. Throws `root-marker-foreign`, `root-marker-missing` or `root-missing`. */
  movedTo(root: string): void;
  /** For a halted folder: what is in the directory counts as new; nothing is deleted elsewhere. */
  startOver(): void;

  /** At most `limit` names, and never more than a page; while the folder rests, as they were last seen. */
  list(directory: DirectoryPath, cursor: string | null, limit?: number): ListedPage;
  conflicts(): readonly FileConflict[];
  /** Resolves to the copies that have ordinary names now. */
  resolveConflict(path: RelativePath, choice: ConflictChoice): Promise<readonly Renamed[]>;
  /** Gives copies that were made ordinary files their conflict names back. */
  takeBackNames(renamed: readonly Renamed[]): Promise<void>;
  /** Without the right to write: a local change goes to the kept versions, and what stands elsewhere comes back. */
  throwMineAway(path: RelativePath): Promise<void>;
  versions(path: RelativePath): readonly KeptVersion[];
  allVersions(): readonly KeptVersion[];
  /** Puts a kept version back at its path, or at an absolute path where nothing is yet. What it replaces is kept. */
  restore(id: string, to: string | null): Promise<void>;

  /** The log changed what this device may do here. */
  rightsChanged(): void;
  /** Someone who may have what is missing appeared or said so. */
  sourcesChanged(): void;
  locate(content: ContentHash): readonly ContentLocation[];
}
