import type { DeviceTag, FolderId } from '../../../../shared/ids.ts';
import { MAX_DEVICES, MAX_FOLDERS, MAX_LATEST_CHANGES, MAX_SHARD_HEADS } from '../../../../shared/limits.ts';
import { decodeValue, type Encodable, encodeValue } from '../../bytes/codec.ts';
import { fromHex, toHex } from '../../bytes/hex.ts';
import type { LatestChanges } from '../../group/latest-changes.ts';
import { ACTOR_BYTES } from '../change-reader.ts';
import { FIRST_EPOCH, SHARD_COUNT } from '../shard-place.ts';
import { decodeEnvelope, encodeEnvelope, type SignedChange } from '../signed-change.ts';

/** The heads of one shard, sorted. */
export interface ShardHeads {
  readonly shard: number;
  readonly heads: readonly string[];
}

/** What devices tell one another on the channel `index`. */
export type IndexMessage =
  /** First word on a folder: a digest of all heads. */
  | {
      readonly type: 'digest';
      readonly folder: FolderId;
      readonly digest: string;
      /** Whether the sender has had the whole folder, so that it can be received from it. */
      readonly holder: boolean;
      /** Whether the sender has not heard from the receiver yet. */
      readonly ask: boolean;
    }
  | {
      readonly type: 'heads';
      readonly folder: FolderId;
      readonly shards: readonly ShardHeads[];
      /** Whether shards that are not named are empty at the sender. */
      readonly whole: boolean;
      readonly holder: boolean;
      readonly ask: boolean;
    }
  /** Asks for everything beyond these sequences of actors. */
  | {
      readonly type: 'want';
      readonly folder: FolderId;
      readonly shards: readonly { readonly shard: number; readonly clock: ReadonlyMap<string, number> }[];
    }
  | {
      readonly type: 'changes';
      readonly folder: FolderId;
      readonly shards: readonly { readonly shard: number; readonly changes: readonly SignedChange[] }[];
      /** What the sender has once all of this has come. */
      readonly announced: readonly ShardHeads[];
      /** Whether the next message continues this one. */
      readonly more: boolean;
    }
  /** The highest counter of each author that the sender has. */
  | { readonly type: 'counters'; readonly counters: ReadonlyMap<DeviceTag, number> }
  /** Asks for the latest changes of an author whose right to write is to end; the answer carries the same number. */
  | {
      readonly type: 'latestAsked';
      readonly request: number;
      readonly author: DeviceTag;
      readonly folders: readonly FolderId[];
    }
  /** Of each shard the last one first. */
  | { readonly type: 'latest'; readonly request: number; readonly folders: ReadonlyMap<FolderId, LatestChanges> };

/** Messages on the exchange of one folder. */
export type FolderMessage = Extract<IndexMessage, { readonly folder: FolderId }>;

const KIND = { digest: 1, heads: 2, want: 3, changes: 4, counters: 5, latestAsked: 6, latest: 7 } as const;
const FOLDER_BYTES = 16;
const HASH_BYTES = 32;
const TAG_BYTES = 16;
/** Actors that a message may name of one shard; there is one for each start of an engine that wrote in it. */
const MAX_ACTORS = 100_000;

const headsOf = (shards: readonly ShardHeads[]): Encodable =>
  shards.map(({ shard, heads }) => [shard, heads.map((hash) => fromHex(hash))]);

/** The bytes of a message: a CBOR array that begins with its kind. */
export function encodeIndexMessage(message: IndexMessage): Uint8Array {
  if (message.type === 'counters') {
    const counters = [...message.counters].map(([tag, counter]) => [fromHex(tag), counter]);
    return encodeValue([KIND.counters, counters]);
  }
  if (message.type === 'latestAsked') {
    const folders = message.folders.map((folder) => fromHex(folder));
    return encodeValue([KIND.latestAsked, message.request, FIRST_EPOCH, fromHex(message.author), folders]);
  }
  if (message.type === 'latest') {
    const folders = [...message.folders].map(([folder, latest]) => [
      fromHex(folder),
      headsOf([...latest].map(([shard, heads]) => ({ shard, heads }))),
    ]);
    return encodeValue([KIND.latest, message.request, FIRST_EPOCH, folders]);
  }
  const head = [KIND[message.type], fromHex(message.folder), FIRST_EPOCH];
  switch (message.type) {
    case 'digest':
      return encodeValue([...head, fromHex(message.digest), message.holder, message.ask]);
    case 'heads':
      return encodeValue([...head, headsOf(message.shards), message.whole, message.holder, message.ask]);
    case 'want': {
      const shards = message.shards.map(({ shard, clock }) => [
        shard,
        [...clock].map(([actor, sequence]) => [fromHex(actor), sequence]),
      ]);
      return encodeValue([...head, shards]);
    }
    case 'changes': {
      const shards = message.shards.map(({ shard, changes }) => [
        shard,
        changes.map(({ envelope, change }) => [encodeEnvelope(envelope), change]),
      ]);
      return encodeValue([...head, shards, headsOf(message.announced), message.more]);
    }
  }
}

class Malformed extends Error {}

function list(value: unknown, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > most) throw new Malformed();
  return value;
}

function tuple(value: unknown, length: number): readonly unknown[] {
  const values = list(value, length);
  if (values.length !== length) throw new Malformed();
  return values;
}

function bytes(value: unknown, length?: number): Uint8Array {
  if (!(value instanceof Uint8Array) || (length !== undefined && value.byteLength !== length)) throw new Malformed();
  return value;
}

const hex = (value: unknown, length: number): string => toHex(bytes(value, length));

function whole(value: unknown, below = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value >= below) throw new Malformed();
  return value;
}

function flag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Malformed();
  return value;
}

function each<T>(value: unknown, most: number, length: number, read: (parts: readonly unknown[]) => T): T[] {
  return list(value, most).map((one) => read(tuple(one, length)));
}

function readHeads(value: unknown): ShardHeads[] {
  return each(value, SHARD_COUNT, 2, ([shard, heads]) => ({
    shard: whole(shard, SHARD_COUNT),
    heads: list(heads, MAX_SHARD_HEADS)
      .map((hash) => hex(hash, HASH_BYTES))
      .sort(),
  }));
}

function readWant(value: unknown): Extract<IndexMessage, { type: 'want' }>['shards'] {
  return each(value, SHARD_COUNT, 2, ([shard, clock]) => ({
    shard: whole(shard, SHARD_COUNT),
    clock: new Map(
      each(clock, MAX_ACTORS, 2, ([actor, sequence]) => [hex(actor, ACTOR_BYTES), whole(sequence)] as const),
    ),
  }));
}

function readChanges(value: unknown): Extract<IndexMessage, { type: 'changes' }>['shards'] {
  return each(value, SHARD_COUNT, 2, ([shard, changes]) => ({
    shard: whole(shard, SHARD_COUNT),
    changes: each(changes, Number.MAX_SAFE_INTEGER, 2, ([envelope, change]) => {
      const decoded = decodeEnvelope(bytes(envelope));
      if (decoded === null) throw new Malformed();
      return { envelope: decoded, change: bytes(change) };
    }),
  }));
}

function readLatest(value: unknown): LatestChanges {
  const shards = each(value, SHARD_COUNT, 2, ([shard, changes]) => {
    const hashes = list(changes, MAX_LATEST_CHANGES).map((hash) => hex(hash, HASH_BYTES));
    return [whole(shard, SHARD_COUNT), hashes] as const;
  });
  return new Map(shards.filter(([, hashes]) => hashes.length > 0));
}

/** The message that the bytes say; null if they say none. Never throws. */
export function decodeIndexMessage(input: Uint8Array): IndexMessage | null {
  try {
    return read(list(decodeValue(input), 8));
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

function read(parts: readonly unknown[]): IndexMessage | null {
  const [kind] = parts;
  if (kind === KIND.counters) {
    const [, counters] = tuple(parts, 2);
    const pairs = each(
      counters,
      MAX_DEVICES * 16,
      2,
      ([tag, counter]) => [hex(tag, TAG_BYTES), whole(counter)] as const,
    );
    return { type: 'counters', counters: new Map(pairs as [DeviceTag, number][]) };
  }
  if (whole(parts[2]) !== FIRST_EPOCH) return null;
  if (kind === KIND.latestAsked) {
    const [, request, , author, folders] = tuple(parts, 5);
    return {
      type: 'latestAsked',
      request: whole(request),
      author: hex(author, TAG_BYTES) as DeviceTag,
      folders: list(folders, MAX_FOLDERS).map((folder) => hex(folder, FOLDER_BYTES) as FolderId),
    };
  }
  if (kind === KIND.latest) {
    const [, request, , folders] = tuple(parts, 4);
    const known = each(
      folders,
      MAX_FOLDERS,
      2,
      ([folder, latest]) => [hex(folder, FOLDER_BYTES) as FolderId, readLatest(latest)] as const,
    );
    return { type: 'latest', request: whole(request), folders: new Map(known) };
  }
  const folder = hex(parts[1], FOLDER_BYTES) as FolderId;
  switch (kind) {
    case KIND.digest: {
      const [, , , digest, holder, ask] = tuple(parts, 6);
      return { type: 'digest', folder, digest: hex(digest, HASH_BYTES), holder: flag(holder), ask: flag(ask) };
    }
    case KIND.heads: {
      const [, , , shards, all, holder, ask] = tuple(parts, 7);
      return {
        type: 'heads',
        folder,
        shards: readHeads(shards),
        whole: flag(all),
        holder: flag(holder),
        ask: flag(ask),
      };
    }
    case KIND.want:
      return { type: 'want', folder, shards: readWant(tuple(parts, 4)[3]) };
    case KIND.changes: {
      const [, , , shards, announced, more] = tuple(parts, 6);
      return {
        type: 'changes',
        folder,
        shards: readChanges(shards),
        announced: readHeads(announced),
        more: flag(more),
      };
    }
    default:
      return null;
  }
}
