import { highestCounters } from '../../../electron/engine/index/counters.ts';
import { createKnownAtEnds } from '../../../electron/engine/index/known-at-ends.ts';
import { shardOf } from '../../../electron/engine/index/shard-place.ts';
import { createShardShelf, latestIn, type ShardShelf } from '../../../electron/engine/index/shard-shelf.ts';
import { readNode, readSet } from '../../../electron/engine/index/stored-tree.ts';
import type { Store } from '../../../electron/engine/ports/store.ts';
import { changesOf, createReader } from '../index-histories.ts';
import {
  at,
  createIndexWorld,
  FOLDER,
  type IndexNode,
  makes,
  removes,
  testDevice,
  testGroup,
  treeOf,
  withAccess,
  writes,
} from '../index-world.ts';
import { createMemoryStore } from '../memory-store.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { copyTables, type RowCase } from './row-case.ts';

const author = testDevice(0);
const PATH = at('a.txt');
/** The log has gone on by one entry. */
const later = withAccess(testGroup(1), author.device, 'readWrite');
/** The author may no longer write; a change that this names is not here. */
const ended = withAccess(
  testGroup(1),
  author.device,
  'readOnly',
  4711,
  FOLDER,
  new Map([[shardOf(PATH), ['33'.repeat(32)]]]),
);

function onlyNode(): IndexNode {
  const [node] = createIndexWorld(1).nodes;
  if (node === undefined) throw new Error('no device');
  return node;
}

const shelfOver = (store: Store): ShardShelf =>
  createShardShelf(store, createSeededRandom(0), author.tag, () => undefined);

/** Rows of a folder's index. */
export const INDEX_ROWS: Readonly<Record<string, RowCase>> = {
  'the index of a folder': {
    write: (disk) => {
      const node = onlyNode();
      const link = { path: at('link'), value: { kind: 'symlink', target: 'a.txt' }, conflictOf: null } as const;
      node.folder.publish([writes('a.txt', 1), writes('Plans/b.txt', 2), makes('Empty'), link], () => undefined);
      node.folder.publish([writes('a.txt', 3)], () => undefined);
      node.folder.publish([removes('Plans/b.txt', 2)], () => undefined);
      node.folder.publish(
        [{ ...writes('a (copy).txt', 4), conflictOf: { author: author.tag, counter: 1 } }],
        () => undefined,
      );
      copyTables(node.disk, disk);
    },
    read: (store) => [
      [...highestCounters(store)],
      ...['a.txt', 'Plans', 'Plans/b.txt', 'Empty', 'link', 'a (copy).txt'].map((one) => [
        readNode(store, FOLDER, at(one)),
        readSet(store, FOLDER, at(one))?.values.map(({ entry, version, seen }) => ({ entry, version, seen })),
      ]),
      shelfOver(store)
        .shards(FOLDER)
        .map((shard) => shelfOver(store).summary(FOLDER, shard)),
      [...latestIn(shelfOver(store), FOLDER, author.tag)],
      treeOf(createReader(testGroup(1), 1, store).index),
    ],
  },
  'a change that waits for the log': {
    write: (disk) => {
      const node = onlyNode();
      node.group = later;
      node.indexes.groupChanged();
      node.folder.publish([writes('a.txt', 1)], () => undefined);
      createReader(testGroup(1), 1, createMemoryStore(disk)).merge(changesOf(node));
    },
    read: (store) => {
      const reader = createReader(later, 1, store);
      reader.groupChanged();
      return treeOf(reader.index);
    },
  },
  'what was here of a device at the end of its right to write': {
    write: (disk) => {
      const node = onlyNode();
      node.folder.publish([writes('a.txt', 1)], () => undefined);
      let group = testGroup(1);
      const reader = createReader(() => group, 1, createMemoryStore(disk));
      reader.merge(changesOf(node));
      group = ended;
      reader.groupChanged();
    },
    read: (store) => [
      createKnownAtEnds(store, shelfOver(store), FOLDER).of(author.tag, ended.applied.index, shardOf(PATH)),
      treeOf(createReader(ended, 1, store).index),
    ],
  },
  'a change that was set aside': {
    write: (disk) => {
      const node = onlyNode();
      node.folder.publish([writes('a.txt', 1)], () => undefined);
      const [row] = node.store.range('index-change', { prefix: FOLDER });
      if (row === undefined) throw new Error('nothing was published');
      // Its envelope stays whole, and its change is none any more.
      node.store.transaction((tx) => tx.put('index-change', row.key, row.value.subarray(0, 130)));
      shelfOver(node.store).document(FOLDER, shardOf(PATH));
      copyTables(node.disk, disk, ['index-aside', 'index-shard']);
    },
    read: (store) => [
      [...store.range('index-aside', { prefix: FOLDER })],
      shelfOver(store).summary(FOLDER, shardOf(PATH)),
    ],
  },
};
