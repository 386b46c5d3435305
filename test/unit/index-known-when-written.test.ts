import { describe, expect, it } from 'vitest';
import type { OwnChange } from '../../electron/engine/index/folder-index.ts';
import type { EntryVersion, RemoteNode } from '../../electron/engine/reconcile/tree-types.ts';
import { at, createIndexWorld, type IndexNode, makes, removes, withAccess, writes } from '../support/index-world.ts';

describe('RC9 of what it published without the right a device knows whether it had then what stands now', () => {
  it('it had what stood before, and not what another wrote meanwhile, nor that another removed something', async () => {
    const world = createIndexWorld(2);
    const [owner, late] = world.nodes as [IndexNode, IndexNode];
    world.connectAll();
    owner.folder.publish([writes('kept', 1), writes('edited', 2), writes('removed', 3)], () => undefined);
    owner.folder.publish([makes('d'), writes('d/file', 4)], () => undefined);
    await world.settle();
    world.network.disconnect(owner.device, late.device);
    const closing = owner.indexes.counters.highest(late.device);
    let published: readonly EntryVersion[] = [];
    const changes = [writes('kept', 11), writes('edited', 12), writes('removed', 13), writes('new', 14)];
    late.folder.publish(changes, (_, versions) => {
      published = versions;
    });
    owner.folder.publish([writes('edited', 22), removes('removed', 3), writes('new', 24)], () => undefined);
    world.commit((state) => withAccess(state, late.device, 'readOnly', closing));
    world.connectAll();
    await world.settle();

    const knew = changes.map(({ path }, number) => {
      const own = published[number] as EntryVersion;
      expect(late.folder.isVoid(path, own)).toBe(true);
      return [path, late.folder.knew(path, own, late.folder.remote(path) as RemoteNode)];
    });
    expect(Object.fromEntries(knew)).toEqual({ kept: true, edited: false, removed: false, new: false });
  });

  it('it had a directory that no entry made', async () => {
    const world = createIndexWorld(2);
    const [owner, late] = world.nodes as [IndexNode, IndexNode];
    world.connectAll();
    owner.folder.publish([writes('d/file', 4)], () => undefined);
    await world.settle();
    let own: EntryVersion | undefined;
    late.folder.publish([makes('d')], (_, [version]) => {
      own = version;
    });
    world.commit((state) => withAccess(state, late.device, 'readOnly', 0));
    const shown = late.folder.remote(at('d')) as RemoteNode;
    expect(shown.version.counter).toBe(0);
    expect(late.folder.knew(at('d'), own as EntryVersion, shown)).toBe(true);
  });

  it('it need not have had at the path a file that a directory kept from its name', async () => {
    const world = createIndexWorld(2);
    const [owner, late] = world.nodes as [IndexNode, IndexNode];
    late.folder.publish([writes('d/file', 1)], () => undefined);
    owner.folder.publish([writes('d', 2)], () => undefined);
    world.connectAll();
    await world.settle();
    expect(late.folder.remote(at('d'))?.value.kind).toBe('directory');
    let own: EntryVersion | undefined;
    late.folder.publish([makes('d')], (_, [version]) => {
      own = version;
    });
    world.commit((state) => withAccess(state, late.device, 'readOnly', 0));
    const shown = late.folder.remote(at('d')) as RemoteNode;
    expect(shown.value.kind).toBe('file');
    expect(late.folder.isVoid(at('d'), own as EntryVersion)).toBe(true);
    expect(late.folder.knew(at('d'), own as EntryVersion, shown)).toBe(false);
  });
});

describe('RC9 what a device published without the right, and another replaced', () => {
  /** The device's version, and what the owner makes of the path once that has come, knowing of the end or not. */
  async function replaced(
    isEndKnown: boolean,
    replacement: OwnChange,
  ): Promise<{ readonly late: IndexNode; readonly own: EntryVersion }> {
    const world = createIndexWorld(2);
    const [owner, late] = world.nodes as [IndexNode, IndexNode];
    const ended = withAccess(owner.group, late.device, 'readOnly', 0);
    const learn = (node: IndexNode): void => {
      node.group = ended;
      node.indexes.groupChanged();
    };
    world.connectAll();
    let own: EntryVersion | undefined;
    late.folder.publish([writes('a', 1)], (_, [version]) => {
      own = version;
    });
    await world.settle();
    if (isEndKnown) learn(owner);
    owner.folder.publish([replacement], () => undefined);
    await world.settle();
    for (const node of isEndKnown ? [late] : [owner, late]) learn(node);
    await world.settle();
    return { late, own: own as EntryVersion };
  }

  it('counts as never written where that one knew of the end', async () => {
    const { late, own } = await replaced(true, writes('a', 2));
    expect(late.folder.remote(at('a'))?.value).toMatchObject({ mtime: 2 });
    expect(late.folder.isVoid(at('a'), own)).toBe(true);
  });

  it('was replaced for good where that one did not', async () => {
    const { late, own } = await replaced(false, writes('a', 2));
    expect(late.folder.remote(at('a'))?.value).toMatchObject({ mtime: 2 });
    expect(late.folder.isVoid(at('a'), own)).toBe(false);
  });

  it('still counts so at the names of its copies after the device has published at the path again', async () => {
    const { late, own } = await replaced(true, writes('a', 2));
    late.group = withAccess(late.group, late.device, 'readWrite');
    late.indexes.groupChanged();
    late.folder.publish([writes('a', 3)], () => undefined);
    expect(late.folder.isVoid(at('a (conflict late 01010101)'), own)).toBe(true);
  });
});
