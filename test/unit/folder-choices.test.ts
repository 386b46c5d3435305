import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { RelativePath } from '../../shared/relative-path.ts';
import { snapshot } from '../support/disk-snapshot.ts';
import { createFolderWorld, type FolderWorld, type TestDevice } from '../support/folder-world.ts';

let world: FolderWorld;

afterEach(async () => {
  const errors = world.devices.flatMap((device) => device.errors);
  await world.close();
  expect(errors).toEqual([]);
});

const conflictNames = (device: TestDevice): string[] =>
  readdirSync(device.root).filter((name) => name.includes('(conflict'));

/** Three versions of `plan.txt` on three devices, as three people make them at a time. */
async function threeVersions(): Promise<TestDevice> {
  world = await createFolderWorld(3);
  const [one, ...others] = world.devices as [TestDevice, TestDevice, TestDevice];
  writeFileSync(one.at('plan.txt'), 'base');
  await world.settle();
  for (const other of others) other.folder.pause();
  writeFileSync(one.at('plan.txt'), 'from one');
  await one.folder.flush();
  for (const other of others) writeFileSync(other.at('plan.txt'), `from ${other.name}, longer`);
  world.indexes.deliver();
  for (const other of others) other.folder.resume();
  await world.settle();
  expect(conflictNames(one)).toHaveLength(2);
  return one;
}

function expectAllListed(device: TestDevice): void {
  const files = readdirSync(device.at('.flotilla/versions')).sort();
  expect(files).toEqual(
    device.folder
      .allVersions()
      .map(({ id }) => id)
      .sort(),
  );
}

test('HA4 a choice between versions moves nothing before all are as they were last seen', async () => {
  const one = await threeVersions();
  const [first, second] = conflictNames(one) as [string, string];
  const before = one.folder.allVersions().length;
  writeFileSync(one.at(second), 'changed a moment ago');
  await expect(one.folder.resolveConflict('plan.txt' as RelativePath, 'keep-this')).rejects.toMatchObject({
    code: 'file-changing',
  });
  expect(conflictNames(one)).toEqual([first, second]);
  expect(one.folder.allVersions()).toHaveLength(before);
  expectAllListed(one);
});

test('HA4 what a choice moved before it failed is listed', async () => {
  const one = await threeVersions();
  const before = one.folder.allVersions().length;
  const [, second] = conflictNames(one) as [string, string];
  one.fs.failWhere((call, path) => (call === 'rename' && path === one.at(second) ? 'EIO' : null));
  await expect(one.folder.resolveConflict('plan.txt' as RelativePath, 'keep-this')).rejects.toMatchObject({
    code: 'io-error',
  });
  one.fs.failWhere(null);
  expect(one.folder.allVersions()).toHaveLength(before + 1);
  expectAllListed(one);
  await world.settle();
  await one.folder.resolveConflict('plan.txt' as RelativePath, 'keep-this');
  await world.settle();
  expect(Object.keys(snapshot(one.root))).toEqual(['plan.txt']);
  expectAllListed(one);
});

async function readerOf(prepare: (one: TestDevice) => void): Promise<[TestDevice, TestDevice]> {
  world = await createFolderWorld(2);
  const [one, two] = world.devices as [TestDevice, TestDevice];
  prepare(one);
  await world.settle();
  two.rights = { canWrite: () => false };
  two.folder.rightsChanged();
  return [one, two];
}

test('RC8 throwing away the mode of a directory leaves what lies in it alone', async () => {
  const [one, two] = await readerOf((device) => {
    mkdirSync(device.at('d/e'), { recursive: true });
    for (const name of ['d/a', 'd/e/b']) writeFileSync(device.at(name), name);
  });
  const inode = lstatSync(two.at('d/a')).ino;
  chmodSync(two.at('d'), 0o700);
  writeFileSync(two.at('d/mine'), 'mine');
  await world.settle();
  expect(two.folder.problems().map(({ path }) => path)).toEqual(['d', 'd/mine']);
  await two.folder.throwMineAway('d' as RelativePath);
  await world.settle();
  expect(lstatSync(two.at('d')).mode & 0o777).toBe(lstatSync(one.at('d')).mode & 0o777);
  expect(two.folder.problems().map(({ path }) => path)).toEqual(['d/mine']);
  expect(lstatSync(two.at('d/a')).ino).toBe(inode);
  expect(two.folder.allVersions()).toEqual([]);
});

test("RC8 throwing away a directory of one's own takes what is one's own in it", async () => {
  const [one, two] = await readerOf((device) => writeFileSync(device.at('a'), 'a'));
  mkdirSync(two.at('new/deep'), { recursive: true });
  mkdirSync(two.at('new/empty'));
  writeFileSync(two.at('new/deep/mine'), 'mine');
  rmSync(two.at('a'));
  mkdirSync(two.at('a'));
  writeFileSync(two.at('a/mine'), 'mine, too');
  await world.settle();
  // The directory itself stands in the way of nothing but a file only once it is empty.
  for (let turn = 0; turn < 3; turn += 1) {
    for (const { path } of two.folder.problems()) await two.folder.throwMineAway(path as RelativePath);
    await world.settle();
  }
  expect(snapshot(two.root)).toEqual(snapshot(one.root));
  const kept = two.folder.allVersions().map(({ id }) => readFileSync(two.at(`.flotilla/versions/${id}`), 'utf8'));
  expect(kept.sort()).toEqual(['mine', 'mine, too']);
  expectAllListed(two);
});
