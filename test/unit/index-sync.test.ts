import { describe, expect, it } from 'vitest';
import {
  at,
  contentOf,
  createIndexWorld,
  type IndexNode,
  livePaths,
  removes,
  treeOf,
  writes,
} from '../support/index-world.ts';

const none = (): void => undefined;

function expectEqual(nodes: readonly IndexNode[]): void {
  for (const node of nodes) {
    expect(treeOf(node.folder)).toEqual(treeOf((nodes[0] as IndexNode).folder));
    expect(node.indexes.progress(node.folder.folder).digest()).toBe(
      (nodes[0] as IndexNode).indexes.progress(node.folder.folder).digest(),
    );
    expect(node.problems).toEqual([]);
  }
}

describe('exchange of a folder index', () => {
  it('IX16 brings a published file to a connected device in one message', () => {
    const world = createIndexWorld(2);
    const [a, b] = world.nodes as [IndexNode, IndexNode];
    world.connectAll();
    world.network.deliverAll();
    a.folder.publish([writes('dir/a.txt', 1)], none);
    expect(world.network.queued().length).toBe(1);
    const heard: string[] = [];
    b.folder.subscribe((changed) => heard.push(...changed));
    world.network.deliver(1);
    expect(heard.sort()).toEqual(['dir', 'dir/a.txt']);
    expect(livePaths(b.folder)).toEqual(['dir', 'dir/a.txt']);
  });

  it('IX18 brings devices together that wrote apart', async () => {
    const world = createIndexWorld(3);
    for (const node of world.nodes) {
      node.folder.publish([writes(`own/${node.number}`, node.number), writes('both', 10 + node.number)], none);
    }
    world.connectAll();
    await world.settle();
    expectEqual(world.nodes);
    expect(livePaths((world.nodes[0] as IndexNode).folder)).toEqual([
      'both',
      'both (conflict device-0 0a0a0a0a)',
      'both (conflict device-1 0b0b0b0b)',
      'own',
      'own/0',
      'own/1',
      'own/2',
    ]);
  });

  it('IX15 costs equal devices one small message each', async () => {
    const world = createIndexWorld(2);
    const [a, b] = world.nodes as [IndexNode, IndexNode];
    world.connectAll();
    a.folder.publish([writes('a', 1)], none);
    await world.settle();
    world.network.disconnect(a.device, b.device);
    world.network.connect(a.device, b.device);
    // A digest of the folder, and the table of counters, which is for all folders.
    expect(world.network.queued().length).toBe(4);
    const bytes = world.network.queued().reduce((sum, message) => sum + message.bytes.byteLength, 0);
    expect(bytes).toBeLessThan(400);
    expect(world.network.deliverAll()).toBe(4);
    expectEqual(world.nodes);
    expect(a.indexes.progress(a.folder.folder).headsEqual(b.device)).toBe(true);
  });

  it('IX6 IX18 goes on after a restart where it was', async () => {
    const world = createIndexWorld(2);
    const [a, b] = world.nodes as [IndexNode, IndexNode];
    a.folder.publish([writes('x/a', 1), writes('y/b', 2)], none);
    world.restart(a);
    a.folder.publish([removes('x/a', 1)], none);
    world.connectAll();
    await world.settle();
    expectEqual(world.nodes);
    expect(livePaths(b.folder)).toEqual(['x', 'y', 'y/b']);
  });

  it('IX18 goes on with a device that closed the folder in the middle and opened it again', async () => {
    const world = createIndexWorld(2);
    const [a, b] = world.nodes as [IndexNode, IndexNode];
    world.connectAll();
    world.network.deliverAll();
    a.folder.publish([writes('a', 1)], none);
    world.network.dropWhere(({ from }) => from === a.device);
    a.folder.publish([writes('a', 2)], none);
    world.network.dropWhere(null);
    // Builds on what was lost: the other asks, and we are gone before we answer.
    a.folder.publish([writes('a', 3)], none);
    world.network.deliver(3);
    a.indexes.close(a.folder.folder);
    await world.settle();
    expect(b.indexes.progress(b.folder.folder).pendingFrom(a.device)).toBe(true);
    a.folder = a.indexes.open(a.folder.folder);
    await world.settle();
    expectEqual(world.nodes);
    expect(b.indexes.progress(b.folder.folder).headsEqual(a.device)).toBe(true);
  });

  it('IX16 IX18 passes changes on between devices that are not connected', async () => {
    const world = createIndexWorld(3);
    const [a, b, c] = world.nodes as [IndexNode, IndexNode, IndexNode];
    world.network.connect(a.device, b.device);
    world.network.connect(b.device, c.device);
    await world.settle();
    a.folder.publish([writes('x/a', 1), { ...removes('y', null), path: at('y') }], none);
    await world.settle();
    expectEqual(world.nodes);
    expect(livePaths(c.folder)).toEqual(['x', 'x/a']);
  });

  it('IX16 costs a save one message to each device, and a small one back and across', async () => {
    const world = createIndexWorld(3);
    const [a] = world.nodes as [IndexNode];
    world.connectAll();
    await world.settle();
    const sent: number[] = [];
    world.network.dropWhere(({ bytes }) => {
      sent.push(bytes.byteLength);
      return false;
    });
    a.folder.publish([writes('a', 1)], none);
    await world.settle();
    // Two with the change; who has it tells the two others its heads; and the counters, to two each.
    expect(sent.length).toBeLessThanOrEqual(2 + 4 + 6);
    expect(sent.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(2_500);
    expectEqual(world.nodes);
  });

  it('IX13 receives both halves of a move together', async () => {
    const world = createIndexWorld(2);
    const [a, b] = world.nodes as [IndexNode, IndexNode];
    world.connectAll();
    a.folder.publish([writes('from/a', 1)], none);
    await world.settle();
    const heard: string[][] = [];
    b.folder.subscribe((changed) => heard.push([...changed].sort()));
    const gone = { kind: 'gone', content: contentOf(1), movedTo: at('to/b') } as const;
    a.folder.publish([{ path: at('from/a'), value: gone, conflictOf: null }, writes('to/b', 1)], none);
    world.network.deliver(1);
    expect(heard).toEqual([['from', 'from/a', 'to', 'to/b']]);
    expect(b.folder.remote(at('from/a'))?.value).toEqual(gone);
  });
});
