import { describe, expect, it } from 'vitest';
import { createByteWriter } from '../../electron/engine/index/byte-cursor.ts';
import { latestIn } from '../../electron/engine/index/shard-shelf.ts';
import { decodeIndexMessage } from '../../electron/engine/index/sync/messages.ts';
import { sameValue } from '../../electron/engine/reconcile/entry-set.ts';
import { isLive } from '../../electron/engine/reconcile/remote-tree.ts';
import { failure } from '../../shared/errors.ts';
import { isBelow, type RelativePath } from '../../shared/relative-path.ts';
import {
  changesOf,
  countVoided,
  createReader,
  drawChange,
  mergeInAnyOrder,
  shelfOf,
  treeMap,
  wholeTree,
} from '../support/index-histories.ts';
import {
  createIndexWorld,
  FOLDER,
  type IndexNode,
  type IndexWorld,
  testDevice,
  treeOf,
  withAccess,
} from '../support/index-world.ts';
import type { QueuedMessage } from '../support/memory-peers.ts';
import { createSeededRandom, type SeededRandom } from '../support/seeded-random.ts';

const HISTORIES = Number(process.env.FLOTILLA_HISTORIES ?? 20);
/** Looks that the histories did what they are there for. */
const done = { copies: 0, voided: 0, published: 0, lies: 0 };

/** Publishes one change and looks that the tree differs at no other path than it says. */
function publishChecked(node: IndexNode, random: SeededRandom, seed: number): void {
  const change = drawChange(node, random);
  const before = new Map(node.folder.remoteBelow(''));
  node.folder.publish([change], () => undefined);
  done.published += 1;
  done.copies += [...before.values()].filter(({ copyOf }) => copyOf !== null).length;
  const after = new Map(node.folder.remoteBelow(''));
  const said = after.get(change.path);
  // A file cannot stand where live children make a directory: it becomes a conflict copy, wherever that finds room.
  if (said === undefined || !sameValue(said.value, change.value)) return;
  for (const path of new Set<RelativePath>([...before.keys(), ...after.keys()])) {
    if (path === change.path) continue;
    const was = before.get(path);
    const is = after.get(path);
    if (!isLive(was) && !isLive(is)) continue;
    // A live child revives its parents, and turns a file in its way into a conflict copy.
    if (
      isBelow(change.path, path) ||
      (is?.copyOf !== null && is !== undefined && isBelow(change.path, is.copyOf.path))
    ) {
      continue;
    }
    const same = was !== undefined && is !== undefined && sameValue(was.value, is.value);
    if (!same) {
      throw failure(
        'internal',
        `seed ${seed}: ${JSON.stringify(change)} altered ${path}: ${JSON.stringify([was, is])}`,
      );
    }
  }
}

/** The third device's right to write is given or taken, with or without its last changes named; some apply it later. */
function changeRights(world: IndexWorld, random: SeededRandom): void {
  const third = world.nodes[2] as IndexNode;
  const newest = newestGroup(world);
  const closing = random.chance(0.8) ? random.integer(third.indexes.counters.own() + 1) : null;
  const access = random.pick(['readOnly', 'readOnly', 'readWrite'] as const);
  const names = access === 'readOnly' && random.chance(0.7);
  const latest = names ? latestIn(shelfOf(random.pick(world.nodes.slice(0, 2))), FOLDER, third.tag) : null;
  const changed = withAccess(newest, third.device, access, closing, FOLDER, latest);
  for (const node of world.nodes) pendingGroups.set(node, changed);
}

function newestGroup(world: IndexWorld): IndexNode['group'] {
  const groups = [...world.nodes.map(({ group }) => group), ...pendingGroups.values()];
  return groups.reduce((newest, group) => (group.applied.index > newest.applied.index ? group : newest));
}

function applyPending(random: SeededRandom, probability: number): void {
  for (const [node, group] of pendingGroups) {
    if (!random.chance(probability)) continue;
    pendingGroups.delete(node);
    node.group = group;
    node.indexes.groupChanged();
  }
}

/** The device writes as though its right had never ended, under a counter that it may have used, or jumps ahead. */
function lie(node: IndexNode, random: SeededRandom): void {
  const honest = node.group;
  const folder = honest.folders.get(FOLDER);
  if (folder === undefined) throw new Error('no such folder');
  const accessEvents = new Map(folder.accessEvents);
  accessEvents.delete(node.device);
  node.group = { ...honest, folders: new Map(honest.folders).set(FOLDER, { ...folder, accessEvents }) };
  node.indexes.groupChanged();
  const bytes = createByteWriter();
  bytes.unsigned(random.pick([0, 2, node.indexes.counters.own(), 2 ** 40]));
  node.store.transaction((tx) => tx.put('index-counter', node.tag, bytes.done()));
  node.folder.publish([drawChange(node, random)], () => undefined);
  node.group = honest;
  node.indexes.groupChanged();
  done.lies += 1;
}

/** What others say of the third device's counters does not reach it: it lies about them. */
function isToldCounters({ to, bytes }: QueuedMessage): boolean {
  return to === testDevice(2).device && decodeIndexMessage(bytes)?.type === 'counters';
}

async function randomHistory(seed: number): Promise<{ world: IndexWorld; random: SeededRandom }> {
  const random = createSeededRandom(seed);
  const world = createIndexWorld(3);
  const third = world.nodes[2] as IndexNode;
  const isLiar = seed % 2 === 0;
  if (isLiar) world.network.dropWhere(isToldCounters);
  pendingGroups.clear();
  for (let round = 0; round < 7; round += 1) {
    if (random.chance(0.3)) changeRights(world, random);
    for (const node of world.nodes) {
      if (random.chance(0.1)) world.restart(node);
      applyPending(random, 0.4);
      if (isLiar && node === third && random.chance(0.6)) lie(node, random);
      for (let more = random.integer(4); more > 0; more -= 1) {
        if (node.number !== 2 || mayWrite(node)) publishChecked(node, random, seed);
      }
    }
    if (random.chance(0.7)) {
      const [a, b] = [random.pick(world.nodes), random.pick(world.nodes)];
      if (random.chance(0.5)) world.connectAll();
      else world.network.connect(a.device, b.device);
      await world.settle();
      if (random.chance(0.8)) for (const node of world.nodes) world.network.isolate(node.device);
    }
  }
  applyPending(random, 1);
  world.connectAll();
  await world.settle();
  return { world, random };
}

const pendingGroups = new Map<IndexNode, IndexNode['group']>();

function mayWrite(node: IndexNode): boolean {
  const events = node.group.folders.get(node.folder.folder)?.accessEvents.get(node.device) ?? [];
  return (events.at(-1)?.access ?? 'readWrite') === 'readWrite';
}

describe('remote tree of random histories', () => {
  it('IX11 IX12 is the same on all devices, in any order of merging, and whole or step by step', async () => {
    for (let seed = 1; seed <= HISTORIES; seed += 1) {
      const { world, random } = await randomHistory(seed);
      const [first] = world.nodes as [IndexNode];
      const tree = treeOf(first.folder);
      for (const node of world.nodes) {
        expect(treeOf(node.folder), `seed ${seed}, device ${node.number}`).toEqual(tree);
        expect(node.problems).toEqual([]);
      }
      const changes = changesOf(first);
      for (let reading = 0; reading < 2; reading += 1) {
        const reader = createReader(first.group, reading);
        mergeInAnyOrder(reader, changes, random);
        expect(treeOf(reader.index), `seed ${seed}, reader ${reading}`).toEqual(tree);
        done.voided += countVoided(reader);
        expect(treeMap(reader), `seed ${seed}, whole`).toEqual(wholeTree(reader));
      }
    }
    expect(done.published).toBeGreaterThan(HISTORIES * 10);
    expect(done.copies).toBeGreaterThan(HISTORIES * 10);
    expect(done.voided).toBeGreaterThan(HISTORIES / 2);
    expect(done.lies).toBeGreaterThan(HISTORIES / 2);
  }, 600_000);
});
