import { contentHash } from '../../../electron/engine/bytes/hash.ts';
import { fromHex } from '../../../electron/engine/bytes/hex.ts';
import { ChunkListBuilder } from '../../../electron/engine/content/chunk-list.ts';
import { keepProgress, readProgress } from '../../../electron/engine/content/fetch-progress.ts';
import { ManifestStore } from '../../../electron/engine/content/manifest-store.ts';
import { readPlace, writePlace } from '../../../electron/engine/folder/marker.ts';
import { createRunningTime, notedDay } from '../../../electron/engine/folder/running-time.ts';
import { createFolderTables } from '../../../electron/engine/folder/tables.ts';
import { allVersions, putVersion, readTotal, writeTotal } from '../../../electron/engine/folder/versions-table.ts';
import type { Node } from '../../../electron/engine/reconcile/tree-types.ts';
import type { DeviceId, DeviceTag, GroupId } from '../../../shared/ids.ts';
import { createFakeClock } from '../fake-clock.ts';
import { at, FOLDER } from '../index-world.ts';
import { createMemoryStore } from '../memory-store.ts';
import type { RowCase } from './row-case.ts';

const author = '22'.repeat(16) as DeviceTag;
const content = contentHash(new Uint8Array([1]));
const PATH = at('Plans/Summer.txt');
const mark = { inode: '12345678901234567890', device: '64769', size: 5, mtimeNs: '1700000000123456789', ctimeNs: '7' };
/** A node of each kind, by its path. */
const NODES: Readonly<Record<string, Node>> = {
  [PATH]: { kind: 'file', content, size: 5, mtime: 1_700_000_000_123, mode: 0o644 },
  Plans: { kind: 'directory', mode: 0o755 },
  'Plans/link': { kind: 'symlink', target: 'Summer.txt' },
};
const marker = {
  group: 'ab'.repeat(32) as GroupId,
  folder: FOLDER,
  device: '11'.repeat(32) as DeviceId,
  id: '44'.repeat(16),
};

function packedChunks(): Uint8Array {
  const chunks = new ChunkListBuilder();
  for (const number of [1, 2]) chunks.add(fromHex(contentHash(new Uint8Array([number]))), 200_000);
  return chunks.packed();
}

/** Rows of a folder and of content. */
export const FOLDER_ROWS: Readonly<Record<string, RowCase>> = {
  'where a folder lies': {
    write: (disk) => {
      const place = { root: '/home/ann/Photos', marker, device: '64769', inode: '2', markerInode: '17' };
      createMemoryStore(disk).transaction((tx) => writePlace(tx, FOLDER, place));
    },
    read: (store) => readPlace(store, FOLDER),
  },
  'the trees of a folder': {
    write: (disk) => {
      const tables = createFolderTables(createMemoryStore(disk), FOLDER);
      for (const [path, value] of Object.entries(NODES)) {
        const local = { value, mark, name: path.split('/').at(-1) ?? '', racy: value.kind === 'file' };
        const synced = { value, version: { author, counter: 300 }, mark, copy: value.kind === 'file' };
        tables.commit([{ path: at(path), local, synced }]);
      }
    },
    read: (store) => {
      const tables = createFolderTables(store, FOLDER);
      const rows = Object.keys(NODES).map((path) => [tables.local(at(path)), tables.synced(at(path))]);
      return [rows, tables.pathsOf(content), tables.totals()];
    },
  },
  'kept versions': {
    write: (disk) => {
      const store = createMemoryStore(disk);
      const about = { path: PATH, content, size: 5, author, mtime: 1_700_000_000_123, mode: 0o600 };
      store.transaction((tx) => {
        writeTotal(tx, FOLDER, { bytes: 0, device: '64769' });
        putVersion(tx, FOLDER, { ...about, id: '0123456789abcdef', keptAt: 1_700_000_001_000, keptDay: 3 });
      });
      const clock = createFakeClock();
      const running = createRunningTime({ folder: FOLDER, store, clock });
      clock.advance(3.5 * 86_400_000);
      running.note();
    },
    read: (store) => [[...allVersions(store, FOLDER)], readTotal(store, FOLDER), notedDay(store, FOLDER)],
  },
  'manifests and where chunks lie': {
    write: (disk) => {
      const manifests = new ManifestStore(createMemoryStore(disk), createFakeClock());
      manifests.noteFile({ content, size: 400_000, chunks: packedChunks() });
      manifests.flush();
    },
    read: (store) => {
      const manifests = new ManifestStore(store, createFakeClock());
      return [manifests.page(content, 0), manifests.findChunk(contentHash(new Uint8Array([2])))];
    },
  },
  'a fetch that was interrupted': {
    write: (disk) => {
      const manifests = new ManifestStore(createMemoryStore(disk), createFakeClock());
      const page = { content, size: 400_000, total: 2, page: 0, offset: 0, chunks: packedChunks() };
      keepProgress(manifests, { folder: FOLDER, content }, page, 2);
    },
    read: (store) => [
      readProgress(store, { folder: FOLDER, content }),
      new ManifestStore(store, createFakeClock()).page(content, 0),
    ],
  },
};
