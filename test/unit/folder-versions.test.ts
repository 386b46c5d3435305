import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contentHash } from '../../electron/engine/bytes/hash.ts';
import { createFolderDisk, statOf } from '../../electron/engine/folder/disk.ts';
import { nodeFileSystem } from '../../electron/engine/folder/file-system-node.ts';
import { createFolderTables } from '../../electron/engine/folder/tables.ts';
import { createVersionStore, type VersionStore } from '../../electron/engine/folder/versions.ts';
import type { LocalNode } from '../../electron/engine/reconcile/tree-types.ts';
import type { FolderId } from '../../shared/ids.ts';
import { VERSION_KEPT_DAYS } from '../../shared/limits.ts';
import type { RelativePath } from '../../shared/relative-path.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createFaultyFileSystem } from '../support/faulty-file-system.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const FOLDER = 'ab'.repeat(16) as FolderId;
const DAY_MS = 86_400_000;
const PATH = 'a.txt' as RelativePath;

let root: string;
let space = { free: 1e9, total: 10_000 };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'flotilla-versions-'));
  mkdirSync(join(root, '.flotilla/versions'), { recursive: true });
  mkdirSync(join(root, '.flotilla/tmp'));
  space = { free: 1e9, total: 10_000 };
});

afterEach(() => rmSync(root, { recursive: true }));

function setUp() {
  const store = createMemoryStore();
  const clock = createFakeClock();
  const fs = { ...createFaultyFileSystem(nodeFileSystem), space: () => space };
  const disk = createFolderDisk(fs, root, createFolderTables(store, FOLDER));
  const open = (): VersionStore =>
    createVersionStore({ folder: FOLDER, store, clock, random: createSeededRandom(1), disk });
  return { store, clock, disk, versions: open(), open };
}

function write(text: string): LocalNode {
  writeFileSync(join(root, PATH), text);
  const { mark, mtime, mode } = statOf(nodeFileSystem, join(root, PATH));
  const content = contentHash(new TextEncoder().encode(text));
  return { value: { kind: 'file', content, size: text.length, mtime, mode }, mark, name: PATH };
}

function keep(world: ReturnType<typeof setUp>, text: string): string {
  const kept = world.versions.keepMoved(PATH, join(root, PATH), write(text), null);
  world.store.transaction((tx) => world.versions.record(tx, [kept]));
  return kept.version.id;
}

test('HA4 a kept version has its path, content, time and file', () => {
  const world = setUp();
  const id = keep(world, 'one');
  world.clock.advance(1_000);
  keep(world, 'two');
  expect(world.versions.list(PATH).map((version) => version.size)).toEqual([3, 3]);
  const kept = world.versions.get(id);
  expect(kept).toMatchObject({ id, path: PATH, content: contentHash(new TextEncoder().encode('one')), size: 3 });
  expect(readFileSync(world.versions.fileOf(id), 'utf8')).toBe('one');
  expect(world.versions.holding(kept!.content!).map((version) => version.id)).toEqual([id]);
});

test('HA5 age is counted in days on which the engine ran: a clock that jumps throws nothing away', () => {
  const world = setUp();
  keep(world, 'old');
  world.clock.jumpWall(3_650 * DAY_MS);
  world.versions.prune();
  expect(world.versions.all()).toHaveLength(1);
  world.clock.jumpWall(-3_650 * DAY_MS);
  world.versions.prune();
  for (let day = 0; day < VERSION_KEPT_DAYS - 2; day += 1) {
    world.clock.advance(DAY_MS);
    world.versions.prune();
  }
  expect(world.versions.all()).toHaveLength(1);
  world.clock.advance(DAY_MS);
  world.versions.prune();
  expect(world.versions.all()).toHaveLength(0);
  expect(readdirSync(join(root, '.flotilla/versions'))).toEqual([]);
});

test('HA6 short of space older versions go, but none younger than a day: then changes wait', () => {
  const world = setUp();
  keep(world, 'x'.repeat(600));
  expect(world.versions.makeRoom(300)).toBe(true);
  expect(world.versions.makeRoom(500)).toBe(false);
  expect(world.versions.all()).toHaveLength(1);
  world.clock.advance(DAY_MS);
  world.versions.prune();
  expect(world.versions.makeRoom(500)).toBe(true);
  expect(world.versions.all()).toHaveLength(0);
  expect(world.versions.makeRoom(5_000)).toBe(true);
});

test('HA4 after a crash files without a row get one, and rows without a file go', async () => {
  const world = setUp();
  const id = keep(world, 'kept');
  rmSync(world.versions.fileOf(id));
  const orphan = world.versions.keepMoved(PATH, join(root, PATH), write('orphan'), null).version.id;
  const again = world.open();
  await again.recover(async () => ({ content: contentHash(new TextEncoder().encode('orphan')), path: PATH }));
  expect(again.list(PATH).map((version) => version.id)).toEqual([orphan]);
});

test('RC6 what changed under us is not moved away', () => {
  const world = setUp();
  const seen = write('seen');
  writeFileSync(join(root, PATH), 'written since');
  expect(() => world.versions.keepMoved(PATH, join(root, PATH), seen, null)).toThrow(PATH);
  expect(readFileSync(join(root, PATH), 'utf8')).toBe('written since');
  expect(() => world.versions.keepLinked(PATH, join(root, PATH), seen, null)).toThrow(PATH);
  expect(readdirSync(join(root, '.flotilla/versions'))).toEqual([]);
});
