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

test('HA3 another file system under a known directory halts', async () => {
  const [one, two] = await twoWithFiles();
  const real = two.fs.lstat.bind(two.fs);
  Object.assign(two.fs, {
    lstat(path: string) {
      const stat = real(path);
      if (stat === null || path !== two.at('d')) return stat;
      return { ...stat, mark: { ...stat.mark, device: 'another' } };
    },
  });
  await untilHalted(two);
  expect(stateOf(two)).toMatchObject({ type: 'halted', cause: 'root-other-file-system' });
  world.indexes.deliver();
  expect(readdirSync(one.at('d'))).toEqual(['a']);
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
