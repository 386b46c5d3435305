import { invariant } from '../../../shared/invariant.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';
import { blake3Bytes } from '../bytes/hash.ts';
import { toHex } from '../bytes/hex.ts';
import type { SetValue } from '../reconcile/entry-set.ts';
import type { EntryVersion, RemoteNode, Seen } from '../reconcile/tree-types.ts';
import { createByteReader, createByteWriter } from './byte-cursor.ts';
import { type DecodedEntry, decodeEntry, encodeEntry, type UnknownField } from './entry-codec.ts';

/*
 * Rows of this device's own tables. They are made from the documents and the log, so their form binds nobody: a
 * migration makes them again.
 */

/** A standing value as the table of sets keeps it. */
export interface StoredValue extends SetValue {
  readonly seen: Seen;
  readonly unknown: readonly UnknownField[];
  readonly bytes: Uint8Array;
}

/** The standing values of a path. */
export interface StoredSet {
  /** Whether void values had to be passed over. */
  readonly voided: boolean;
  /** Counters of this device's own changes of the path that do not count, but for those replaced while they did. */
  readonly takenBack: readonly number[];
  readonly values: readonly StoredValue[];
}

/**
 * The value that an entry's bytes make; `version` and `seen` are what its change's signer signed. Null if the entry is
 * void in itself: not readable, or written in another's name.
 */
export function standingValueOf(bytes: Uint8Array, version: EntryVersion, seen: Seen): StoredValue | null {
  const decoded = decodeEntry(bytes);
  if (decoded.type === 'malformed') return null;
  if (decoded.type === 'entry') {
    const { entry } = decoded;
    if (entry.version.author !== version.author || entry.version.counter !== version.counter) return null;
    if (entry.seen.generation !== seen.generation || entry.seen.index !== seen.index) return null;
  }
  return storedValue(bytes, decoded, version, seen);
}

function storedValue(
  bytes: Uint8Array,
  decoded: Exclude<DecodedEntry, { type: 'malformed' }>,
  version: EntryVersion,
  seen: Seen,
): StoredValue {
  let hash: string | null = null;
  return {
    entry: decoded.type === 'entry' ? decoded.entry : null,
    unknown: decoded.type === 'entry' ? decoded.unknown : [],
    version,
    seen,
    bytes,
    // Most paths have a single value, and then nothing asks for its hash.
    get hash() {
      hash ??= toHex(blake3Bytes(bytes));
      return hash;
    },
  };
}

/** The bytes of a row of the table of sets. */
export function encodeSet(set: StoredSet): Uint8Array {
  const out = createByteWriter();
  out.byte(set.voided ? 1 : 0);
  out.unsigned(set.takenBack.length);
  for (const counter of set.takenBack) out.unsigned(counter);
  for (const value of set.values) {
    out.hex(value.version.author);
    out.unsigned(value.version.counter);
    out.unsigned(value.seen.generation);
    out.unsigned(value.seen.index);
    out.unsigned(value.bytes.byteLength);
    out.bytes(value.bytes);
  }
  return out.done();
}

/** The set that a row holds. */
export function decodeSet(row: Uint8Array): StoredSet {
  const input = createByteReader(row);
  const voided = input.byte() === 1;
  const takenBack = Array.from({ length: input.unsigned() }, () => input.unsigned());
  const values: StoredValue[] = [];
  while (input.left() > 0) {
    const version = { author: input.hex(16) as EntryVersion['author'], counter: input.unsigned() };
    const seen = { generation: input.unsigned(), index: input.unsigned() };
    const bytes = input.bytes(input.unsigned());
    const decoded = decodeEntry(bytes);
    invariant(decoded.type !== 'malformed', 'a stored value was readable when it was stored');
    values.push(storedValue(bytes, decoded, version, seen));
  }
  return { voided, takenBack, values };
}

const FROZEN = 1;
const COPY = 2;

/** The bytes of a row of the tree. */
export function encodeNode(node: RemoteNode): Uint8Array {
  const out = createByteWriter();
  out.byte((node.frozen ? FROZEN : 0) | (node.copyOf === null ? 0 : COPY));
  if (node.copyOf !== null) out.text(node.copyOf.path);
  const seen = { generation: 0, index: 0 };
  out.bytes(encodeEntry({ value: node.value, version: node.version, seen, conflictOf: node.copyOf?.version ?? null }));
  return out.done();
}

/** The node that a row of the tree holds. */
export function decodeNode(row: Uint8Array): RemoteNode {
  const input = createByteReader(row);
  const flags = input.byte();
  const path = (flags & COPY) === 0 ? null : (input.text(row.byteLength) as RelativePath);
  const decoded = decodeEntry(row.subarray(input.position()));
  invariant(decoded.type === 'entry', 'a stored node was readable when it was stored');
  const { value, version, conflictOf } = decoded.entry;
  const copyOf = path === null || conflictOf === null ? null : { path, version: conflictOf };
  return { value, version, copyOf, frozen: (flags & FROZEN) !== 0 };
}
