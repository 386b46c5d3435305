import type { RelativePath } from '../../../shared/relative-path.ts';
import { sameVersion } from '../reconcile/entry-set.ts';
import { NO_VERSION } from '../reconcile/remote-family.ts';
import type { EntryVersion, RemoteNode } from '../reconcile/tree-types.ts';
import type { FolderContext } from './folder-context.ts';
import { shardOf } from './shard-place.ts';
import { readSet, wasParent } from './stored-tree.ts';

/**
 * Whether whoever wrote a version at the path had all that stands there now, and there what the tree shows, which may be of
 * another name in conflict. A directory that no entry made can't have been overlooked. What is none, where a directory was
 * at some time, may have stood at the name of a copy then.
 */
export function knewWhenWriting(
  { folder, store, shelf }: FolderContext,
  path: RelativePath,
  version: EntryVersion,
  shown: RemoteNode,
): boolean {
  if (shown.value.kind !== 'directory' && wasParent(store, folder, path)) return false;
  const { graph } = shelf.document(folder, shardOf(path));
  const wrote = graph.of(version);
  const standing = (readSet(store, folder, path)?.values ?? []).map((value) => value.version);
  const others = [...standing, shown.version].filter((other) => !sameVersion(other, NO_VERSION));
  const isKnown = (other: EntryVersion): boolean => {
    const earlier = graph.of(other);
    return earlier.length > 0 && wrote.every((later) => earlier.every(({ hash }) => graph.follows(later.hash, hash)));
  };
  return wrote.length > 0 && others.every(isKnown);
}
