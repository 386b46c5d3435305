import type { ContentHash, DeviceTag } from '../../../shared/ids.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';

/** The author's position in the committed log when it wrote: (generation, log index). */
export interface Seen {
  readonly generation: number;
  readonly index: number;
}

/** Which device made a version, and its own count of index changes over all folders. */
export interface EntryVersion {
  readonly author: DeviceTag;
  readonly counter: number;
}

/** What a path can be. `mtime` is whole milliseconds; `mode` the bits 0777, null from a platform without them. */
export type Node =
  | {
      readonly kind: 'file';
      readonly content: ContentHash;
      readonly size: number;
      readonly mtime: number;
      readonly mode: number | null;
    }
  | { readonly kind: 'directory'; readonly mode: number | null }
  | { readonly kind: 'symlink'; readonly target: string };

/** A removal: what stood there (null for a directory), and where it went if it was moved. */
export interface Gone {
  readonly kind: 'gone';
  readonly content: ContentHash | null;
  readonly movedTo: RelativePath | null;
}

/** One value of a path in a folder's index. */
export interface Entry {
  readonly value: Node | Gone;
  readonly version: EntryVersion;
  readonly seen: Seen;
  /** On an entry written at a conflict copy's name: the loser that it stands for. */
  readonly conflictOf: EntryVersion | null;
}

/** What the remote tree holds at a path. A path it does not hold was never known there. */
export interface RemoteNode {
  readonly value: Node | Gone;
  readonly version: EntryVersion;
  /** Set on a conflict copy: the path whose set it lost, whether or not an entry at its own name publishes it. */
  readonly copyOf: { readonly path: RelativePath; readonly version: EntryVersion } | null;
  /** An entry of an unknown codec version: the path is left alone until this device is updated. */
  readonly frozen: boolean;
}

/** What tells one state of a file on disk from another without reading it. */
export interface StatMark {
  readonly inode: string;
  readonly device: string;
  readonly size: number;
  /** Nanoseconds, as text. */
  readonly mtimeNs: string;
  /** Nanoseconds, as text. */
  readonly ctimeNs: string;
}

/** What the disk was last seen to hold. `name` is the exact name on disk. */
export interface LocalNode {
  readonly value: Node;
  readonly mark: StatMark;
  readonly name: string;
}

/** What disk and index last agreed on, with the stat that was seen right after. */
export interface SyncedNode {
  readonly value: Node;
  readonly version: EntryVersion;
  readonly mark: StatMark;
  /** Whether the path was applied here as a conflict copy that no entry at its own name publishes. */
  readonly copy: boolean;
}

/** One change of this device to publish. */
export interface OwnChange {
  readonly path: RelativePath;
  readonly value: Node | Gone;
  readonly conflictOf: EntryVersion | null;
}
