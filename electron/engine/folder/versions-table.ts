import type { ContentHash, DeviceTag, FolderId } from '../../../shared/ids.ts';
import { invariant } from '../../../shared/invariant.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';
import { decodeValue, encodeValue } from '../bytes/codec.ts';
import { blake3Bytes } from '../bytes/hash.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import type { Reader, Transaction } from '../ports/store.ts';

/** A version that was replaced or removed here, and is kept. */
export interface KeptVersion {
  /** 16 hex digits; the name of its file in `.flotilla/versions`. */
  readonly id: string;
  readonly path: RelativePath;
  /** Null for a link, and where it is not known. */
  readonly content: ContentHash | null;
  readonly size: number;
  /** Who made this version; null where that is not known. */
  readonly author: DeviceTag | null;
  readonly mtime: number;
  readonly mode: number | null;
  /** Wall clock when it was kept, milliseconds: shown, never judged by. */
  readonly keptAt: number;
  /** The day when it was kept, counted in 24 hours for which the folder was at work. */
  readonly keptDay: number;
}

const VERSIONS = 'versions';
const BY_PATH = 'version-paths';
const BY_CONTENT = 'version-contents';
const TOTALS = 'version-totals';
const ROW_VERSION = 1;

/** Bytes of a row of the table `versions`. */
export function encodeVersion(version: KeptVersion): Uint8Array {
  const { path, content, size, author, mtime, mode, keptAt, keptDay } = version;
  const hash = content === null ? null : fromHex(content);
  const by = author === null ? null : fromHex(author);
  return encodeValue([ROW_VERSION, path, hash, size, by, mtime, mode, keptAt, keptDay]);
}

/** The version in a row; throws where the database holds something else. */
export function decodeVersion(id: string, bytes: Uint8Array): KeptVersion {
  const fields = decodeValue(bytes);
  invariant(Array.isArray(fields) && fields[0] === ROW_VERSION, 'a kept version of an unknown format');
  const [, path, hash, size, by, mtime, mode, keptAt, keptDay] = fields as [
    number,
    RelativePath,
    Uint8Array | null,
    number,
    Uint8Array | null,
    number,
    number | null,
    number,
    number,
  ];
  const content = hash === null ? null : (toHex(hash) as ContentHash);
  const author = by === null ? null : (toHex(by) as DeviceTag);
  return { id, path, content, size, author, mtime, mode, keptAt, keptDay };
}

/** Writes a version's rows, and counts its bytes. */
export function putVersion(tx: Transaction, folder: FolderId, version: KeptVersion): void {
  const id = new TextEncoder().encode(version.id);
  count(tx, folder, version.size);
  tx.put(VERSIONS, `${folder}/${version.id}`, encodeVersion(version));
  tx.put(BY_PATH, `${folder}/${pathKey(version.path)}/${version.id}`, id);
  if (version.content !== null) tx.put(BY_CONTENT, `${folder}/${version.content.slice(0, 32)}/${version.id}`, id);
}

/** Removes a version's rows, and counts its bytes no more. */
export function removeVersion(tx: Transaction, folder: FolderId, version: KeptVersion): void {
  // Dropped meanwhile by a folder that needed the room.
  if (getVersion(tx, folder, version.id) === undefined) return;
  count(tx, folder, -version.size);
  tx.remove(VERSIONS, `${folder}/${version.id}`);
  tx.remove(BY_PATH, `${folder}/${pathKey(version.path)}/${version.id}`);
  if (version.content !== null) tx.remove(BY_CONTENT, `${folder}/${version.content.slice(0, 32)}/${version.id}`);
}

/** What the kept versions of a folder take, and of which disk. */
export interface KeptTotal {
  readonly bytes: number;
  readonly device: string;
}

function count(tx: Transaction, folder: FolderId, change: number): void {
  const total = readTotal(tx, folder);
  if (total !== undefined) writeTotal(tx, folder, { ...total, bytes: Math.max(0, total.bytes + change) });
}

/** Undefined where the folder was not at work since totals are kept, or is not held. */
export function readTotal(store: Reader, folder: FolderId): KeptTotal | undefined {
  const bytes = store.get(TOTALS, folder);
  return bytes === undefined ? undefined : decodeTotal(bytes);
}

/** Writes what a folder's versions take, or removes it (null): then nobody counts them. */
export function writeTotal(tx: Transaction, folder: FolderId, total: KeptTotal | null): void {
  if (total === null) tx.remove(TOTALS, folder);
  else tx.put(TOTALS, folder, encodeValue([total.bytes, total.device]));
}

/** Folders that keep versions on the disk, and the bytes of each. */
export function totalsOf(store: Reader, device: string): ReadonlyMap<FolderId, number> {
  const found = new Map<FolderId, number>();
  for (const { key, value } of store.range(TOTALS, { prefix: '' })) {
    const total = decodeTotal(value);
    if (total.device === device) found.set(key as FolderId, total.bytes);
  }
  return found;
}

function decodeTotal(row: Uint8Array): KeptTotal {
  const [bytes, device] = decodeValue(row) as [number, string];
  return { bytes, device };
}

/** A version by its id. */
export function getVersion(store: Reader, folder: FolderId, id: string): KeptVersion | undefined {
  const bytes = store.get(VERSIONS, `${folder}/${id}`);
  return bytes === undefined ? undefined : decodeVersion(id, bytes);
}

/** All kept versions of a folder, in no order. */
export function* allVersions(store: Reader, folder: FolderId): Generator<KeptVersion> {
  const prefix = `${folder}/`;
  for (const { key, value } of store.range(VERSIONS, { prefix })) yield decodeVersion(key.slice(prefix.length), value);
}

/** Kept versions of one path. */
export function versionsOfPath(store: Reader, folder: FolderId, path: RelativePath): readonly KeptVersion[] {
  return named(store, folder, BY_PATH, pathKey(path)).filter((version) => version.path === path);
}

/** Kept versions that hold the content. */
export function versionsOfContent(store: Reader, folder: FolderId, content: ContentHash): readonly KeptVersion[] {
  return named(store, folder, BY_CONTENT, content.slice(0, 32)).filter((version) => version.content === content);
}

function named(store: Reader, folder: FolderId, table: string, key: string): KeptVersion[] {
  const found: KeptVersion[] = [];
  for (const { value } of store.range(table, { prefix: `${folder}/${key}/` })) {
    const version = getVersion(store, folder, new TextDecoder().decode(value));
    if (version !== undefined) found.push(version);
  }
  return found;
}

function pathKey(path: RelativePath): string {
  return toHex(blake3Bytes(new TextEncoder().encode(path)).subarray(0, 16));
}
