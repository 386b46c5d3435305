import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { SLICE_MS } from '../../shared/limits.ts';
import type { RelativePath } from '../../shared/relative-path.ts';
import { snapshot } from '../support/disk-snapshot.ts';
import { createFolderWorld, type FolderWorld, type TestDevice } from '../support/folder-world.ts';

let world: FolderWorld;

afterEach(async () => {
  const errors = world.devices.flatMap((device) => device.errors);
  await world.close();
  expect(errors).toEqual([]);
});

function expectSame(): Record<string, string> {
  const trees = world.devices.map(({ root }) => snapshot(root));
  for (const tree of trees.slice(1)) expect(tree).toEqual(trees[0]);
  return trees[0] ?? {};
}

test('RC1 files, directories, links, modes and times become the same on both devices', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  mkdirSync(one!.at('photos/2024/empty'), { recursive: true });
  writeFileSync(one!.at('photos/2024/a.txt'), 'hello');
  writeFileSync(one!.at('empty'), '');
  chmodSync(one!.at('photos/2024/a.txt'), 0o750);
  utimesSync(one!.at('photos/2024/a.txt'), 1_600_000_000.123, 1_600_000_000.123);
  symlinkSync('../outside', one!.at('photos/link'));
  writeFileSync(two!.at('from two.txt'), 'two');
  await world.settle();
  const tree = expectSame();
  expect(Object.keys(tree)).toHaveLength(7);
  expect(tree['photos/2024/a.txt']).toMatch(/^file 750 16000000001(22|23) hello/);
  expect(tree['photos/link']).toBe('link ../outside');
  expect(two!.folder.status()).toMatchObject({ state: { type: 'idle' }, files: 3, needFiles: 0, problems: 0 });
});

test('RC1 edits, removals, kinds that change and moves up the tree follow', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  mkdirSync(one!.at('d/e/f'), { recursive: true });
  for (const name of ['a', 'd/b', 'd/e/c', 'd/e/f/g']) writeFileSync(one!.at(name), name);
  await world.settle();
  writeFileSync(two!.at('a'), 'edited');
  rmSync(two!.at('d/b'));
  renameSync(two!.at('d/e/f'), two!.at('up'));
  await world.settle();
  expect(Object.keys(expectSame())).toEqual(['a', 'd', 'd/e', 'd/e/c', 'up', 'up/g']);
  rmSync(one!.at('d'), { recursive: true });
  writeFileSync(one!.at('d'), 'now a file');
  rmSync(one!.at('a'));
  mkdirSync(one!.at('a'));
  writeFileSync(one!.at('a/inside'), 'x');
  await world.settle();
  expect(Object.keys(expectSame())).toEqual(['a', 'a/inside', 'd', 'up', 'up/g']);
  rmSync(two!.at('d'));
  mkdirSync(two!.at('d'));
  renameSync(two!.at('up/g'), two!.at('d/g'));
  await world.settle();
  expect(Object.keys(expectSame())).toEqual(['a', 'a/inside', 'd', 'd/g', 'up']);
});

test('RC7 a rename moves no content', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  mkdirSync(one!.at('old'));
  for (let number = 0; number < 20; number += 1) writeFileSync(one!.at(`old/${number}`), `content ${number}`);
  await world.settle();
  const before = world.fetches.length;
  const inode = lstatSync(two!.at('old/7')).ino;
  renameSync(one!.at('old'), one!.at('new'));
  await world.settle();
  expectSame();
  expect(existsSync(two!.at('old'))).toBe(false);
  expect(lstatSync(two!.at('new/7')).ino).toBe(inode);
  expect(world.fetches.length).toBe(before);
  expect(two!.activity.filter(({ action }) => action === 'moved')).toHaveLength(20);
});

test('RC14 a file that has another name and change time is read, however alike all else is', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  const unpack = (path: string, text: string): void => {
    writeFileSync(one!.at(path), text);
    utimesSync(one!.at(path), 1_000_000_000, 1_000_000_000);
  };
  mkdirSync(one!.at('pkg-1'));
  unpack('pkg-1/version', '1.0.1');
  await world.settle();
  // As where a file system hands out inodes again: inode, size and mtime are those of the file that went.
  mkdirSync(one!.at('pkg-2'));
  renameSync(one!.at('pkg-1/version'), one!.at('pkg-2/version'));
  rmSync(one!.at('pkg-1'), { recursive: true });
  unpack('pkg-2/version', '1.0.2');
  await world.settle();
  expectSame();
  expect(readFileSync(two!.at('pkg-2/version'), 'utf8')).toBe('1.0.2');
});

test('RC5 two different edits both stay, one under its conflict name', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  writeFileSync(one!.at('plan.txt'), 'base');
  await world.settle();
  writeFileSync(one!.at('plan.txt'), 'from one');
  await one!.folder.flush();
  writeFileSync(two!.at('plan.txt'), 'from two');
  await two!.folder.flush();
  await world.settle();
  const tree = expectSame();
  const contents = Object.values(tree).map((entry) => entry.split(' ').slice(3).join(' '));
  expect(contents.length).toBeGreaterThanOrEqual(1);
  const kept = world.devices.flatMap(({ folder }) => folder.allVersions().map((version) => version.content));
  expect(contents.length + kept.length).toBeGreaterThanOrEqual(2);
});

test('RC5 a local edit that was not published when another came gets its conflict name everywhere', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  writeFileSync(one!.at('plan.txt'), 'base');
  await world.settle();
  two!.folder.pause();
  writeFileSync(one!.at('plan.txt'), 'from one');
  await one!.folder.flush();
  writeFileSync(two!.at('plan.txt'), 'from two, longer');
  world.indexes.deliver();
  two!.folder.resume();
  await world.settle();
  const tree = expectSame();
  const copy = Object.keys(tree).find((path) => path.includes('conflict')) as string;
  expect(copy).toMatch(/^plan \(conflict D2 [0-9a-f]{8}\)\.txt$/);
  expect(readFileSync(one!.at(copy), 'utf8')).toBe('from two, longer');
  expect(readFileSync(two!.at('plan.txt'), 'utf8')).toBe('from one');
  expect(one!.folder.conflicts()).toMatchObject([
    { path: 'plan.txt', versions: [{ path: 'plan.txt' }, { path: copy }] },
  ]);
  const renamed = await one!.folder.resolveConflict(copy as never, 'keep-both');
  await world.settle();
  expect(renamed).toEqual([{ copy, path: 'plan (D2).txt' }]);
  expect(Object.keys(expectSame())).toEqual(['plan (D2).txt', 'plan.txt']);
  expect(two!.folder.conflicts()).toEqual([]);
  await one!.folder.takeBackNames(renamed);
  await world.settle();
  expect(two!.folder.conflicts()).toMatchObject([{ path: 'plan.txt', versions: [{}, { path: copy }] }]);
  await one!.folder.resolveConflict(copy as never, 'keep-this');
  await world.settle();
  expect(Object.keys(expectSame())).toEqual(['plan.txt']);
  expect(readFileSync(two!.at('plan.txt'), 'utf8')).toBe('from two, longer');
  expect(two!.folder.conflicts()).toEqual([]);
});

test('RC5 of a conflict copy whose original was deleted it is said by whom, and it can be kept or not', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  const copy = 'plan (conflict D2 0a1b2c3d).txt';
  writeFileSync(one!.at('plan.txt'), 'base');
  writeFileSync(one!.at(copy), 'mine');
  await world.settle();
  rmSync(two!.at('plan.txt'));
  await two!.folder.flush();
  await world.settle();
  expect(one!.folder.conflicts()).toMatchObject([
    { path: 'plan.txt', deletedBy: two!.tag, versions: [{ path: copy, author: one!.tag }] },
  ]);
  await one!.folder.resolveConflict(copy as never, 'keep-none');
  await world.settle();
  expect(Object.keys(expectSame())).toEqual([]);
  expect(one!.folder.allVersions().map(({ path }) => path)).toContain(copy);
});

test('RC6 what is replaced or removed is kept, and can be restored', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  writeFileSync(one!.at('a'), 'first');
  await world.settle();
  writeFileSync(one!.at('a'), 'second!');
  await world.settle();
  rmSync(one!.at('a'));
  await world.settle();
  expect(existsSync(two!.at('a'))).toBe(false);
  const versions = two!.folder.versions('a' as never);
  expect(versions.map((version) => version.size).sort()).toEqual([5, 7]);
  const first = versions.find((version) => version.size === 5);
  await two!.folder.restore(first!.id, null);
  await world.settle();
  expectSame();
  expect(readFileSync(one!.at('a'), 'utf8')).toBe('first');
});

test('RC8 without the right to write a change is listed and kept, and what is removed comes back', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  for (const name of ['a', 'b', 'c']) writeFileSync(one!.at(name), name);
  await world.settle();
  two!.rights = { canWrite: () => false };
  two!.folder.rightsChanged();
  writeFileSync(two!.at('a'), 'mine a');
  writeFileSync(two!.at('new'), 'mine new');
  rmSync(two!.at('c'));
  await world.settle();
  expect(Object.keys(snapshot(one!.root))).toEqual(['a', 'b', 'c']);
  expect(existsSync(two!.at('c'))).toBe(true);
  expect(two!.folder.problems().map(({ path, code }) => [path, code])).toEqual([
    ['a', 'no-right-to-write'],
    ['new', 'no-right-to-write'],
  ]);
  writeFileSync(one!.at('a'), 'changed elsewhere');
  await world.settle();
  expect(readFileSync(two!.at('a'), 'utf8')).toBe('changed elsewhere');
  const copy = readdirSync(two!.root).find((name) => name.includes('conflict')) as string;
  expect(readFileSync(two!.at(copy), 'utf8')).toBe('mine a');
  await two!.folder.throwMineAway(copy as never);
  await two!.folder.throwMineAway('new' as never);
  await world.settle();
  expectSame();
  expect(two!.folder.allVersions().length).toBeGreaterThanOrEqual(2);
});

test('RC8 a directory that a reader replaced by a file, or filled, waits until the change is thrown away', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  for (const name of ['d', 'e']) {
    mkdirSync(one!.at(name));
    writeFileSync(one!.at(`${name}/a`), `${name}/a`);
  }
  await world.settle();
  two!.rights = { canWrite: () => false };
  two!.folder.rightsChanged();
  rmSync(two!.at('d'), { recursive: true });
  writeFileSync(two!.at('d'), 'mine');
  writeFileSync(two!.at('e/mine'), 'mine, too');
  rmSync(one!.at('e'), { recursive: true });
  writeFileSync(one!.at('e'), 'a file now');
  await world.settle();
  expect(two!.folder.problems().map(({ path }) => path)).toEqual(['d', 'e/mine']);
  expect(readdirSync(two!.at('e'))).toEqual(['mine']);
  expect(two!.folder.status()).toMatchObject({ state: { type: 'idle' }, needFiles: 0 });
  for (const { path } of two!.folder.problems()) await two!.folder.throwMineAway(path as never);
  await world.settle();
  expect(Object.keys(expectSame())).toEqual(['d', 'd/a', 'e']);
});

test('RC1 a mode that changed where the index tells none is published, and a directory that comes back keeps its own', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  mkdirSync(one!.at('d'));
  chmodSync(one!.at('d'), 0o750);
  writeFileSync(one!.at('d/a'), 'a');
  await world.settle();
  two!.folder.pause();
  rmSync(one!.at('d'), { recursive: true });
  await one!.folder.flush();
  writeFileSync(two!.at('d/b'), 'b');
  world.indexes.deliver();
  two!.folder.resume();
  await world.settle();
  expect(expectSame()).toMatchObject({ d: 'directory 750' });
  chmodSync(one!.at('d'), 0o711);
  await world.settle();
  expect(expectSame()).toMatchObject({ d: 'directory 711' });
});

test('RC1 a folder accepted into a place that has files matches the equal ones and keeps the others', async () => {
  world = await createFolderWorld(2, (root, device) => {
    writeFileSync(join(root, 'same'), 'same');
    utimesSync(join(root, 'same'), 1_500_000_000 + device, 1_500_000_000 + device);
    writeFileSync(join(root, 'other'), `device ${device}`);
  });
  const [one, two] = world.devices;
  two!.index.setState({ type: 'waitingForHolder' });
  await one!.folder.flush();
  await two!.folder.flush();
  expect(two!.index.items.size).toBe(0);
  world.indexes.deliver();
  two!.index.setState({ type: 'ready' });
  await world.settle();
  const tree = expectSame();
  expect(Object.keys(tree)).toHaveLength(3);
  expect(tree.same).toMatch(/1500000000000 same$/);
  expect(world.fetches).not.toContain('same');
});

test('RC7 a restart in between changes nothing', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  mkdirSync(one!.at('d'));
  writeFileSync(one!.at('d/a'), 'a');
  await world.settle();
  writeFileSync(one!.at('d/b'), 'b');
  await two!.restart();
  rmSync(two!.at('d/a'));
  await world.settle();
  expect(Object.keys(expectSame())).toEqual(['d', 'd/b']);
  expect(one!.activity.length).toBeGreaterThan(0);
});

test('RC14 a path that is looked at again while its turn comes has its turn later', async () => {
  world = await createFolderWorld(2);
  const [one] = world.devices as [TestDevice, TestDevice];
  one.index.setState({ type: 'waitingForHolder' });
  for (const name of ['a', 'b']) {
    writeFileSync(one.at(name), name);
    // What was just written would be read once more.
    utimesSync(one.at(name), 1_600_000_000, 1_600_000_000);
  }
  await one.folder.flush();
  expect(one.folder.status().unpublished).toBe(2);

  const { remote } = one.index;
  let told = false;
  Object.assign(one.index, {
    remote(path: RelativePath) {
      // The watcher's word comes in the middle of a plan that takes a while.
      const until = performance.now() + 2 * SLICE_MS;
      if (path === 'a' && !told) {
        told = true;
        one.watcher.tell({ type: 'changed', paths: [one.at('b')] });
        while (performance.now() < until);
      }
      return remote(path);
    },
  });
  one.index.setState({ type: 'ready' });
  await world.settle();
  expect(told).toBe(true);
  expect(one.folder.status().unpublished).toBe(0);
  expect(Object.keys(expectSame())).toEqual(['a', 'b']);
});

test('RC15 directories are not told as changes of files', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  mkdirSync(one!.at('deep/deeper'), { recursive: true });
  writeFileSync(one!.at('deep/deeper/plan.txt'), 'plan');
  await world.settle();
  const told = (device: typeof one): unknown => device!.activity.map(({ action, path }) => [action, path]);
  expect([told(one), told(two)]).toEqual([[['added', 'deep/deeper/plan.txt']], [['added', 'deep/deeper/plan.txt']]]);
  one!.activity.length = 0;
  two!.activity.length = 0;
  rmSync(one!.at('deep'), { recursive: true });
  await world.settle();
  expect([told(one), told(two)]).toEqual([
    [['removed', 'deep/deeper/plan.txt']],
    [['removed', 'deep/deeper/plan.txt']],
  ]);
});
