import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fromHex, toHex } from '../../electron/engine/bytes/hex.ts';
import {
  decodeMarker,
  encodeMarker,
  type FolderPlace,
  type Marker,
  readPlace,
  writePlace,
} from '../../electron/engine/folder/marker.ts';
import {
  decodeLocalRow,
  decodeSyncedRow,
  encodeLocalRow,
  encodeSyncedRow,
  type LocalRow,
} from '../../electron/engine/folder/rows.ts';
import { decodeVersion, encodeVersion, type KeptVersion } from '../../electron/engine/folder/versions-table.ts';
import type { SyncedNode } from '../../electron/engine/reconcile/tree-types.ts';
import type { ContentHash, DeviceId, DeviceTag, FolderId, GroupId } from '../../shared/ids.ts';
import type { RelativePath } from '../../shared/relative-path.ts';
import { createMemoryStore } from '../support/memory-store.ts';

const read = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');

const marker: Marker = {
  group: '01'.repeat(32) as GroupId,
  folder: '02'.repeat(16) as FolderId,
  device: '03'.repeat(32) as DeviceId,
  id: '04'.repeat(16),
};

const path = 'd\u00e9/a.txt' as RelativePath;
const mark = { inode: '12345678901234567890', device: '64769', size: 5, mtimeNs: '1700000000123456789', ctimeNs: '7' };
const content = '05'.repeat(32) as ContentHash;
const author = '06'.repeat(16) as DeviceTag;
const file = { kind: 'file', content, size: 5, mtime: 1_700_000_000_123, mode: 0o644 } as const;

const locals: Record<string, LocalRow> = {
  'local file': { value: file, mark, name: 'a.txt', racy: true },
  'local directory': { value: { kind: 'directory', mode: null }, mark, name: 'a.txt', racy: false },
  'local symlink': { value: { kind: 'symlink', target: '../b' }, mark, name: 'a.txt', racy: false },
};
const synced: Record<string, SyncedNode> = {
  'synced file': { value: { ...file, mode: null }, version: { author, counter: 300 }, mark, copy: true },
};
const version: KeptVersion = {
  id: '0123456789abcdef',
  path,
  content,
  size: 5,
  author,
  mtime: 1_700_000_000_123,
  mode: 0o600,
  keptAt: 1_700_000_001_000,
  keptDay: 3,
};

test('HA4 the root marker keeps its format', () => {
  expect(encodeMarker(marker)).toBe(read('marker-1.json'));
  expect(decodeMarker(read('marker-1.json'))).toEqual(marker);
  expect(decodeMarker(read('marker-1.json').replace('"format": 1', '"format": 2'))).toBeNull();
  expect(decodeMarker('{')).toBeNull();
});

test('HA1 the place of a folder keeps its format, and one without the inode of its marker is still read', () => {
  const golden = JSON.parse(read('folder-rows-1.json')) as Record<string, string>;
  const place: FolderPlace = { root: '/home/ann/Photos', marker, device: '64769', inode: '2', markerInode: '17' };
  const store = createMemoryStore();
  store.transaction((tx) => writePlace(tx, marker.folder, place));
  expect(toHex(store.get('folder-places', marker.folder) as Uint8Array)).toBe(golden.place);
  expect(readPlace(store, marker.folder)).toEqual(place);
  const older = fromHex(golden['place without the inode of its marker'] as string);
  store.transaction((tx) => tx.put('folder-places', marker.folder, older));
  expect(readPlace(store, marker.folder)).toEqual({ ...place, markerInode: null });
});

test('RC6 the rows of what is on disk, what was agreed and what is kept keep their formats', () => {
  const golden = JSON.parse(read('folder-rows-1.json')) as Record<string, string>;
  for (const [name, row] of Object.entries(locals)) {
    expect(toHex(encodeLocalRow(path, row)), name).toBe(golden[name]);
    expect(decodeLocalRow(fromHex(golden[name] as string))).toEqual({ path, row });
  }
  for (const [name, row] of Object.entries(synced)) {
    expect(toHex(encodeSyncedRow(path, row)), name).toBe(golden[name]);
    expect(decodeSyncedRow(fromHex(golden[name] as string))).toEqual({ path, row });
  }
  expect(toHex(encodeVersion(version))).toBe(golden['kept version']);
  expect(decodeVersion(version.id, fromHex(golden['kept version'] as string))).toEqual(version);
});
