import { describe, expect, it } from 'vitest';
import { encodeIndexMessage } from '../../electron/engine/index/sync/messages.ts';
import { failure } from '../../shared/errors.ts';
import {
  at,
  contentOf,
  createIndexWorld,
  FOLDER,
  type IndexNode,
  livePaths,
  removes,
  treeOf,
  withAccess,
  writes,
} from '../support/index-world.ts';
import { copyMemoryDisk, createMemoryDisk } from '../support/memory-store.ts';

const none = (): void => undefined;

describe('publishing', () => {
  it('IX6 keeps nothing where the transaction fails, and goes on afterwards', async () => {
    const world = createIndexWorld(2);
    const [a, b] = world.nodes as [IndexNode, IndexNode];
    world.connectAll();
    await world.settle();
    a.store.failNext(failure('disk-full', 'The disk is full'));
    expect(() => a.folder.publish([writes('a', 1)], none)).toThrow('The disk is full');
    expect(() =>
      a.folder.publish([writes('b', 1)], () => {
        throw failure('cancelled', 'remote has moved on');
      }),
    ).toThrow('remote has moved on');
    expect(treeOf(a.folder)).toEqual([]);
    expect(world.network.queued()).toEqual([]);
    a.folder.publish([writes('c', 1)], none);
    await world.settle();
    expect(livePaths(b.folder)).toEqual(['c']);
    world.restart(a);
    expect(livePaths(a.folder)).toEqual(['c']);
  });

  it('IX13 tells the versions in order, and counts changes over all folders', () => {
    const world = createIndexWorld(1);
    const [a] = world.nodes as [IndexNode];
    const told: number[][] = [];
    const changes = [writes('a', 1), writes('d/b', 2), writes('c', 3)];
    a.folder.publish(changes, (tx, versions) => {
      told.push(versions.map(({ counter }) => counter));
      tx.put('test', 'row', new Uint8Array([1]));
    });
    expect(told).toEqual([[1, 2, 1]]);
    expect(a.store.get('test', 'row')).toEqual(new Uint8Array([1]));
    expect(a.indexes.counters.own()).toBe(2);
    a.folder.publish([writes('a', 4)], none);
    expect(a.folder.remote(at('a'))?.version).toEqual({ author: a.tag, counter: 3 });
  });

  it('IX13 is refused without the right to write, before a holder was received, and while held', async () => {
    const world = createIndexWorld(2);
    const [a, b] = world.nodes as [IndexNode, IndexNode];
    world.commit((state) => withAccess(state, b.device, 'readOnly', 0));
    expect(() => b.folder.publish([writes('a', 1)], none)).toThrow(
      expect.objectContaining({ code: 'no-right-to-write' }),
    );
    a.indexes.hold(failure('home-cloned', 'twice'));
    expect(() => a.folder.publish([writes('a', 1)], none)).toThrow(expect.objectContaining({ code: 'home-cloned' }));
    a.indexes.hold(null);
    a.folder.publish([writes('a', 1)], none);
    world.commit((state) => withAccess(state, b.device, 'readWrite'));
    world.restart(b, createMemoryDisk());
    expect(b.folder.state().type).toBe('waitingForHolder');
    expect(() => b.folder.publish([writes('b', 1)], none)).toThrow(
      expect.objectContaining({ code: 'folder-not-held' }),
    );
    world.connectAll();
    await world.settle();
    expect(b.folder.state().type).toBe('ready');
    b.folder.publish([writes('b', 1)], none);
    await world.settle();
    expect(livePaths(a.folder)).toEqual(['a', 'b']);
  });
});

describe('merging', () => {
  it('IX6 loses nothing to a store that fails, and asks for it again', async () => {
    const world = createIndexWorld(2);
    const [a, b] = world.nodes as [IndexNode, IndexNode];
    world.connectAll();
    await world.settle();
    a.folder.publish([writes('a', 1)], none);
    b.store.failNext(failure('disk-full', 'The disk is full'));
    world.network.deliver(1);
    expect(treeOf(b.folder)).toEqual([]);
    expect(b.indexes.progress(FOLDER).pendingFrom(a.device)).toBe(true);
    await world.settle();
    expect(livePaths(b.folder)).toEqual(['a']);
    expect(b.indexes.progress(FOLDER).headsEqual(a.device)).toBe(true);
  });

  it('IX15 IX18 has everything after a restart in the middle of a long exchange', async () => {
    const world = createIndexWorld(2);
    const [a, b] = world.nodes as [IndexNode, IndexNode];
    // Long names, so that few entries fill several messages.
    for (let round = 0; round < 8; round += 1) {
      const name = (number: number): string => `d${round}/${number}${'-'.repeat(240)}`;
      a.folder.publish(
        Array.from({ length: 130 }, (_, number) => writes(name(number), 1 + (number % 200))),
        none,
      );
    }
    world.connectAll();
    for (let delivered = 0; livePaths(b.folder).length === 0; delivered += 1) {
      expect(delivered).toBeLessThan(100);
      world.network.deliver(1);
      await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(livePaths(b.folder).length).toBeLessThan(1_048);
    expect(b.indexes.progress(FOLDER).pendingFrom(a.device)).toBe(true);
    world.restart(b);
    expect(b.indexes.progress(FOLDER).pendingFrom(a.device)).toBe(false);
    world.connectAll();
    await world.settle();
    expect(livePaths(b.folder).length).toBe(1_048);
    expect(a.indexes.progress(FOLDER).headsEqual(b.device)).toBe(true);
    expect(b.indexes.progress(FOLDER).digest()).toBe(a.indexes.progress(FOLDER).digest());
  });

  it('IX6 fetches again what its own database has lost', async () => {
    const world = createIndexWorld(2);
    const [a, b] = world.nodes as [IndexNode, IndexNode];
    world.connectAll();
    for (const content of [1, 2, 3]) a.folder.publish([writes('a', content)], none);
    await world.settle();
    b.store.transaction((tx) => {
      const rows = [...tx.range('index-change', {})];
      const second = rows[1];
      if (second !== undefined)
        tx.put(
          'index-change',
          second.key,
          second.value.map((byte) => byte ^ 1),
        );
    });
    world.restart(b);
    world.connectAll();
    await world.settle();
    a.folder.publish([writes('a', 4)], none);
    await world.settle();
    await world.settle();
    expect(b.indexes.progress(FOLDER).digest()).toBe(a.indexes.progress(FOLDER).digest());
    expect(treeOf(b.folder)).toEqual(treeOf(a.folder));
    expect(b.folder.remote(at('a'))?.value).toMatchObject({ content: contentOf(4) });
  });
});

describe('a home that was restored from a copy', () => {
  it('IX14 publishes nothing before it has its own latest changes, and goes on above their number', async () => {
    const world = createIndexWorld(2);
    const [a, b] = world.nodes as [IndexNode, IndexNode];
    world.connectAll();
    a.folder.publish([writes('a', 1)], none);
    await world.settle();
    const backup = copyMemoryDisk(a.disk);
    a.folder.publish([writes('a', 2)], none);
    a.folder.publish([writes('b', 3)], none);
    await world.settle();
    world.restart(a, backup);
    world.network.connect(a.device, b.device);
    // The peer's table of counters comes first.
    world.network.deliver(3);
    expect(a.indexes.counters.ahead()).toEqual({ device: b.device, counter: 3 });
    expect(a.forgotten).toEqual(['claimed']);
    expect(() => a.folder.publish([writes('c', 4)], none)).toThrow(expect.objectContaining({ code: 'home-restored' }));
    await world.settle();
    expect(livePaths(a.folder)).toEqual(['a', 'b']);
    a.folder.publish([writes('c', 4)], none);
    expect(a.folder.remote(at('c'))?.version.counter).toBe(4);
    await world.settle();
    expect(treeOf(a.folder)).toEqual(treeOf(b.folder));
    expect(b.problems).toEqual([]);
    expect(b.forgotten).toEqual([]);
  });

  it('PA-56 is proven by a later change that this device signed itself, and by nothing that another says', async () => {
    const world = createIndexWorld(2);
    const [a, b] = world.nodes as [IndexNode, IndexNode];
    world.connectAll();
    a.folder.publish([writes('a', 1)], none);
    b.folder.publish([writes('b', 2)], none);
    await world.settle();
    const backup = copyMemoryDisk(a.disk);
    world.restart(a);
    world.connectAll();
    await world.settle();
    a.folder.publish([writes('a', 3)], none);
    await world.settle();
    expect(a.forgotten).toEqual([]);
    world.restart(a, backup);
    world.connectAll();
    await world.settle();
    expect(a.forgotten).toEqual(['claimed', 'signed']);

    a.forgotten.length = 0;
    world.network.crash(b.device);
    const liar = world.network.peersOf(b.device);
    world.connectAll();
    const counters = new Map([[a.tag, 1_000]]);
    liar.send(a.device, 'index', encodeIndexMessage({ type: 'counters', counters }));
    await world.settle();
    expect(a.indexes.counters.own()).toBe(1_000);
    a.folder.publish([writes('c', 4)], none);
    expect(a.forgotten).toEqual([]);
  });

  it('IX14 knows the closing number of a device from any connected one', async () => {
    const world = createIndexWorld(3);
    const [a, b, c] = world.nodes as [IndexNode, IndexNode, IndexNode];
    world.network.connect(b.device, c.device);
    b.folder.publish([writes('a', 1), writes('d/a', 1)], none);
    await world.settle();
    world.network.crash(b.device);
    a.indexes.close(FOLDER);
    world.network.connect(a.device, c.device);
    await world.settle();
    expect(a.indexes.counters.highest(b.device)).toBe(2);
    expect(a.indexes.counters.here().size).toBe(0);
  });
});

describe('access', () => {
  it('IX17 decides who is sent the index, from the moment that the log says so', async () => {
    const world = createIndexWorld(2);
    const [a, b] = world.nodes as [IndexNode, IndexNode];
    world.commit((state) => withAccess(state, b.device, 'none', 0));
    world.connectAll();
    a.folder.publish([writes('a', 1)], none);
    await world.settle();
    expect(treeOf(b.folder)).toEqual([]);
    world.commit((state) => withAccess(state, b.device, 'readOnly'));
    await world.settle();
    expect(livePaths(b.folder)).toEqual(['a']);
    world.commit((state) => withAccess(state, b.device, 'none', 0));
    a.folder.publish([removes('a', 1)], none);
    await world.settle();
    expect(livePaths(b.folder)).toEqual(['a']);
  });

  it('IX7 taken away makes void what was written beyond the closing number, on every device', async () => {
    const world = createIndexWorld(3);
    const [a, b] = world.nodes as [IndexNode, IndexNode];
    world.connectAll();
    a.folder.publish([writes('a', 1), writes('b', 1)], none);
    await world.settle();
    b.folder.publish([writes('a', 2)], none);
    b.folder.publish([removes('b', 1), writes('c', 3)], none);
    await world.settle();
    expect(livePaths(a.folder)).toEqual(['a', 'c']);
    const heard: string[] = [];
    a.folder.subscribe((changed) => heard.push(...changed));
    world.commit((state) => withAccess(state, b.device, 'readOnly', 1));
    expect(heard.sort()).toEqual(['b', 'c']);
    await world.settle();
    for (const node of world.nodes) {
      expect(livePaths(node.folder)).toEqual(['a', 'b']);
      expect(node.folder.remote(at('a'))?.version.author).toBe(b.tag);
    }
  });
});

describe('forgetting a folder', () => {
  it('leaves no row of it', () => {
    const world = createIndexWorld(1);
    const [a] = world.nodes as [IndexNode];
    a.folder.publish([writes('a', 1), writes('d/b', 2)], none);
    a.indexes.forget(FOLDER);
    const left = [...a.disk.tables].flatMap(([name, { keys }]) => keys.map((key) => `${name} ${key}`));
    expect(left).toEqual([`index-counter ${a.tag}`]);
  });
});
