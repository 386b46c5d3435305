import type { FolderId } from '../../../shared/ids.ts';
import type { DirectoryPath, RelativePath } from '../../../shared/relative-path.ts';
import type { Transaction } from '../ports/store.ts';
import type { EntryVersion, OwnChange, RemoteNode } from '../reconcile/tree-types.ts';

export type { OwnChange } from '../reconcile/tree-types.ts';

/** How far the index of a folder is. */
export type IndexState =
  /** Accepted here, but no other holder's index was received whole yet, or the home is in doubt: nothing may be published. */
  { readonly type: 'waitingForHolder' } | { readonly type: 'ready' };

/**
 * A folder's index as the folder's life sees it: the remote tree to read, and the one way to publish.
 * All calls are synchronous; every change that a call of `publish` or a peer makes is durable before subscribers
 * hear of it and before it leaves the device.
 */
export interface FolderIndex {
  readonly folder: FolderId;
  state(): IndexState;
  /** What the documents and the committed log make of the path now; undefined if they never knew it. */
  remote(path: RelativePath): RemoteNode | undefined;
  /** Whether a version that this device published at the path counts as never written, since its right had ended. */
  isVoid(path: RelativePath, version: EntryVersion): boolean;
  /** Whether this device had all that stands at the path, and what the tree shows there, when it published `own`. */
  knew(path: RelativePath, own: EntryVersion, shown: RemoteNode): boolean;
  /** Everything at and below the directory, in path order. */
  remoteBelow(directory: DirectoryPath): Iterable<readonly [RelativePath, RemoteNode]>;
  /**
   * Publishes own changes: Automerge change, envelope and whatever `within` writes (the `synced` rows) become durable in
   * one transaction. `within` gets the version given to each change, in order. Paths whose tree would change besides
   * are written as they were, in the same transaction. Throws `FlotillaError` with nothing kept if it can't be done.
   */
  publish(changes: readonly OwnChange[], within: (tx: Transaction, versions: readonly EntryVersion[]) => void): void;
  /** Paths of the remote tree that differ from before, after a peer's changes or a change of rights. */
  subscribe(handler: (changed: ReadonlySet<RelativePath>) => void): () => void;
  /** The user says that no other holder will come back: what is here is the beginning. */
  startWithoutHolder(): void;
}
