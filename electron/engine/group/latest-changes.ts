import type { FolderId } from '../../../shared/ids.ts';
import { INDEX_BITS, MAX_LATEST_CHANGES } from '../../../shared/limits.ts';
import type { Encodable } from '../bytes/codec.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { FieldError } from './fields.ts';

/**
 * What an author last changed in a folder's index: by shard the changes (SHA-256, 64 hex digits) on which no other of
 * its changes builds. A shard that is not there holds no change of it. Named where its right to write ends, so that what
 * it signs afterwards can be told from what it had signed before, whatever it says of itself.
 */
export type LatestChanges = ReadonlyMap<number, readonly string[]>;

const HASH_BYTES = 32;
const FOLDER_BYTES = 16;

const ascending = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** `[[shard, hashes one after the other], ...]`, both in ascending order. */
export function latestToValue(latest: LatestChanges): Encodable {
  const shards = [...latest].sort(([a], [b]) => ascending(a, b));
  return shards.map(([shard, hashes]) => [shard, fromHex([...hashes].sort().join(''))]);
}

/** Throws `FieldError` where the value is not exactly what `latestToValue` makes. */
export function latestFromValue(value: unknown): LatestChanges {
  const latest = new Map<number, readonly string[]>();
  let before = -1;
  for (const [shard, hashes] of pairs(value)) {
    if (typeof shard !== 'number' || !Number.isInteger(shard) || shard <= before || shard >= 2 ** INDEX_BITS) {
      throw new FieldError('bad shard');
    }
    before = shard;
    latest.set(shard, hashesOf(hashes));
  }
  return latest;
}

function hashesOf(value: unknown): readonly string[] {
  if (!(value instanceof Uint8Array)) throw new FieldError('bad changes');
  const count = value.byteLength / HASH_BYTES;
  if (!Number.isInteger(count) || count < 1 || count > MAX_LATEST_CHANGES) throw new FieldError('bad changes');
  const hashes = Array.from({ length: count }, (_, at) =>
    toHex(value.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)),
  );
  if (hashes.some((hash, at) => at > 0 && hash <= (hashes[at - 1] as string))) throw new FieldError('not in order');
  return hashes;
}

/** `[[folder, latest], ...]` in ascending order. */
export function latestByFolderToValue(folders: ReadonlyMap<FolderId, LatestChanges>): Encodable {
  const sorted = [...folders].sort(([a], [b]) => ascending(a, b));
  return sorted.map(([folder, latest]) => [fromHex(folder), latestToValue(latest)]);
}

/** Throws `FieldError` where the value is not exactly what `latestByFolderToValue` makes. */
export function latestByFolderFromValue(value: unknown): ReadonlyMap<FolderId, LatestChanges> {
  const folders = new Map<FolderId, LatestChanges>();
  let before = '';
  for (const [id, latest] of pairs(value)) {
    if (!(id instanceof Uint8Array) || id.byteLength !== FOLDER_BYTES) throw new FieldError('bad folder');
    const folder = toHex(id) as FolderId;
    if (folder <= before) throw new FieldError('not in order');
    before = folder;
    folders.set(folder, latestFromValue(latest));
  }
  return folders;
}

function pairs(value: unknown): (readonly [unknown, unknown])[] {
  if (!Array.isArray(value)) throw new FieldError('not a list');
  return value.map((pair: unknown) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw new FieldError('not a pair');
    return pair as [unknown, unknown];
  });
}

/** What either names. */
export function joinLatest(a: LatestChanges, b: LatestChanges): LatestChanges {
  const joined = new Map(a);
  for (const [shard, hashes] of b) joined.set(shard, [...new Set([...(joined.get(shard) ?? []), ...hashes])].sort());
  return joined;
}
