import { describe, expect, it } from 'vitest';
import { createIndexWorld, type IndexNode, livePaths, removes, treeOf, writes } from '../support/index-world.ts';

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
});
