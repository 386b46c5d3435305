import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { contentHash } from '../../electron/engine/bytes/hash.ts';
import type { OwnChange } from '../../electron/engine/index/folder-index.ts';
import { invariant } from '../../shared/invariant.ts';
import type { RelativePath } from '../../shared/relative-path.ts';
import { snapshot } from '../support/disk-snapshot.ts';
import { createFolderWorld, type FolderWorld, type TestDevice, untilQuiet } from '../support/folder-world.ts';

let world: FolderWorld;

afterEach(() => world.close());

async function two(): Promise<[TestDevice, TestDevice]> {
  world = await createFolderWorld(2);
  return world.devices as [TestDevice, TestDevice];
}

const codes = (device: TestDevice): Record<string, string> =>
  Object.fromEntries(device.folder.problems().map(({ path, code }) => [path, code]));

test('RC11 what cannot be synced is listed with its reason, never opened and never deleted', async () => {
  const [one, other] = await two();
  execFileSync('mkfifo', [one.at('fifo')]);
  mkdirSync(Buffer.concat([Buffer.from(`${one.root}/`), Buffer.from([0x62, 0xff])]));
  mkdirSync(one.at('shared before/.flotilla'), { recursive: true });
  writeFileSync(one.at('shared before/file'), 'x');
  writeFileSync(one.at('e\u0301'), 'decomposed');
  writeFileSync(one.at('\u00e9'), 'composed');
  writeFileSync(one.at('.DS_Store'), 'junk');
  writeFileSync(one.at('.Flotilla'), 'a form of the name');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(one.at('socket'), resolve));
  await world.settle();
  server.close();
  expect(codes(one)).toEqual({
    fifo: 'file-kind-unsupported',
    socket: 'file-kind-unsupported',
    'b\\xff': 'name-not-utf8',
    'shared before/.flotilla': 'nested-folder',
    'e\u0301': 'name-collision',
    '.Flotilla': 'name-reserved',
  });
  expect(Object.keys(snapshot(other.root))).toEqual(['shared before', 'shared before/file', '\u00e9']);
  expect(readFileSync(other.at('\u00e9'), 'utf8')).toBe('composed');
  expect(lstatSync(one.at('fifo')).isFIFO()).toBe(true);
  rmSync(one.at('fifo'));
  await world.settle();
  expect(codes(one).fifo).toBeUndefined();
  expect(one.errors).toEqual([]);
});

test('RC11 a directory that holds what is not synced is not removed, and says so', async () => {
  const [one, other] = await two();
  mkdirSync(one.at('d'));
  writeFileSync(one.at('d/a'), 'a');
  await world.settle();
  execFileSync('mkfifo', [other.at('d/fifo')]);
  await other.folder.flush();
  rmSync(one.at('d'), { recursive: true });
  await world.settle();
  expect(readdirSync(other.at('d'))).toEqual(['fifo']);
  expect(codes(other)).toMatchObject({ d: 'directory-not-empty', 'd/fifo': 'file-kind-unsupported' });
  rmSync(other.at('d/fifo'));
  await world.settle();
  expect(existsSync(other.at('d'))).toBe(false);
});

test('RC11 junk of the system does not keep a removed directory', async () => {
  const [one, other] = await two();
  mkdirSync(one.at('d'));
  writeFileSync(one.at('d/a'), 'a');
  await world.settle();
  writeFileSync(other.at('d/.DS_Store'), 'junk');
  rmSync(one.at('d'), { recursive: true });
  await world.settle();
  expect(existsSync(other.at('d'))).toBe(false);
});

test('RC11 a directory of the system keeps the one that it is in, which says so, and nothing of it is touched', async () => {
  const [one, other] = await two();
  mkdirSync(one.at('d'));
  writeFileSync(one.at('d/a'), 'a');
  await world.settle();
  mkdirSync(other.at('d/.Trash-1000'));
  writeFileSync(other.at('d/.Trash-1000/thrown away'), 'x');
  writeFileSync(other.at('d/.DS_Store'), 'junk');
  rmSync(one.at('d'), { recursive: true });
  await world.settle();
  expect(readdirSync(other.at('d')).sort()).toEqual(['.DS_Store', '.Trash-1000']);
  expect(other.folder.problems()).toMatchObject([
    { path: 'd', message: 'It still holds something that is not synced' },
  ]);
  rmSync(other.at('d/.Trash-1000'), { recursive: true });
  for (let turn = 0; turn < 200 && existsSync(other.at('d')); turn += 1) await world.settle();
  expect(existsSync(other.at('d'))).toBe(false);
  expect(codes(other)).toEqual({});
});

test('RC12 nothing is written through a link on the way', async () => {
  const [one, other] = await two();
  const outside = `${other.root}-outside`;
  mkdirSync(outside);
  mkdirSync(one.at('d'));
  writeFileSync(one.at('d/a'), 'a');
  await world.settle();
  other.folder.pause();
  rmSync(other.at('d'), { recursive: true });
  symlinkSync(outside, other.at('d'));
  writeFileSync(one.at('d/a'), 'changed');
  writeFileSync(one.at('d/b'), 'new');
  await one.folder.flush();
  world.indexes.deliver();
  other.folder.resume();
  await world.settle();
  expect(readdirSync(outside)).toEqual([]);
  expect(snapshot(other.root)).toEqual(snapshot(one.root));
});

test('RC12 nothing is read through a link that took the place of a directory', async () => {
  const [one, other] = await two();
  const outside = `${one.root}-outside`;
  mkdirSync(join(outside, 'secret'), { recursive: true });
  writeFileSync(join(outside, 'secret/file'), 'x');
  mkdirSync(one.at('d'));
  writeFileSync(one.at('d/a'), 'a');
  await world.settle();
  rmSync(one.at('d'), { recursive: true });
  symlinkSync(outside, one.at('d'));
  one.watcher.tell({ type: 'changed', paths: [one.at('d/secret'), one.at('d/secret/file'), one.at('d/a')] });
  await new Promise((resolve) => setTimeout(resolve, 20));
  await untilQuiet(one.folder);
  await world.settle();
  expect(snapshot(other.root)).toEqual({ d: `link ${outside}` });
});

test('RC12 a name that the disk would read as something else is held, and all else goes on', async () => {
  const [one, other] = await two();
  other.folder.pause();
  Object.assign(other.fs, { names: 'windows' });
  await other.restart();
  mkdirSync(one.at('a:b'));
  for (const name of ['..\\..\\x', 'CON', 'a:b/c', 'ends.', 'ordinary']) writeFileSync(one.at(name), name);
  await world.settle();
  expect(Object.keys(snapshot(other.root))).toEqual(['ordinary']);
  expect(new Set(Object.values(codes(other)))).toEqual(new Set(['name-not-representable']));
  expect(Object.keys(codes(other)).sort()).toEqual(['..\\..\\x', 'CON', 'a:b', 'a:b/c', 'ends.']);
  expect(Object.keys(snapshot(one.root))).toHaveLength(6);
  expect(other.folder.status().state).toEqual({ type: 'idle' });
});

test('RC13 a full disk is a problem at its path, and is tried again', async () => {
  const [one, other] = await two();
  let full = true;
  other.fs.failWhere((call, path) => (full && call === 'link' && path.includes('/tmp/') ? 'ENOSPC' : null));
  writeFileSync(one.at('a'), 'a');
  mkdirSync(one.at('d'));
  await one.folder.flush();
  world.indexes.deliver();
  for (let turn = 0; turn < 200 && codes(other).a === undefined; turn += 1) await untilQuiet(other.folder);
  expect(codes(other)).toEqual({ a: 'disk-full' });
  expect(existsSync(other.at('d'))).toBe(true);
  full = false;
  for (let turn = 0; turn < 2_000 && !existsSync(other.at('a')); turn += 1) await untilQuiet(other.folder);
  await world.settle();
  expect(readFileSync(other.at('a'), 'utf8')).toBe('a');
  expect(codes(other)).toEqual({});
});

test('RC13 a disk that does not answer about permission bits is asked again, and none gets lost', async () => {
  const [one, other] = await two();
  other.fs.failWhere((call, path) => (call === 'setMode' && /\/tmp\/mode-/.test(path) ? 'EIO' : null));
  await other.restart();
  expect(other.folder.status().state).toMatchObject({ type: 'error', code: 'io-error' });
  writeFileSync(one.at('run'), 'x', { mode: 0o755 });
  await one.folder.flush();
  world.indexes.deliver();
  await untilQuiet(other.folder);
  expect(existsSync(other.at('run'))).toBe(false);
  other.fs.failWhere(null);
  other.folder.resume();
  await world.settle();
  expect(lstatSync(other.at('run')).mode & 0o777).toBe(0o755);
});

test('RC13 a disk that refuses permission bits has none', async () => {
  const [one, other] = await two();
  other.fs.failWhere((call) => (call === 'setMode' ? 'EPERM' : null));
  await other.restart();
  writeFileSync(one.at('run'), 'x', { mode: 0o755 });
  await world.settle();
  expect(readFileSync(other.at('run'), 'utf8')).toBe('x');
  expect(lstatSync(one.at('run')).mode & 0o777).toBe(0o755);
  expect(codes(other)).toEqual({});
});

test('RC13 a directory and a file that may not be read are problems, and count as still there', async () => {
  const [one, other] = await two();
  mkdirSync(one.at('closed'));
  writeFileSync(one.at('closed/a'), 'a');
  writeFileSync(one.at('b'), 'b');
  await world.settle();
  one.fs.failWhere((call, path) => (call === 'readDirectory' && path === one.at('closed') ? 'EACCES' : null));
  await world.settle();
  expect(codes(one)).toEqual({ closed: 'path-not-readable' });
  expect(existsSync(other.at('closed/a'))).toBe(true);
  one.fs.failWhere(null);
  await world.settle();
  expect(codes(one)).toEqual({});
});

test('RC13 a removed file whose directory may not be looked into counts as still there, and stops nothing else', async () => {
  const [one, other] = await two();
  mkdirSync(one.at('d'));
  writeFileSync(one.at('d/a'), 'a');
  await world.settle();
  let closed = false;
  one.fs.failWhere((call, path) => {
    // Closed after the look that missed the file, before its removal is published.
    const looks = call === 'readDirectory' && path === one.at('d');
    if (looks && !existsSync(one.at('d/a'))) closed = true;
    return closed && !looks && path.startsWith(one.at('d/')) ? 'EACCES' : null;
  });
  rmSync(one.at('d/a'));
  writeFileSync(one.at('b'), 'b');
  await world.settle();
  expect(one.folder.status().state).toEqual({ type: 'idle' });
  expect(codes(one)).toEqual({ 'd/a': 'path-not-readable' });
  expect(Object.keys(snapshot(other.root))).toEqual(['b', 'd', 'd/a']);
  one.fs.failWhere(null);
  for (let turn = 0; turn < 200 && existsSync(other.at('d/a')); turn += 1) await world.settle();
  expect(Object.keys(snapshot(other.root))).toEqual(['b', 'd']);
  expect(codes(one)).toEqual({});
  expect(one.errors).toEqual([]);
});

test('RC2 a path that cannot be published stops no other', async () => {
  const [one, other] = await two();
  const publish = one.index.publish;
  Object.assign(one.index, {
    publish(changes: readonly OwnChange[], within: Parameters<typeof publish>[1]) {
      invariant(!changes.some(({ path }) => path === 'bad'), 'an own entry can be read');
      publish(changes, within);
    },
  });
  for (const name of ['a', 'bad', 'c']) writeFileSync(one.at(name), name);
  await world.settle();
  expect(Object.keys(snapshot(other.root))).toEqual(['a', 'c']);
  expect(one.folder.status().state).toEqual({ type: 'idle' });
  expect(codes(one)).toEqual({ bad: 'internal' });
  expect(one.errors).not.toEqual([]);
  Object.assign(one.index, { publish });
  for (let turn = 0; turn < 200 && !existsSync(other.at('bad')); turn += 1) await world.settle();
  expect(codes(one)).toEqual({});
});

test('RC6 a file that changes between plan and rename is never overwritten', async () => {
  const [one, other] = await two();
  writeFileSync(one.at('a'), 'base');
  await world.settle();
  let raced = false;
  other.fs.failWhere((call, path) => {
    if (!raced && call === 'setMtime' && path.includes('/tmp/')) {
      raced = true;
      writeFileSync(other.at('a'), 'written at the last moment');
    }
    return null;
  });
  writeFileSync(one.at('a'), 'from one!');
  await world.settle();
  expect(raced).toBe(true);
  const texts = Object.values(snapshot(one.root)).join('\n');
  const kept = other.folder.allVersions().map(({ content }) => content);
  const last = contentHash(new TextEncoder().encode('written at the last moment'));
  expect(texts.includes('written at the last moment') || kept.includes(last)).toBe(true);
  expect(snapshot(other.root)).toEqual(snapshot(one.root));
});

test('RC4 a path that the index forgot rests, and its removal is not deduced', async () => {
  const [one] = await two();
  writeFileSync(one.at('a'), 'a');
  await world.settle();
  one.index.lose('a' as RelativePath);
  await one.folder.flush();
  expect(existsSync(one.at('a'))).toBe(true);
  expect(codes(one)).toEqual({ a: 'content-not-available' });
  world.indexes.deliver();
  await world.settle();
  expect(codes(one)).toEqual({});
});

test('RC4 what counts as never written goes to the kept versions, and an edit of it is published', async () => {
  const [one, other] = await two();
  for (const name of ['a', 'b']) writeFileSync(one.at(name), name);
  await world.settle();
  other.folder.pause();
  writeFileSync(other.at('b'), 'edited here');
  for (const { index } of [one, other]) for (const name of ['a', 'b']) index.void(name as RelativePath);
  other.folder.resume();
  await world.settle();
  expect(Object.keys(snapshot(other.root))).toEqual(['b']);
  expect(readFileSync(one.at('b'), 'utf8')).toBe('edited here');
  expect(other.folder.versions('a' as RelativePath)).toHaveLength(1);
  expect(codes(other)).toEqual({});
});

test('RC2 a failed publication keeps nothing and is tried again', async () => {
  const [one, other] = await two();
  const publish = one.index.publish;
  let failures = 0;
  Object.assign(one.index, {
    publish(changes: readonly OwnChange[], within: Parameters<typeof publish>[1]) {
      if (failures++ < 2) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      publish(changes, within);
    },
  });
  writeFileSync(one.at('a'), 'a');
  await world.settle();
  for (let turn = 0; turn < 2_000 && one.index.items.size === 0; turn += 1) await untilQuiet(one.folder);
  await world.settle();
  expect(snapshot(other.root)).toEqual(snapshot(one.root));
});

test('RC14 a rename whose halves are told apart keeps the content', async () => {
  const [one, other] = await two();
  writeFileSync(one.at('a'), 'content');
  await world.settle();
  renameSync(one.at('a'), one.at('b'));
  appendFileSync(one.at('b'), ' and more');
  await world.settle();
  expect(Object.keys(snapshot(other.root))).toEqual(['b']);
  expect(readFileSync(join(other.root, 'b'), 'utf8')).toBe('content and more');
});
