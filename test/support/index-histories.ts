import type { LatestChanges } from '../../electron/engine/group/latest-changes.ts';
import type { GroupState } from '../../electron/engine/group/state.ts';
import { pathOfKey, standingAt } from '../../electron/engine/index/folder-context.ts';
import type { OwnChange } from '../../electron/engine/index/folder-index.ts';
import { indexGroupOf } from '../../electron/engine/index/index-group.ts';
import type { IncomingChange } from '../../electron/engine/index/merge.ts';
import { type OpenFolder, openFolder } from '../../electron/engine/index/open-folder.ts';
import { createShardShelf, latestIn, type ShardShelf } from '../../electron/engine/index/shard-shelf.ts';
import type { Store } from '../../electron/engine/ports/store.ts';
import type { SetValue } from '../../electron/engine/reconcile/entry-set.ts';
import { remoteTree } from '../../electron/engine/reconcile/remote-tree.ts';
import type { RemoteNode } from '../../electron/engine/reconcile/tree-types.ts';
import type { DeviceTag } from '../../shared/ids.ts';
import type { RelativePath } from '../../shared/relative-path.ts';
import { at, contentOf, FOLDER, type IndexNode, testDevice } from './index-world.ts';
import { createMemoryStore } from './memory-store.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

const NAMES = ['b.txt', 'd', 'd/a', 'd/e', 'd/e/a'];

/** A folder index of its own that only reads: what any device makes of the changes that it is handed, or of a store. */
export function createReader(
  group: GroupState | (() => GroupState),
  seed = 1,
  store: Store = createMemoryStore(),
): OpenFolder {
  const state = typeof group === 'function' ? group : () => group;
  const identity = testDevice(99);
  const shelf = createShardShelf(store, createSeededRandom(seed), identity.tag, () => undefined);
  return openFolder(
    { folder: FOLDER, store, shelf, identity, group: () => indexGroupOf(state()) },
    { published: () => undefined, ready: () => undefined, refusal: () => null },
  );
}

/** The latest changes of an author as far as the reader has them: what the end of its right names. */
export function latestOf({ context: { shelf } }: OpenFolder, author: DeviceTag): LatestChanges {
  return latestIn(shelf, FOLDER, author);
}

/** What a device has stored of its indexes. */
export function shelfOf(node: IndexNode): ShardShelf {
  return createShardShelf(node.store, createSeededRandom(0), node.tag, () => undefined);
}

/** All changes that a device has stored, in the order in which they came. */
export function changesOf(node: IndexNode): IncomingChange[] {
  const shelf = shelfOf(node);
  return shelf.shards(FOLDER).flatMap((shard) => {
    const { arrivals } = shelf.summary(FOLDER, shard);
    return Array.from({ length: arrivals }, (_, arrival) => {
      const signed = shelf.change(FOLDER, shard, arrival);
      if (signed === null) throw new Error('a stored change cannot be read');
      return { shard, signed };
    });
  });
}

/** Hands the reader the changes in an order drawn at random, again and again until all are in. */
export function mergeInAnyOrder(reader: OpenFolder, changes: readonly IncomingChange[], random: SeededRandom): void {
  let left = [...changes];
  for (let round = 0; left.length > 0; round += 1) {
    if (round > changes.length + 1) throw new Error('changes stay missing');
    const drawn: IncomingChange[] = [];
    while (left.length > 0) drawn.push(...left.splice(random.integer(left.length), 1));
    left = [];
    while (drawn.length > 0) {
      const batch = drawn.splice(0, 1 + random.integer(5));
      if (reader.merge(batch).incomplete.size > 0) left.push(...batch);
    }
  }
}

/** A change drawn at random: of any kind, at a usual path or at one that the tree has, conflict copies among them. */
export function drawChange(node: IndexNode, random: SeededRandom): OwnChange {
  const known = [...node.folder.remoteBelow('')].map(([path]) => path);
  const path = known.length > 0 && random.chance(0.5) ? random.pick(known) : at(random.pick(NAMES));
  const standing = node.folder.remote(path);
  if (standing !== undefined && standing.value.kind !== 'gone' && random.chance(0.4)) {
    const { value } = standing;
    const content = value.kind === 'file' ? value.content : null;
    return { path, value: { kind: 'gone', content, movedTo: null }, conflictOf: null };
  }
  const kind = random.integer(8);
  if (kind === 0) return { path, value: { kind: 'directory', mode: 0o755 }, conflictOf: null };
  if (kind === 1) return { path, value: { kind: 'symlink', target: random.pick(['x', 'y']) }, conflictOf: null };
  const content = contentOf(1 + random.integer(4));
  const value = { kind: 'file', content, size: 1, mtime: random.integer(3), mode: 0o644 } as const;
  return { path, value, conflictOf: null };
}

/** The tree as a map. */
export function treeMap(open: Pick<OpenFolder, 'index'>): Map<RelativePath, RemoteNode> {
  return new Map(open.index.remoteBelow(''));
}

/** The tree computed as a whole from the documents, past every table. */
export function wholeTree(open: OpenFolder): Map<RelativePath, RemoteNode> {
  const { context } = open;
  const { shelf, rights } = context;
  const sets = new Map<RelativePath, readonly SetValue[]>();
  for (const shard of shelf.shards(FOLDER)) {
    const document = shelf.document(FOLDER, shard);
    for (const key of document.keys()) {
      const path = pathOfKey(key, shard);
      if (path !== null) sets.set(path, standingAt(context, shard, path).values);
    }
  }
  return remoteTree(sets, rights());
}

/** Paths of which some value was written without the right to. */
export function countVoided(open: OpenFolder): number {
  const { shelf, folder } = open.context;
  let count = 0;
  for (const shard of shelf.shards(folder)) {
    const document = shelf.document(folder, shard);
    for (const key of document.keys()) {
      const path = pathOfKey(key, shard);
      if (path !== null && standingAt(open.context, shard, path).voided) count += 1;
    }
  }
  return count;
}
