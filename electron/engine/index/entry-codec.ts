import type { ContentHash, DeviceTag } from '../../../shared/ids.ts';
import { MAX_PATH_BYTES, MAX_SYMLINK_TARGET_BYTES } from '../../../shared/limits.ts';
import { parseRelativePath, type RelativePath } from '../../../shared/relative-path.ts';
import type { Entry, EntryVersion, Gone, Node } from '../reconcile/tree-types.ts';
import { type ByteReader, type ByteWriter, createByteReader, createByteWriter, MalformedBytes } from './byte-cursor.ts';

/** The version byte with which an entry begins. */
export const ENTRY_VERSION = 1;

const KIND = { gone: 0, file: 1, directory: 2, symlink: 3 } as const;
const HASH_BYTES = 32;
const TAG_BYTES = 16;

/** Numbers of the optional fields, in whose order they stand. */
const FIELD_CONFLICT_OF = 1;
const FIELD_MOVED_TO = 2;

/** A field that this version does not know: kept, and passed on when its path is written the way it was. */
export interface UnknownField {
  readonly field: number;
  readonly value: Uint8Array;
}

/** What the bytes of an entry say. */
export type DecodedEntry =
  | { readonly type: 'entry'; readonly entry: Entry; readonly unknown: readonly UnknownField[] }
  /** Written by a later version of the program: its path is left alone until this device is updated. */
  | { readonly type: 'unknownVersion' }
  | { readonly type: 'malformed' };

/**
 * The bytes of an entry: version, kind, author (16 bytes), counter, seen (generation, index), what the kind needs,
 * then optional fields as (number, length, bytes) in ascending order. Numbers are LEB128. About 70 bytes for a file.
 */
export function encodeEntry(entry: Entry, unknown: readonly UnknownField[] = []): Uint8Array {
  const out = createByteWriter();
  out.byte(ENTRY_VERSION);
  out.byte(KIND[entry.value.kind]);
  out.hex(entry.version.author);
  out.unsigned(entry.version.counter);
  out.unsigned(entry.seen.generation);
  out.unsigned(entry.seen.index);
  writeValue(out, entry.value);
  for (const field of [...knownFields(entry), ...unknown].sort((a, b) => a.field - b.field)) {
    out.unsigned(field.field);
    out.unsigned(field.value.byteLength);
    out.bytes(field.value);
  }
  return out.done();
}

function knownFields(entry: Entry): UnknownField[] {
  const fields: UnknownField[] = [];
  if (entry.conflictOf !== null) {
    const field = createByteWriter();
    field.hex(entry.conflictOf.author);
    field.unsigned(entry.conflictOf.counter);
    fields.push({ field: FIELD_CONFLICT_OF, value: field.done() });
  }
  if (entry.value.kind === 'gone' && entry.value.movedTo !== null) {
    fields.push({ field: FIELD_MOVED_TO, value: new TextEncoder().encode(entry.value.movedTo) });
  }
  return fields;
}

function writeValue(out: ByteWriter, value: Node | Gone): void {
  switch (value.kind) {
    case 'file':
      out.hex(value.content);
      out.unsigned(value.size);
      out.signed(value.mtime);
      writeMode(out, value.mode);
      return;
    case 'directory':
      writeMode(out, value.mode);
      return;
    case 'symlink':
      out.text(value.target);
      return;
    case 'gone':
      out.byte(value.content === null ? 0 : 1);
      if (value.content !== null) out.hex(value.content);
  }
}

/** Absent is 0, else the bits plus one. */
function writeMode(out: ByteWriter, mode: number | null): void {
  out.unsigned(mode === null ? 0 : mode + 1);
}

/** What the bytes say. Never throws; whatever is not exactly what `encodeEntry` writes is malformed. */
export function decodeEntry(bytes: Uint8Array): DecodedEntry {
  if (bytes.byteLength === 0) return { type: 'malformed' };
  if (bytes[0] !== ENTRY_VERSION) return { type: 'unknownVersion' };
  try {
    const input = createByteReader(bytes);
    input.byte();
    return readEntry(input);
  } catch (error) {
    if (error instanceof MalformedBytes) return { type: 'malformed' };
    throw error;
  }
}

function readEntry(input: ByteReader): DecodedEntry {
  const kind = input.byte();
  const version = readVersion(input);
  const seen = { generation: input.unsigned(), index: input.unsigned() };
  const value = readValue(input, kind);
  const unknown: UnknownField[] = [];
  let conflictOf: EntryVersion | null = null;
  let movedTo: RelativePath | null = null;
  let before = 0;
  while (input.left() > 0) {
    const field = input.unsigned();
    if (field <= before) throw new MalformedBytes('fields out of order');
    before = field;
    const content = input.bytes(input.unsigned());
    if (field === FIELD_CONFLICT_OF) conflictOf = readWhole(content, readVersion);
    else if (field === FIELD_MOVED_TO && value.kind === 'gone') movedTo = readPath(content);
    else if (field === FIELD_MOVED_TO) throw new MalformedBytes('only what is gone has moved');
    else unknown.push({ field, value: new Uint8Array(content) });
  }
  const whole = value.kind === 'gone' ? { ...value, movedTo } : value;
  return { type: 'entry', entry: { value: whole, version, seen, conflictOf }, unknown };
}

function readWhole<T>(bytes: Uint8Array, read: (input: ByteReader) => T): T {
  const input = createByteReader(bytes);
  const value = read(input);
  if (input.left() !== 0) throw new MalformedBytes('bytes after the end');
  return value;
}

function readVersion(input: ByteReader): EntryVersion {
  return { author: input.hex(TAG_BYTES) as DeviceTag, counter: input.unsigned() };
}

function readPath(bytes: Uint8Array): RelativePath {
  if (bytes.byteLength > MAX_PATH_BYTES) throw new MalformedBytes('path too long');
  const path = parseRelativePath(Buffer.from(bytes).toString('utf8'));
  if (path === null || Buffer.byteLength(path) !== bytes.byteLength) throw new MalformedBytes('not a path');
  return path;
}

function readValue(input: ByteReader, kind: number): Node | Gone {
  switch (kind) {
    case KIND.file: {
      const content = input.hex(HASH_BYTES) as ContentHash;
      return { kind: 'file', content, size: input.unsigned(), mtime: input.signed(), mode: readMode(input) };
    }
    case KIND.directory:
      return { kind: 'directory', mode: readMode(input) };
    case KIND.symlink: {
      const target = input.text(MAX_SYMLINK_TARGET_BYTES);
      if (target === '' || target.includes('\0')) throw new MalformedBytes('not a target of a link');
      return { kind: 'symlink', target };
    }
    case KIND.gone: {
      const named = input.byte();
      if (named > 1) throw new MalformedBytes('neither with nor without content');
      return { kind: 'gone', content: named === 1 ? (input.hex(HASH_BYTES) as ContentHash) : null, movedTo: null };
    }
    default:
      throw new MalformedBytes('unknown kind');
  }
}

function readMode(input: ByteReader): number | null {
  const mode = input.unsigned();
  if (mode > 0o1000) throw new MalformedBytes('mode bits that are never sent');
  return mode === 0 ? null : mode - 1;
}
