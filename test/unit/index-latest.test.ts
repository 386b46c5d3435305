import { describe, expect, it } from 'vitest';
import type { LatestChanges } from '../../electron/engine/group/latest-changes.ts';
import { latestIn } from '../../electron/engine/index/shard-shelf.ts';
import {
  decodeIndexMessage,
  encodeIndexMessage,
  type IndexMessage,
} from '../../electron/engine/index/sync/messages.ts';
import type { DeviceTag, FolderId } from '../../shared/ids.ts';
import { shelfOf } from '../support/index-histories.ts';
import {
  at,
  createIndexWorld,
  FOLDER,
  type IndexNode,
  type IndexWorld,
  OTHER_FOLDER,
  treeOf,
  withAccess,
  writes,
} from '../support/index-world.ts';

const none = (): void => undefined;
type Nodes = [IndexNode, IndexNode, IndexNode, IndexNode];

/** Four devices; the last one wrote, and everybody has it, but for what only the third has of it. */
async function writtenByLast(): Promise<{
  world: IndexWorld;
  nodes: Nodes;
  early: LatestChanges;
  late: LatestChanges;
}> {
  const world = createIndexWorld(4);
  const nodes = world.nodes as unknown as Nodes;
  const [, , third, last] = nodes;
  world.connectAll();
  last.folder.publish([writes('a', 1), writes('d/a', 2)], none);
  await world.settle();
  const early = latestIn(shelfOf(last), FOLDER, last.tag);
  for (const node of nodes) world.network.isolate(node.device);
  world.network.connect(third.device, last.device);
  last.folder.publish([writes('a', 3)], none);
  await world.settle();
  const late = latestIn(shelfOf(last), FOLDER, last.tag);
  world.network.isolate(last.device);
  return { world, nodes, early, late };
}

async function ask(world: IndexWorld, by: IndexNode, of: IndexNode, folders = [FOLDER]) {
  const answer = by.indexes.latestOf(of.device, folders);
  await world.settle();
  return answer;
}

const hashes = (latest: LatestChanges | undefined): string[] => [...(latest?.values() ?? [])].flat().sort();

describe('IX20 the last changes of a device', () => {
  it('IX20 are named as this and the connected devices have them that may write', async () => {
    const { world, nodes, early, late } = await writtenByLast();
    const [first, second, third, last] = nodes;
    expect(hashes((await ask(world, first, last)).get(FOLDER))).toEqual(hashes(early));
    world.network.connect(first.device, second.device);
    expect(hashes((await ask(world, first, last)).get(FOLDER))).toEqual(hashes(early));
    // It may not write: what it says is not asked for.
    world.commit((state) => withAccess(state, third.device, 'readOnly', 9));
    world.network.dropWhere(
      ({ channel, bytes }) => channel === 'index' && decodeIndexMessage(bytes)?.type === 'changes',
    );
    world.network.connect(first.device, third.device);
    expect(hashes((await ask(world, first, last)).get(FOLDER))).toEqual(hashes(early));
    world.commit((state) => withAccess(state, third.device, 'readWrite'));
    const both = hashes((await ask(world, first, last)).get(FOLDER));
    expect(both).toEqual([...new Set([...hashes(early), ...hashes(late)])].sort());
    expect(both.length).toBeGreaterThan(hashes(early).length);
    for (const node of nodes) expect(node.problems).toEqual([]);
  });

  it('IX20 are told to an admin that does not hold the folder, and never asked of the device itself', async () => {
    const { world, nodes, late } = await writtenByLast();
    const [first, , third, last] = nodes;
    first.indexes.forget(FOLDER);
    expect((await ask(world, first, last)).size).toBe(0);
    world.network.connect(first.device, last.device);
    expect((await ask(world, first, last)).size).toBe(0);
    world.network.connect(first.device, third.device);
    world.commit((state) => withAccess(state, first.device, 'none', 0));
    const named = await ask(world, first, last, [FOLDER, OTHER_FOLDER]);
    expect([...named.keys()]).toEqual([FOLDER]);
    expect(hashes(named.get(FOLDER))).toEqual(hashes(late));
  });

  it('IX20 are waited for no longer than a second, and not for who goes', async () => {
    const { world, nodes, late } = await writtenByLast();
    const [first, second, third, last] = nodes;
    world.network.dropWhere(({ bytes }) => decodeIndexMessage(bytes)?.type === 'latest');
    world.network.connect(first.device, second.device);
    world.network.connect(first.device, third.device);
    let done = 0;
    const asking = first.indexes.latestOf(last.device, [FOLDER]).finally(() => {
      done = world.clock.monotonic();
    });
    const begun = world.clock.monotonic();
    await world.settle();
    expect(done - begun).toBe(1_000);
    expect(hashes((await asking).get(FOLDER))).toEqual(hashes(late));
    const again = first.indexes.latestOf(last.device, [FOLDER]);
    world.network.isolate(first.device);
    expect((await again).size).toBe(1);
  });

  it('IX20 are believed of nobody who was not asked, of no other folder, and read in one form only', async () => {
    const { world, nodes, early } = await writtenByLast();
    const [first, second, , last] = nodes;
    world.network.connect(first.device, second.device);
    world.network.connect(first.device, last.device);
    world.network.dropWhere(({ bytes }) => decodeIndexMessage(bytes)?.type === 'latestAsked');
    const asking = first.indexes.latestOf(last.device, [FOLDER]);
    const forged = new Map([[0, ['ab'.repeat(32)]]]);
    const say = (from: IndexNode, folder: FolderId): void => {
      const bytes = encodeIndexMessage({ type: 'latest', request: 1, folders: new Map([[folder, forged]]) });
      world.network.peersOf(from.device).send(first.device, 'index', bytes);
    };
    say(last, FOLDER);
    say(second, OTHER_FOLDER);
    await world.settle();
    const named = await asking;
    expect([...named.keys()]).toEqual([FOLDER]);
    expect(hashes(named.get(FOLDER))).toEqual(hashes(early));
    const many = new Map([[0, Array.from({ length: 17 }, (_, one) => one.toString(16).padStart(64, '0'))]]);
    expect(
      decodeIndexMessage(encodeIndexMessage({ type: 'latest', request: 1, folders: new Map([[FOLDER, many]]) })),
    ).toBe(null);
    const messages: IndexMessage[] = [
      { type: 'latestAsked', request: 7, author: 'cd'.repeat(16) as DeviceTag, folders: [FOLDER, OTHER_FOLDER] },
      {
        type: 'latest',
        request: 7,
        folders: new Map([
          [FOLDER, forged],
          [OTHER_FOLDER, new Map()],
        ]),
      },
    ];
    for (const message of messages) expect(decodeIndexMessage(encodeIndexMessage(message))).toEqual(message);
  });
});

describe('IX14 what a device claims of the counters of others', () => {
  it('IX14 leaves them room to go on', async () => {
    const world = createIndexWorld(2);
    const [a, b] = world.nodes as [IndexNode, IndexNode];
    world.connectAll();
    await world.settle();
    const claim = async (counter: number): Promise<void> => {
      const bytes = encodeIndexMessage({ type: 'counters', counters: new Map([[a.tag, counter]]) });
      world.network.peersOf(b.device).send(a.device, 'index', bytes);
      await world.settle();
    };
    for (const counter of [2 ** 48, 2 ** 47 + 1]) await claim(counter);
    expect(a.indexes.counters.own()).toBe(0);
    await claim(2 ** 47);
    expect(a.indexes.counters.own()).toBe(2 ** 47);
    world.restart(b);
    world.connectAll();
    a.folder.publish([writes('a', 1)], none);
    await world.settle();
    expect(b.folder.remote(at('a'))?.version.counter).toBe(2 ** 47 + 1);
    expect(treeOf(b.folder)).toEqual(treeOf(a.folder));
  });
});
