import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contentHash } from '../../electron/engine/bytes/hash.ts';
import { createFolderDisk, statOf } from '../../electron/engine/folder/disk.ts';
import { nodeFileSystem } from '../../electron/engine/folder/file-system-node.ts';
import { forgetFolder, placeFolder } from '../../electron/engine/folder/folder.ts';
import { readPlace } from '../../electron/engine/folder/marker.ts';
import { identifyOrphan } from '../../electron/engine/folder/orphans.ts';
import { createFolderTables } from '../../electron/engine/folder/tables.ts';
import { createVersionStore, type PendingVersion, type VersionStore } from '../../electron/engine/folder/versions.ts';
import { createInlineJobs } from '../../electron/engine/jobs/inline-jobs.ts';
import type { LocalNode } from '../../electron/engine/reconcile/tree-types.ts';
import type { DeviceId, FolderId, GroupId } from '../../shared/ids.ts';
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
  const faulty = createFaultyFileSystem(nodeFileSystem);
  const fs = { ...faulty, space: () => space };
  const disk = createFolderDisk(
    fs,
    root,
    statOf(fs, root).mark.device,
    createFolderTables(store, FOLDER),
    createSeededRandom(3),
  );
  const open = (): VersionStore =>
    createVersionStore({ folder: FOLDER, store, clock, random: createSeededRandom(1), disk, device: 'disk' });
  return { store, clock, disk, faulty, versions: open(), open };
}

function write(text: string): LocalNode {
  writeFileSync(join(root, PATH), text);
  const { mark, mtime, mode } = statOf(nodeFileSystem, join(root, PATH));
  const content = contentHash(new TextEncoder().encode(text));
  return { value: { kind: 'file', content, size: text.length, mtime, mode }, mark, name: PATH };
}

/** Moves a file with that text to the kept versions; its row is not written yet. */
function move(world: ReturnType<typeof setUp>, text: string): PendingVersion {
  const kept: PendingVersion[] = [];
  world.versions.keepMoved(PATH, join(root, PATH), write(text), null, kept);
  expect(kept).toHaveLength(1);
  return kept[0] as PendingVersion;
}

function keep(world: ReturnType<typeof setUp>, text: string): string {
  const kept = move(world, text);
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

test('HA5 age is counted in days of running: a clock that jumps throws nothing away', () => {
  const world = setUp();
  keep(world, 'old');
  for (const years of [10, -10, 20, -20]) {
    world.clock.jumpWall(years * 365 * DAY_MS);
    world.versions.prune();
    world.open().prune();
  }
  for (let day = 0; day < VERSION_KEPT_DAYS; day += 1) {
    world.clock.advance(DAY_MS);
    world.versions.prune();
  }
  expect(world.versions.all()).toHaveLength(1);
  world.clock.advance(DAY_MS);
  world.versions.prune();
  expect(world.versions.all()).toHaveLength(0);
  expect(readdirSync(join(root, '.flotilla/versions'))).toEqual([]);
});

test('HA5 running time goes on over restarts; what a crash loses of it makes versions younger, never older', () => {
  const world = setUp();
  keep(world, 'old');
  let versions = world.versions;
  for (let half = 0; half < 2 * (VERSION_KEPT_DAYS + 1); half += 1) {
    expect(versions.all()).toHaveLength(1);
    world.clock.advance(DAY_MS / 2);
    versions.close();
    versions = world.open();
    // This run ends without a word.
    world.clock.advance(DAY_MS / 4);
    versions = world.open();
    versions.prune();
  }
  expect(versions.all()).toHaveLength(0);
});

test('HA6 short of space older versions go, but none younger than a day: then changes wait', () => {
  const world = setUp();
  world.clock.advance(DAY_MS - 60_000);
  keep(world, 'x'.repeat(600));
  world.versions.close();
  world.clock.advance(120_000);
  const versions = world.open();
  expect(versions.makeRoom(300)).toBe(true);
  expect(versions.makeRoom(500)).toBe(false);
  expect(versions.all()).toHaveLength(1);
  world.clock.advance(2 * DAY_MS);
  expect(versions.makeRoom(500)).toBe(true);
  expect(versions.all()).toHaveLength(0);
  expect(versions.makeRoom(5_000)).toBe(true);
});

test('HA6 the folders on a disk share its tenth, and the oldest versions go first, whichever folder they are of', () => {
  const world = setUp();
  const { store, clock, disk } = world;
  const ids = {
    group: 'ab'.repeat(32) as GroupId,
    folder: 'cd'.repeat(16) as FolderId,
    device: 'ef'.repeat(32) as DeviceId,
  };
  const other = join(root, 'other');
  mkdirSync(other);
  const random = createSeededRandom(2);
  const place = placeFolder({ fs: nodeFileSystem, store, random }, other, ids);
  placeFolder({ fs: nodeFileSystem, store, random }, root, { ...ids, folder: FOLDER });
  const otherDisk = {
    ...createFolderDisk(nodeFileSystem, other, place.device, createFolderTables(store, ids.folder), random),
    fs: disk.fs,
  };
  const device = 'disk';
  const others = createVersionStore({ folder: ids.folder, store, clock, random, disk: otherDisk, device });
  keep(world, 'x'.repeat(400));
  clock.advance(DAY_MS);
  const kept: PendingVersion[] = [];
  const { mark } = write('y'.repeat(500));
  const value = { kind: 'symlink', target: '' } as const;
  others.keepMoved(PATH, join(root, PATH), { value, mark, name: PATH }, null, kept);
  expect(others.makeRoom(200)).toBe(false);
  store.transaction((tx) => others.record(tx, kept));
  for (const versions of [world.versions, others]) expect(versions.makeRoom(200)).toBe(false);
  expect(world.versions.makeRoom(100)).toBe(true);
  clock.advance(DAY_MS);
  for (const versions of [world.versions, others]) versions.prune();
  expect(others.makeRoom(200)).toBe(true);
  expect([world.versions.all().length, others.all().length]).toEqual([0, 1]);
  expect(readdirSync(join(root, '.flotilla/versions'))).toEqual([]);
  // Nothing is dropped where the root is not in order, and what is no longer held stands in nobody's way.
  clock.advance(2 * DAY_MS);
  others.prune();
  renameSync(other, join(root, 'away'));
  expect(world.versions.makeRoom(900)).toBe(false);
  renameSync(join(root, 'away'), other);
  expect(readPlace(store, ids.folder)).toEqual(place);
  forgetFolder({ store }, ids.folder);
  expect(world.versions.makeRoom(900)).toBe(true);
  expect(readdirSync(join(other, '.flotilla/versions'))).toHaveLength(1);
});

test('HA4 after a crash files without a row get one, and rows without a file go', async () => {
  const world = setUp();
  const id = keep(world, 'kept');
  rmSync(world.versions.fileOf(id));
  const orphan = move(world, 'orphan').version.id;
  const again = world.open();
  await again.recover(async () => ({ content: contentHash(new TextEncoder().encode('orphan')), path: PATH }));
  expect(again.list(PATH).map((version) => version.id)).toEqual([orphan]);
});

test('HA4 a version kept just before a crash does not change with the file that still stands at its path', async () => {
  const world = setUp();
  const local = write('kept');
  const { id } = world.versions.keepLinked(PATH, join(root, PATH), local, null).version;
  const again = world.open();
  const { disk } = world;
  const tables = createFolderTables(world.store, FOLDER);
  tables.saw(PATH, { ...local, racy: false });
  await again.recover((file) => identifyOrphan({ disk, jobs: createInlineJobs(), tables }, file));
  appendFileSync(join(root, PATH), ' and changed in place');
  expect(again.list(PATH).map((version) => version.id)).toEqual([id]);
  expect(readFileSync(again.fileOf(id), 'utf8')).toBe('kept');
  expect(statOf(nodeFileSystem, again.fileOf(id))).toMatchObject({
    mtime: local.value.kind === 'file' && local.value.mtime,
  });
  expect(readdirSync(join(root, '.flotilla/tmp'))).toEqual([]);
});

test('RC6 what changed under us is not moved away', () => {
  const world = setUp();
  const seen = write('seen');
  writeFileSync(join(root, PATH), 'written since');
  const kept: PendingVersion[] = [];
  expect(() => world.versions.keepMoved(PATH, join(root, PATH), seen, null, kept)).toThrow(PATH);
  expect(kept).toEqual([]);
  expect(readFileSync(join(root, PATH), 'utf8')).toBe('written since');
  expect(() => world.versions.keepLinked(PATH, join(root, PATH), seen, null)).toThrow(PATH);
  expect(readdirSync(join(root, '.flotilla/versions'))).toEqual([]);
});

test('RC6 what changed under us goes back on a disk without hard links, too', () => {
  const world = setUp();
  const seen = write('seen');
  writeFileSync(join(root, PATH), 'written since');
  world.faulty.failWhere((call) => (call === 'link' ? 'EPERM' : null));
  const kept: PendingVersion[] = [];
  expect(() => world.versions.keepMoved(PATH, join(root, PATH), seen, null, kept)).toThrow(PATH);
  expect(readFileSync(join(root, PATH), 'utf8')).toBe('written since');
  expect(kept).toEqual([]);
  expect(readdirSync(join(root, '.flotilla/versions'))).toEqual([]);
});

test('HA4 what changed under us and cannot go back, since yet another thing came, is kept and listed', () => {
  for (const links of [true, false]) {
    const world = setUp();
    const seen = write('seen');
    writeFileSync(join(root, PATH), 'written since');
    world.faulty.failWhere((call, _path, to) => {
      if (call === 'link' && to === join(root, PATH)) writeFileSync(to, 'written again');
      return call === 'link' && !links ? 'EPERM' : null;
    });
    const kept: PendingVersion[] = [];
    expect(() => world.versions.keepMoved(PATH, join(root, PATH), seen, null, kept)).toThrow(PATH);
    world.store.transaction((tx) => world.versions.record(tx, kept));
    expect(readFileSync(join(root, PATH), 'utf8')).toBe('written again');
    expect(world.versions.list(PATH)).toMatchObject([{ content: null, size: 13 }]);
    expect(readFileSync(world.versions.fileOf(world.versions.list(PATH)[0]?.id ?? ''), 'utf8')).toBe('written since');
  }
});
