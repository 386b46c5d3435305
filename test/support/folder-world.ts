import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { contentHash } from '../../electron/engine/bytes/hash.ts';
import type { ContentFetcher, FetchProgress } from '../../electron/engine/content/content-types.ts';
import { nodeFileSystem } from '../../electron/engine/folder/file-system-node.ts';
import { createFolder, placeFolder } from '../../electron/engine/folder/folder.ts';
import type { ActivityItem, Folder, FolderDeps, FolderRights } from '../../electron/engine/folder/folder-types.ts';
import { createInlineJobs } from '../../electron/engine/jobs/inline-jobs.ts';
import type { FileSystem } from '../../electron/engine/ports/file-system.ts';
import type { JobInput, JobName, JobOutput, Jobs } from '../../electron/engine/ports/jobs.ts';
import { systemClock } from '../../electron/engine/ports/system-clock.ts';
import type { DeviceId, DeviceTag, FolderId, GroupId } from '../../shared/ids.ts';
import { createFaultyFileSystem, type FaultyFileSystem } from './faulty-file-system.ts';
import { createManualWatcher, type ManualWatcher } from './manual-watcher.ts';
import { createMemoryIndexes, type MemoryIndex, type MemoryIndexes } from './memory-index.ts';
import { createMemoryDisk, createMemoryStore, type MemoryDisk, type MemoryStore } from './memory-store.ts';
import { createSeededRandom } from './seeded-random.ts';

export const FOLDER = 'f0'.repeat(16) as FolderId;
export const GROUP = '0a'.repeat(32) as GroupId;

/** One device of a test: a real directory, a database in memory, an index that is delivered by hand. */
export interface TestDevice {
  readonly name: string;
  readonly tag: DeviceTag;
  readonly root: string;
  readonly disk: MemoryDisk;
  readonly fs: FaultyFileSystem;
  readonly watcher: ManualWatcher;
  readonly errors: unknown[];
  readonly activity: ActivityItem[];
  rights: FolderRights;
  folder: Folder;
  store: MemoryStore;
  index: MemoryIndex;
  /** Ends without a word and begins again from what is durable. */
  restart(): Promise<void>;
  at(path: string): string;
}

/** Several devices that hold one folder. */
export interface FolderWorld {
  readonly devices: readonly TestDevice[];
  readonly indexes: MemoryIndexes;
  readonly fetches: string[];
  /** What the fetcher says is under way, on every device. */
  readonly progress: FetchProgress[];
  /** Everything on every disk is taken in, delivered and applied, until nothing changes. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** What was read is on the file system that the device's own stats name. */
function jobsOf(fs: FileSystem): Jobs {
  const jobs = createInlineJobs();
  const run = async (name: JobName, input: never): Promise<unknown> => {
    const result: unknown = await jobs.run(name, input);
    if (name !== 'hashFile') return result;
    const { path } = input as JobInput<'hashFile'>;
    const { file, mark } = result as JobOutput<'hashFile'>;
    return { file, mark: { ...mark, device: fs.lstat(path)?.mark.device ?? mark.device } };
  };
  return { ...jobs, run: run as Jobs['run'] };
}

/** A world of devices; `prepare` may put files in a root before the folder is placed there. */
export async function createFolderWorld(
  count: number,
  prepare: (root: string, device: number) => void = () => undefined,
): Promise<FolderWorld> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-folder-')));
  const indexes = createMemoryIndexes(FOLDER);
  const fetches: string[] = [];
  const progress: FetchProgress[] = [];
  const devices: TestDevice[] = [];
  const fetcher: ContentFetcher = {
    async fetch(request) {
      await Promise.resolve();
      for (const device of devices) {
        for (const { absolutePath } of device.folder.locate(request.content)) {
          if (!existsSync(absolutePath) || contentHash(readFileSync(absolutePath)) !== request.content) continue;
          mkdirSync(dirname(request.target), { recursive: true });
          rmSync(request.target, { force: true });
          copyFileSync(absolutePath, request.target);
          if (contentHash(readFileSync(request.target)) !== request.content) continue;
          fetches.push(request.path);
          return { type: 'fetched' };
        }
      }
      return { type: 'noSource' };
    },
    progress: () => progress,
  };

  for (let number = 0; number < count; number += 1) {
    const root = join(base, `device-${number}`);
    mkdirSync(root);
    prepare(root, number);
    const tag = String(number + 1).repeat(32) as DeviceTag;
    const disk = createMemoryDisk();
    const fs = createFaultyFileSystem(nodeFileSystem);
    const store = crashingStore(disk, fs);
    placeFolder({ fs, store, random: createSeededRandom(number + 1) }, root, {
      group: GROUP,
      folder: FOLDER,
      device: String(number + 1).repeat(64) as DeviceId,
    });
    const device: TestDevice = {
      name: `D${number + 1}`,
      tag,
      root,
      disk,
      fs,
      watcher: createManualWatcher(),
      errors: [],
      activity: [],
      rights: { canWrite: () => true },
      store,
      index: indexes.open(tag, store),
      folder: null as unknown as Folder,
      async restart() {
        await device.folder.stop();
        device.store = crashingStore(disk, fs);
        device.index = indexes.open(tag, device.store);
        open(device, number);
      },
      at: (path) => join(root, path),
    };
    open(device, number);
    devices.push(device);
  }

  function open(device: TestDevice, number: number): void {
    const deps: FolderDeps = {
      folder: FOLDER,
      self: device.tag,
      store: device.store,
      index: device.index,
      fetcher,
      fs: device.fs,
      watcher: device.watcher,
      clock: systemClock,
      random: createSeededRandom(Math.floor(Math.random() * 2 ** 32) + number),
      jobs: jobsOf(device.fs),
      rights: { canWrite: () => device.rights.canWrite() },
      authorName: (author) => devices.find(({ tag }) => tag === author)?.name ?? 'unknown',
      hashed: () => undefined,
      shardUnknown: () => undefined,
      failed: (error) => device.errors.push(error),
    };
    device.folder = createFolder(deps);
    device.folder.subscribe((event) => {
      if (event.type === 'activity') device.activity.push(...event.items);
    });
    device.folder.start();
  }

  return {
    devices,
    indexes,
    fetches,
    progress,
    async settle() {
      let quiet = 0;
      for (let round = 0; round < 40 && quiet < 2; round += 1) {
        const before = indexes.published();
        for (const { folder } of devices) if (folder.status().state.type !== 'halted') await folder.flush();
        indexes.deliver();
        for (const { folder } of devices) folder.sourcesChanged();
        for (const { folder } of devices) await untilQuiet(folder);
        const rest = devices.every(({ folder }) => folder.status().needFiles === 0);
        quiet = indexes.published() === before && rest ? quiet + 1 : 0;
      }
    },
    async close() {
      for (const { folder } of devices) await folder.stop();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

/** A database whose transactions are places to crash at, too. */
function crashingStore(disk: MemoryDisk, fs: FaultyFileSystem): MemoryStore {
  const store = createMemoryStore(disk);
  return {
    ...store,
    transaction(run) {
      fs.step('transaction');
      return store.transaction(run);
    },
  };
}

/** Waits until the folder does nothing by itself any more. */
export async function untilQuiet(folder: Folder): Promise<void> {
  for (let turn = 0; turn < 20_000; turn += 1) {
    const { state, needFiles } = folder.status();
    if (state.type !== 'scanning' && (state.type !== 'syncing' || needFiles > 0) && turn > 20) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
