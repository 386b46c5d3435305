import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { snapshot } from '../support/disk-snapshot.ts';
import { createFolderWorld, type FolderWorld, type TestDevice } from '../support/folder-world.ts';

let world: FolderWorld;

afterEach(() => world.close());

async function twoWithFiles(): Promise<[TestDevice, TestDevice]> {
  world = await createFolderWorld(2);
  const [one, two] = world.devices as [TestDevice, TestDevice];
  mkdirSync(one.at('d'));
  writeFileSync(one.at('d/a'), 'a');
  writeFileSync(one.at('b'), 'b');
  await world.settle();
  return [one, two];
}

const stateOf = (device: TestDevice): unknown => device.folder.status().state;

async function untilHalted(device: TestDevice): Promise<void> {
  device.folder.rescan();
  for (let turn = 0; turn < 1_000 && device.folder.status().state.type !== 'halted'; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('HA1 a root that is gone halts its folder, and nothing is taken for deleted', async () => {
  const [one, two] = await twoWithFiles();
  const elsewhere = `${two.root}-elsewhere`;
  renameSync(two.root, elsewhere);
  await untilHalted(two);
  expect(stateOf(two)).toMatchObject({ type: 'halted', cause: 'root-missing' });
  await expect(two.folder.flush()).rejects.toMatchObject({ code: 'folder-halted' });
  world.indexes.deliver();
  expect(Object.keys(snapshot(one.root))).toEqual(['b', 'd', 'd/a']);

  expect(() => two.folder.movedTo(`${two.root}-nowhere`)).toThrow(expect.objectContaining({ code: 'root-missing' }));
  expect(() => two.folder.movedTo(one.root)).toThrow(expect.objectContaining({ code: 'root-marker-foreign' }));
  writeFileSync(join(elsewhere, 'b'), 'changed while it was away');
  two.folder.movedTo(elsewhere);
  await world.settle();
  expect(stateOf(two)).toEqual({ type: 'idle' });
  expect(readFileSync(one.at('b'), 'utf8')).toBe('changed while it was away');
});

test('HA1 HA2 a root that lost its marker halts, and starting over deletes nothing elsewhere', async () => {
  const [one, two] = await twoWithFiles();
  rmSync(two.root, { recursive: true });
  mkdirSync(two.root);
  writeFileSync(two.at('b'), 'b');
  writeFileSync(two.at('mine'), 'mine');
  await untilHalted(two);
  expect(stateOf(two)).toMatchObject({ type: 'halted', cause: 'root-marker-missing' });
  two.folder.startOver();
  await world.settle();
  expect(Object.keys(snapshot(one.root))).toEqual(['b', 'd', 'd/a', 'mine']);
  expect(Object.keys(snapshot(two.root))).toEqual(['b', 'd', 'd/a', 'mine']);
});

test('HA1 the marker of another place, a file in place of the root, and a start without the root all halt', async () => {
  const [one, two] = await twoWithFiles();
  const marker = two.at('.flotilla/marker.json');
  const own = readFileSync(marker);
  cpSync(one.at('.flotilla/marker.json'), marker);
  await untilHalted(two);
  expect(stateOf(two)).toMatchObject({ type: 'halted', cause: 'root-marker-foreign' });
  writeFileSync(marker, own);
  two.folder.resume();
  await world.settle();
  expect(stateOf(two)).toEqual({ type: 'idle' });

  await two.folder.stop();
  const away = `${two.root}-away`;
  renameSync(two.root, away);
  await two.restart();
  expect(stateOf(two)).toMatchObject({ type: 'halted', cause: 'root-missing' });
  writeFileSync(two.root, 'a file');
  two.folder.resume();
  expect(stateOf(two)).toMatchObject({ type: 'halted', cause: 'root-replaced' });
  rmSync(two.root);
  renameSync(away, two.root);
  two.folder.resume();
  await world.settle();
  expect(stateOf(two)).toEqual({ type: 'idle' });
  expect(existsSync(one.at('d/a'))).toBe(true);
});

/** Lets what lies at or below a path look as if it were on another file system, where some names have other inodes. */
function mountElsewhere(device: TestDevice, below: string, name: string, others: readonly string[] = []): void {
  const real = device.fs.lstat.bind(device.fs);
  Object.assign(device.fs, {
    lstat(path: string) {
      const stat = real(path);
      if (stat === null || !path.startsWith(below)) return stat;
      const inode = others.includes(path) ? `${stat.mark.inode}0` : stat.mark.inode;
      return { ...stat, mark: { ...stat.mark, device: name, inode } };
    },
  });
}

test('HA1 a copy of the place halts, also where tops of file systems have one inode; the same disk under another number does not', async () => {
  const [one, two] = await twoWithFiles();
  await two.folder.stop();
  mountElsewhere(two, two.root, 'renumbered');
  await two.restart();
  await world.settle();
  expect(stateOf(two)).toEqual({ type: 'idle' });
  await two.folder.stop();
  mountElsewhere(two, two.root, 'a copy', [two.at('.flotilla/marker.json')]);
  rmSync(two.at('b'));
  await two.restart();
  expect(stateOf(two)).toMatchObject({ type: 'halted', cause: 'root-other-file-system' });
  world.indexes.deliver();
  expect(Object.keys(snapshot(one.root))).toEqual(['b', 'd', 'd/a']);
  // The answer that this is the place now is taken.
  two.folder.movedTo(two.root);
  await world.settle();
  expect(stateOf(two)).toEqual({ type: 'idle' });
  expect(Object.keys(snapshot(one.root))).toEqual(['d', 'd/a']);
});

test('HA3 another file system under a known directory halts', async () => {
  const [one, two] = await twoWithFiles();
  mountElsewhere(two, two.at('d'), 'another');
  await untilHalted(two);
  expect(stateOf(two)).toMatchObject({ type: 'halted', cause: 'root-other-file-system' });
  world.indexes.deliver();
  expect(readdirSync(one.at('d'))).toEqual(['a']);
});

test('HA3 it halts also where nothing but one path in it is looked at, and takes nothing in it for deleted', async () => {
  const [one, two] = await twoWithFiles();
  mountElsewhere(two, two.at('d'), 'another');
  rmSync(two.at('d/a'));
  two.watcher.tell({ type: 'changed', paths: [two.at('d/a')] });
  for (let turn = 0; turn < 2_000 && two.folder.status().state.type !== 'halted'; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(stateOf(two)).toMatchObject({ type: 'halted', cause: 'root-other-file-system' });
  world.indexes.deliver();
  expect(readdirSync(one.at('d'))).toEqual(['a']);
});

test('HA3 nothing is published as removed, or written, where another file system came after the look', async () => {
  const [one, two] = await twoWithFiles();
  writeFileSync(two.at('d/new'), 'new');
  await world.settle();
  two.folder.pause();
  writeFileSync(one.at('d/new'), 'changed');
  await one.folder.flush();
  world.indexes.deliver();
  rmSync(two.at('d/a'));
  const { readDirectory } = two.fs;
  Object.assign(two.fs, {
    readDirectory(path: string) {
      const names = readDirectory(path);
      // Mounted right after the look at what lies in it.
      if (path === two.at('d')) mountElsewhere(two, two.at('d'), 'another');
      return names;
    },
  });
  two.folder.resume();
  for (let turn = 0; turn < 2_000 && two.folder.status().state.type !== 'halted'; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(stateOf(two)).toMatchObject({ type: 'halted', cause: 'root-other-file-system' });
  world.indexes.deliver();
  expect(readdirSync(one.at('d'))).toEqual(['a', 'new']);
  expect(readFileSync(two.at('d/new'), 'utf8')).toBe('new');
  expect(two.errors).toEqual([]);
});

test('HA1 a listing that was empty for a moment removes nothing elsewhere', async () => {
  const [one, two] = await twoWithFiles();
  const real = two.fs.readDirectory.bind(two.fs);
  let empty = true;
  Object.assign(two.fs, { readDirectory: (path: string) => (empty && path === two.root ? [] : real(path)) });
  await two.folder.flush();
  empty = false;
  await world.settle();
  expect(Object.keys(snapshot(one.root))).toEqual(['b', 'd', 'd/a']);
  expect(snapshot(two.root)).toEqual(snapshot(one.root));
});

test('HA1 answers are refused while nothing was asked', async () => {
  const [, two] = await twoWithFiles();
  expect(() => two.folder.startOver()).toThrow(expect.objectContaining({ code: 'folder-not-halted' }));
  expect(() => two.folder.movedTo(two.root)).toThrow(expect.objectContaining({ code: 'folder-not-halted' }));
});
