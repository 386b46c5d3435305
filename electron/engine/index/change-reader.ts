import { createHash } from 'node:crypto';
import { MAX_INDEX_CHANGE_BYTES, MAX_INDEX_CHANGE_ENTRIES, MAX_PATH_BYTES } from '../../../shared/limits.ts';
import { toHex } from '../bytes/hex.ts';
import { type ByteReader, createByteReader, MalformedBytes } from './byte-cursor.ts';
import { isAllFalse, readDeltas, readRuns } from './change-columns.ts';

/** Where a change stands in its document. */
export interface ChangeHeader {
  /** SHA-256 by which Automerge names the change: 64 hex digits. */
  readonly hash: string;
  readonly actor: string;
  /** Count of the actor's changes in this document, from 1. */
  readonly sequence: number;
  /** Number of the first operation; the others follow it. */
  readonly startOp: number;
  readonly dependencies: readonly string[];
}

/** One operation of a change: a value put at a path. */
export interface PutOperation {
  readonly key: string;
  /** A view of the change's bytes. */
  readonly value: Uint8Array;
  /** Operations whose values it replaces. */
  readonly replaces: readonly OperationId[];
}

/** Number and actor of an operation. */
export interface OperationId {
  readonly counter: number;
  readonly actor: string;
}

/** A change of a shard's document, read whole. */
export interface ReadChange extends ChangeHeader {
  readonly puts: readonly PutOperation[];
}

const MAGIC = [0x85, 0x6f, 0x4a, 0x83];
const CHUNK_HEADER_BYTES = 8;
const CHANGE_CHUNK = 1;
const HASH_BYTES = 32;
/** 16 bytes of the device's tag and 8 random ones. */
export const ACTOR_BYTES = 24;
const MAX_OTHER_ACTORS = 4_096;
const MAX_OPERATION = 2 ** 40;

const COLUMN = {
  objectActor: 0x01,
  objectCounter: 0x02,
  keyText: 0x15,
  insert: 0x34,
  action: 0x42,
  valueMeta: 0x56,
  value: 0x57,
  predecessorCount: 0x70,
  predecessorActor: 0x71,
  predecessorCounter: 0x73,
  expand: 0x94,
} as const;
const ACTION_PUT = 1;
const VALUE_BYTES = 7;

/**
 * Reads an Automerge change (automerge.org/automerge-binary-format-spec, "Change chunk") if it is one that an index may
 * hold: uncompressed, and nothing but byte values put at keys of the root. Null for everything else, so that what a
 * peer sends is bounded and understood before the library sees it.
 */
export function readChange(bytes: Uint8Array): ReadChange | null {
  return guarded(bytes, (input) => {
    const { header, actors } = readHead(bytes, input);
    const puts = readPuts(input, actors);
    return input.left() === 0 ? { ...header, puts } : null;
  });
}

/** As `readChange`, of the head alone: for changes that were read whole before they were stored. */
export function readChangeHeader(bytes: Uint8Array): ChangeHeader | null {
  return guarded(bytes, (input) => readHead(bytes, input).header);
}

function guarded<T>(bytes: Uint8Array, read: (input: ByteReader) => T | null): T | null {
  if (bytes.byteLength > MAX_INDEX_CHANGE_BYTES) return null;
  try {
    return read(createByteReader(bytes));
  } catch (error) {
    if (error instanceof MalformedBytes) return null;
    throw error;
  }
}

function readHead(bytes: Uint8Array, input: ByteReader): { header: ChangeHeader; actors: readonly string[] } {
  if (!MAGIC.every((magic) => input.byte() === magic)) throw new MalformedBytes('not a chunk');
  const checksum = input.hex(4);
  if (input.byte() !== CHANGE_CHUNK) throw new MalformedBytes('not an uncompressed change');
  if (input.unsigned() !== input.left()) throw new MalformedBytes('length is wrong');
  const digest = createHash('sha256').update(bytes.subarray(CHUNK_HEADER_BYTES)).digest();
  const hash = toHex(digest);
  if (!hash.startsWith(checksum)) throw new MalformedBytes('checksum is wrong');
  const dependencies = readMany(input, () => input.hex(HASH_BYTES), HASH_BYTES);
  const actor = readActor(input);
  const sequence = input.unsigned();
  const startOp = input.unsigned();
  if (sequence === 0 || startOp === 0 || startOp > MAX_OPERATION) throw new MalformedBytes('numbers out of range');
  input.signed();
  input.bytes(input.unsigned());
  const others = readMany(input, () => readActor(input), 1 + ACTOR_BYTES);
  if (others.length > MAX_OTHER_ACTORS) throw new MalformedBytes('too many actors');
  return { header: { hash, actor, sequence, startOp, dependencies }, actors: [actor, ...others] };
}

function readMany<T>(input: ByteReader, read: () => T, bytesEach: number): T[] {
  const count = input.unsigned();
  if (count * bytesEach > input.left()) throw new MalformedBytes('cut short');
  return Array.from({ length: count }, read);
}

function readActor(input: ByteReader): string {
  if (input.unsigned() !== ACTOR_BYTES) throw new MalformedBytes('actor of a wrong length');
  return input.hex(ACTOR_BYTES);
}

function readPuts(input: ByteReader, actors: readonly string[]): PutOperation[] {
  const columns = readColumns(input);
  const column = (id: number): ByteReader => createByteReader(columns.get(id) ?? new Uint8Array(0));
  const limit = MAX_INDEX_CHANGE_ENTRIES;
  const actions = readRuns(column(COLUMN.action), limit, (c) => c.unsigned());
  const count = actions.length;
  if (!actions.every((action) => action === ACTION_PUT)) throw new MalformedBytes('not a put');
  if (!isRoot(column(COLUMN.objectActor), limit) || !isRoot(column(COLUMN.objectCounter), limit)) {
    throw new MalformedBytes('not at the root');
  }
  if (!isAllFalse(column(COLUMN.insert)) || !isAllFalse(column(COLUMN.expand))) {
    throw new MalformedBytes('not a put');
  }
  const keys = readRuns(column(COLUMN.keyText), limit, (c) => c.text(MAX_PATH_BYTES));
  const metas = readRuns(column(COLUMN.valueMeta), limit, (c) => c.unsigned());
  const values = column(COLUMN.value);
  const replaced = readReplaced(column, count, actors);
  if (keys.length !== count || metas.length !== count) throw new MalformedBytes('columns of unequal length');
  const puts = keys.map((key, at) => {
    const meta = metas[at];
    if (key === null || meta === null || meta === undefined || meta % 16 !== VALUE_BYTES) {
      throw new MalformedBytes('not bytes at a key');
    }
    return { key, value: values.bytes(Math.floor(meta / 16)), replaces: replaced[at] ?? [] };
  });
  if (values.left() !== 0) throw new MalformedBytes('bytes after the end');
  return puts;
}

function readColumns(input: ByteReader): Map<number, Uint8Array> {
  const known: ReadonlySet<number> = new Set(Object.values(COLUMN));
  const heads = readMany(input, () => ({ id: input.unsigned(), length: input.unsigned() }), 2);
  const columns = new Map<number, Uint8Array>();
  let before = -1;
  for (const { id, length } of heads) {
    if (!known.has(id) || id <= before) throw new MalformedBytes('unknown column');
    before = id;
    columns.set(id, input.bytes(length));
  }
  return columns;
}

function isRoot(column: ByteReader, limit: number): boolean {
  return readRuns(column, limit, (c) => c.unsigned()).every((value) => value === null);
}

function readReplaced(column: (id: number) => ByteReader, count: number, actors: readonly string[]): OperationId[][] {
  const limit = MAX_INDEX_CHANGE_ENTRIES * 4;
  const counts = readRuns(column(COLUMN.predecessorCount), MAX_INDEX_CHANGE_ENTRIES, (c) => c.unsigned());
  const actorPlaces = readRuns(column(COLUMN.predecessorActor), limit, (c) => c.unsigned());
  const counters = readDeltas(column(COLUMN.predecessorCounter), limit);
  if (counts.length !== 0 && counts.length !== count) throw new MalformedBytes('columns of unequal length');
  let at = 0;
  const replaced = counts.map((some) => {
    const ids: OperationId[] = [];
    for (let one = 0; one < (some ?? 0); one += 1, at += 1) {
      const actor = actors[actorPlaces[at] ?? -1];
      const counter = counters[at];
      if (actor === undefined || counter === undefined || counter === null || counter < 1) {
        throw new MalformedBytes('predecessor that does not exist');
      }
      ids.push({ counter, actor });
    }
    return ids;
  });
  if (at !== actorPlaces.length || at !== counters.length) throw new MalformedBytes('columns of unequal length');
  return replaced;
}
