import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { LIST_PAGE_ROWS } from '../../shared/limits.ts';
import type { RelativePath } from '../../shared/relative-path.ts';
import { createFolderWorld, FOLDER, type FolderWorld, untilQuiet } from '../support/folder-world.ts';

let world: FolderWorld;

afterEach(() => world.close());

test('RC15 a directory is listed page by page, with what is to come and what is wrong', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  mkdirSync(one!.at('d'));
  for (let number = 0; number < LIST_PAGE_ROWS + 10; number += 1) writeFileSync(one!.at(`d/${number}`), `${number}`);
  writeFileSync(one!.at('a top'), 'top');
  await one!.folder.flush();
  const first = one!.folder.list('d' as RelativePath, null);
  expect(first.entries).toHaveLength(LIST_PAGE_ROWS);
  expect(first.total).toBe(LIST_PAGE_ROWS + 10);
  const few = one!.folder.list('d' as RelativePath, null, 3);
  const fewMore = one!.folder.list('d' as RelativePath, few.next, 3);
  expect([...few.entries, ...fewMore.entries]).toEqual(first.entries.slice(0, 6));
  const second = one!.folder.list('d' as RelativePath, first.next);
  expect(second.entries).toHaveLength(10);
  expect(second.next).toBeNull();
  expect(new Set([...first.entries, ...second.entries].map(({ path }) => path)).size).toBe(LIST_PAGE_ROWS + 10);

  two!.fs.failWhere((call, path) => (call === 'link' && path.includes('/tmp/') ? 'EACCES' : null));
  world.indexes.deliver();
  for (let turn = 0; turn < 500 && two!.folder.list('', null).entries[1]?.problem == null; turn += 1) {
    await untilQuiet(two!.folder);
  }
  const root = two!.folder.list('', null).entries;
  expect(root.map(({ path, kind, state }) => [path, kind, state])).toEqual([
    // Of a directory the most urgent of what lies in it.
    ['d', 'directory', 'problem'],
    ['a top', 'file', 'problem'],
  ]);
  expect(root[1]?.problem?.code).toBe('path-not-writable');
});

test.each(['paused', 'halted'] as const)(
  'RC15 HA4 a folder that is %s lists its names as last seen, and its kept versions',
  async (mode) => {
    world = await createFolderWorld(2);
    const [one, two] = world.devices;
    mkdirSync(one!.at('d'));
    writeFileSync(one!.at('d/a'), 'a');
    writeFileSync(one!.at('b'), 'first');
    writeFileSync(one!.at('c'), 'c');
    await world.settle();
    writeFileSync(one!.at('b'), 'second, longer');
    await world.settle();
    writeFileSync(one!.at('c'), 'newer elsewhere');
    writeFileSync(one!.at('d/a'), 'newer below');
    mkdirSync(one!.at('new/deep'), { recursive: true });
    writeFileSync(one!.at('new/deep/x'), 'x');
    await one!.folder.flush();

    if (mode === 'paused') two!.folder.pause();
    if (mode === 'halted') {
      rmSync(two!.root, { recursive: true });
      two!.folder.rescan();
      for (let turn = 0; turn < 1_000 && two!.folder.status().state.type !== 'halted'; turn += 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    // Looked into before the others' news come, and again after.
    const states = (directory: string): unknown =>
      two!.folder.list(directory as RelativePath, null).entries.map(({ path, kind, state }) => [path, kind, state]);
    expect(states('')).toEqual([
      ['d', 'directory', 'upToDate'],
      ['b', 'file', 'upToDate'],
      ['c', 'file', 'upToDate'],
    ]);
    const told: unknown[] = [];
    two!.folder.subscribe((event) => told.push(event));
    world.indexes.deliver();
    await vi.waitFor(() => expect(told).toContainEqual({ type: 'status' }));
    expect(states('')).toEqual([
      ['d', 'directory', 'coming'],
      ['new', 'directory', 'coming'],
      ['b', 'file', 'upToDate'],
      ['c', 'file', 'coming'],
    ]);
    expect(states('d')).toEqual([['d/a', 'file', 'coming']]);
    expect(two!.folder.allVersions().map(({ path }) => path)).toEqual(['b']);
    expect(two!.folder.versions('b' as RelativePath)).toHaveLength(1);
  },
);

test('RC15 a folder that rests tells of what it was not told while it was at work', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  mkdirSync(one!.at('d'));
  writeFileSync(one!.at('d/a'), 'a');
  writeFileSync(one!.at('d/b'), 'b');
  await world.settle();
  two!.folder.pause();
  writeFileSync(one!.at('d/a'), 'newer');
  rmSync(one!.at('d/b'));
  await one!.folder.flush();
  world.indexes.deliver();
  await vi.waitFor(() => expect(two!.folder.list('', null).entries).toMatchObject([{ path: 'd', state: 'coming' }]));
  expect(two!.folder.list('d' as RelativePath, null).entries.map(({ path, state }) => [path, state])).toEqual([
    ['d/a', 'coming'],
    ['d/b', 'coming'],
  ]);
  two!.folder.resume();
  await world.settle();
  expect(two!.folder.list('', null).entries).toMatchObject([{ path: 'd', state: 'upToDate' }]);
});

test.each(['paused', 'restarted'] as const)('RC15 a folder that is %s keeps its conflicts in sight', async (mode) => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  writeFileSync(one!.at('a'), 'theirs');
  writeFileSync(one!.at('a (conflict D2 0a1b2c3d)'), 'mine');
  await world.settle();
  const before = two!.folder.conflicts();
  expect(before).toMatchObject([{ path: 'a' }]);
  if (mode === 'restarted') await two!.restart();
  two!.folder.pause();
  await vi.waitFor(() => expect(two!.folder.conflicts()).toEqual(before));
  expect(two!.folder.status().conflicts).toBe(1);
  expect(two!.folder.list('', null).entries.map(({ state }) => state)).toEqual(['upToDate', 'conflict']);
  await expect(two!.folder.resolveConflict('a' as RelativePath, 'keep-this')).rejects.toMatchObject({
    code: 'folder-paused',
  });
  rmSync(one!.at('a (conflict D2 0a1b2c3d)'));
  await one!.folder.flush();
  world.indexes.deliver();
  await vi.waitFor(() => expect(two!.folder.conflicts()).toEqual([]));
});

test('RC15 a directory tells the most urgent of what lies below it, and how far a file has come', async () => {
  world = await createFolderWorld(2);
  const [one, two] = world.devices;
  mkdirSync(one!.at('d/deep'), { recursive: true });
  mkdirSync(one!.at('calm'));
  writeFileSync(one!.at('d/deep/a'), 'a');
  writeFileSync(one!.at('d/deep/a (conflict D2 0a1b2c3d)'), 'mine');
  writeFileSync(one!.at('calm/b'), 'b');
  await world.settle();
  const states = (directory: string): unknown =>
    two!.folder.list(directory as RelativePath, null).entries.map(({ path, state }) => [path, state]);
  expect(states('')).toEqual([
    ['calm', 'upToDate'],
    ['d', 'conflict'],
  ]);
  expect(states('d')).toEqual([['d/deep', 'conflict']]);

  writeFileSync(one!.at('calm/large'), 'large');
  await one!.folder.flush();
  // Nobody can send it now.
  rmSync(one!.at('calm/large'));
  world.progress.push({ folder: FOLDER, path: 'calm/large' as RelativePath, bytesDone: 2, bytesTotal: 5 });
  world.indexes.deliver();
  for (let turn = 0; turn < 500 && two!.folder.status().needFiles === 0; turn += 1) await untilQuiet(two!.folder);
  expect(states('')).toEqual([
    ['calm', 'coming'],
    ['d', 'conflict'],
  ]);
  expect(two!.folder.list('calm' as RelativePath, null).entries[1]).toMatchObject({ path: 'calm/large', arrived: 2 });
});
