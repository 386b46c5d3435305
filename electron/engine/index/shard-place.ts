import type { DirectoryPath, RelativePath } from '../../../shared/relative-path.ts';
import { parentOf } from '../../../shared/relative-path.ts';
import { blake3Bytes } from '../bytes/hash.ts';
import { toHex } from '../bytes/hex.ts';

/** Bits of the hash that choose the shard; `folder.create` fixes them for an index epoch. */
export const SHARD_BITS = 6;
/** Shards of an index. */
export const SHARD_COUNT = 2 ** SHARD_BITS;
/** The index epoch of the first whole: nothing begins a later one yet. */
export const FIRST_EPOCH = 1;

// Paths come by directories, and the hash of one costs more than all else that is done for a path.
let last: { readonly directory: DirectoryPath; readonly key: string } | null = null;

/** First 16 bytes of BLAKE3 of the directory's path, as hex: names the directory in table keys, whatever its length. */
export function directoryKey(directory: DirectoryPath): string {
  if (last === null || last.directory !== directory) {
    last = { directory, key: toHex(blake3Bytes(Buffer.from(directory, 'utf8')).subarray(0, 16)) };
  }
  return last.key;
}

/** The shard that the key's first bits say. */
export function shardOfDirectoryKey(key: string): number {
  return Number.parseInt(key.slice(0, 2), 16) >>> (8 - SHARD_BITS);
}

/** The shard that holds the path's entry: by its directory, so that a directory stays together. */
export function shardOf(path: RelativePath): number {
  return shardOfDirectoryKey(directoryKey(parentOf(path)));
}
