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
  /** The day's number, counted in days on which the engine ran, when it was kept. */
  readonly keptDay: number;
}

const VERSIONS = 'versions';
const BY_PATH = 'version-paths';
const BY_CONTENT = 'version-contents';
const DAYS = 'version-days';
const ROW_VERSION = 1;
const DAY_MS = 86_400_000;

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

/** Writes a version's rows. */
export function putVersion(tx: Transaction, folder: FolderId, version: KeptVersion): void {
  const id = new TextEncoder().encode(version.id);
  tx.put(VERSIONS, `${folder}/${version.id}`, encodeVersion(version));
  tx.put(BY_PATH, `${folder}/${pathKey(version.path)}/${version.id}`, id);
  if (version.content !== null) tx.put(BY_CONTENT, `${folder}/${version.content.slice(0, 32)}/${version.id}`, id);
}

/** Removes a version's rows. */
export function removeVersion(tx: Transaction, folder: FolderId, version: KeptVersion): void {
  tx.remove(VERSIONS, `${folder}/${version.id}`);
  tx.remove(BY_PATH, `${folder}/${pathKey(version.path)}/${version.id}`);
  if (version.content !== null) tx.remove(BY_CONTENT, `${folder}/${version.content.slice(0, 32)}/${version.id}`);
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

/**
 * The number of today, counting only days on which the engine ran: a clock that is wrong by years makes one day of them.
 * `now` is the wall clock in milliseconds.
 */
export function runningDay(tx: Transaction, folder: FolderId, now: number): number {
  const today = Math.floor(now / DAY_MS);
  const bytes = tx.get(DAYS, folder);
  const [number, last] = bytes === undefined ? [0, today] : (decodeValue(bytes) as [number, number]);
  if (bytes !== undefined && last === today) return number;
  const next = bytes === undefined ? 0 : number + 1;
  tx.put(DAYS, folder, encodeValue([next, today]));
  return next;
}
