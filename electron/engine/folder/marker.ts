import { join } from 'node:path';
import { failure } from '../../../shared/errors.ts';
import {
  type DeviceId,
  type FolderId,
  type GroupId,
  parseDeviceId,
  parseFolderId,
  parseGroupId,
} from '../../../shared/ids.ts';
import { MAX_MARKER_BYTES } from '../../../shared/limits.ts';
import { OWN_DIRECTORY } from '../../../shared/relative-path.ts';
import { decodeValue, encodeValue } from '../bytes/codec.ts';
import { toHex } from '../bytes/hex.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { Random } from '../ports/random.ts';
import type { Reader, Transaction } from '../ports/store.ts';
import { ensureDirectory, statOf } from './disk.ts';

/** What stands in a folder's `.flotilla/marker.json`: whose place this is. */
export interface Marker {
  readonly group: GroupId;
  readonly folder: FolderId;
  readonly device: DeviceId;
  /** 16 random bytes, new for each place: 32 hex digits. */
  readonly id: string;
}

/** Where a folder lies on this device, as the database holds it. */
export interface FolderPlace {
  readonly root: string;
  readonly marker: Marker;
  /** File system and inode of the root when it was last seen in order. */
  readonly device: string;
  readonly inode: string;
  /** Inode of the marker: tops of file systems often have the same one everywhere. Null: written before it was noted. */
  readonly markerInode: string | null;
}

/** Version of the marker file. */
export const MARKER_FORMAT = 1;
const PLACES = 'folder-places';
const PLACE_VERSION = 1;

/** Where the marker of a root lies. */
export function markerPath(root: string): string {
  return join(root, OWN_DIRECTORY, 'marker.json');
}

/** The marker as text; its form is fixed and kept by a golden file. */
export function encodeMarker(marker: Marker): string {
  const { group, folder, device, id } = marker;
  return `${JSON.stringify({ format: MARKER_FORMAT, group, folder, device, id }, null, 2)}\n`;
}

/** The marker in the text, or null if it holds none that this version understands. */
export function decodeMarker(text: string): Marker | null {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
  if (typeof fields !== 'object' || fields === null || fields.format !== MARKER_FORMAT) return null;
  const group = parseGroupId(String(fields.group));
  const folder = parseFolderId(String(fields.folder));
  const device = parseDeviceId(String(fields.device));
  const id = String(fields.id);
  if (group === null || folder === null || device === null || !/^[0-9a-f]{32}$/.test(id)) return null;
  return { group, folder, device, id };
}

/** The marker at a root: 'missing' where there is none, null where it can't be understood. */
export function readMarker(fs: FileSystem, root: string): Marker | null | 'missing' {
  if (fs.lstat(markerPath(root)) === null) return 'missing';
  return decodeMarker(new TextDecoder().decode(fs.readSmall(markerPath(root), MAX_MARKER_BYTES)));
}

/** Makes `.flotilla` in the root, with a marker of its own. One that is there is replaced: the caller has asked. */
export function writeMarker(fs: FileSystem, root: string, marker: Marker): void {
  const own = join(root, OWN_DIRECTORY);
  ensureDirectory(fs, own);
  ensureDirectory(fs, join(own, 'tmp'));
  ensureDirectory(fs, join(own, 'versions'));
  const fresh = join(own, 'tmp', `marker-${marker.id}`);
  fs.writeNew(fresh, new TextEncoder().encode(encodeMarker(marker)));
  fs.rename(fresh, markerPath(root));
  fs.flushDirectory(own);
  fs.flushDirectory(root);
}

/** A marker for a new place. */
export function newMarker(random: Random, ids: Omit<Marker, 'id'>): Marker {
  return { ...ids, id: toHex(random.bytes(16)) };
}

/** The place of a folder, or undefined if it is not held here. */
export function readPlace(store: Reader, folder: FolderId): FolderPlace | undefined {
  const bytes = store.get(PLACES, folder);
  if (bytes === undefined) return undefined;
  const fields = decodeValue(bytes) as readonly [number, string, string, string, string, string?];
  const marker = decodeMarker(fields[2] ?? '');
  if (fields[0] !== PLACE_VERSION || marker === null)
    throw failure('database-damaged', 'A folder has no readable place');
  return { root: fields[1], marker, device: fields[3], inode: fields[4], markerInode: fields[5] ?? null };
}

/** Writes the place of a folder, or removes it (null). */
export function writePlace(tx: Transaction, folder: FolderId, place: FolderPlace | null): void {
  if (place === null) tx.remove(PLACES, folder);
  else {
    const { root, marker, device, inode, markerInode } = place;
    const fields = [PLACE_VERSION, root, encodeMarker(marker), device, inode];
    tx.put(PLACES, folder, encodeValue(markerInode === null ? fields : [...fields, markerInode]));
  }
}

/** The place of a root as it is now. */
export function placeAt(fs: FileSystem, root: string, marker: Marker): FolderPlace {
  const { mark } = statOf(fs, root);
  const markerInode = fs.lstat(markerPath(root))?.mark.inode ?? null;
  return { root, marker, device: mark.device, inode: mark.inode, markerInode };
}
