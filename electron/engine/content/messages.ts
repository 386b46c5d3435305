import type { ContentHash, FolderId } from '../../../shared/ids.ts';
import { invariant } from '../../../shared/invariant.ts';
import {
  CONTENT_FRAME_BYTES,
  MAX_BATCH_CONTENTS,
  MAX_CHUNK_BYTES,
  MAX_CONTENT_BYTES,
  SINGLE_CHUNK_BYTES,
} from '../../../shared/limits.ts';
import { decodeValue, type Encodable, encodeValue } from '../bytes/codec.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { NO_ROOM, NOT_HERE } from './piece-lengths.ts';

/**
 * The messages of the content channel. On the wire: length of the header as 32 bits, big endian; the header, a CBOR array
 * that begins with the number of the kind; then the raw bytes of an answer, so that bulk is neither encoded nor copied.
 */
export type ContentMessage =
  /** Page `page` of the content's manifest, please. */
  | {
      readonly type: 'wantManifest';
      readonly request: number;
      readonly folder: FolderId;
      readonly content: ContentHash;
      readonly page: number;
    }
  /** These chunks of a content of `size` bytes. */
  | {
      readonly type: 'wantChunks';
      readonly request: number;
      readonly folder: FolderId;
      readonly content: ContentHash;
      readonly size: number;
      readonly chunks: readonly { readonly hash: ContentHash; readonly offset: number; readonly length: number }[];
    }
  /** These small contents. */
  | {
      readonly type: 'wantContents';
      readonly request: number;
      readonly folder: FolderId;
      readonly contents: readonly { readonly hash: ContentHash; readonly length: number }[];
    }
  /** The encoded page; empty where it is not here. */
  | { readonly type: 'manifest'; readonly request: number; readonly bytes: Uint8Array }
  /** One length for each thing asked for (or `NOT_HERE`, `NO_ROOM`), and the bytes end to end. */
  | {
      readonly type: 'pieces';
      readonly request: number;
      readonly lengths: readonly number[];
      readonly bytes: Uint8Array;
    }
  /** Too many requests wait already. */
  | { readonly type: 'busy'; readonly request: number }
  /** What you asked for in vain is here now. */
  | { readonly type: 'have'; readonly folder: FolderId; readonly contents: readonly ContentHash[] };

const KINDS = ['wantManifest', 'wantChunks', 'wantContents', 'manifest', 'pieces', 'busy', 'have'] as const;
/** The longest header: a full batch of contents or of chunks. */
const MAX_HEADER_BYTES = 64 * 1024;
const MAX_REQUEST = 2 ** 48;

/** Room for the header of an answer with as many lengths as there may be, each of at most five bytes. */
export const PIECES_ROOM_BYTES = 4 + 16 + 5 * MAX_BATCH_CONTENTS;

/** An answer of pieces whose bytes stand in `frame` behind `PIECES_ROOM_BYTES`: written in front of them, not copied. */
export function encodePieces(request: number, lengths: readonly number[], frame: Uint8Array): Uint8Array {
  const header = encodeValue([KINDS.indexOf('pieces'), request, lengths]);
  const start = PIECES_ROOM_BYTES - header.byteLength - 4;
  invariant(start >= 0, 'the header of an answer fits its room');
  new DataView(frame.buffer, frame.byteOffset).setUint32(start, header.byteLength);
  frame.set(header, start + 4);
  return frame.subarray(start);
}

/** The message as it travels. */
export function encodeContentMessage(message: ContentMessage): Uint8Array {
  const header = encodeValue([KINDS.indexOf(message.type), ...fieldsOf(message)]);
  const tail = 'bytes' in message ? message.bytes : new Uint8Array();
  const frame = new Uint8Array(4 + header.byteLength + tail.byteLength);
  new DataView(frame.buffer).setUint32(0, header.byteLength);
  frame.set(header, 4);
  frame.set(tail, 4 + header.byteLength);
  return frame;
}

function fieldsOf(message: ContentMessage): Encodable[] {
  switch (message.type) {
    case 'wantManifest':
      return [message.request, fromHex(message.folder), fromHex(message.content), message.page];
    case 'wantChunks':
      return [
        message.request,
        fromHex(message.folder),
        fromHex(message.content),
        message.size,
        message.chunks.map((chunk) => [fromHex(chunk.hash), chunk.offset, chunk.length]),
      ];
    case 'wantContents':
      return [
        message.request,
        fromHex(message.folder),
        message.contents.map((content) => [fromHex(content.hash), content.length]),
      ];
    case 'manifest':
    case 'busy':
      return [message.request];
    case 'pieces':
      return [message.request, message.lengths];
    case 'have':
      return [fromHex(message.folder), message.contents.map(fromHex)];
  }
}

/** The message, or null for bytes that are none (or of a kind that only later versions know). */
export function decodeContentMessage(bytes: Uint8Array): ContentMessage | null {
  if (bytes.byteLength < 5) return null;
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  if (headerBytes > MAX_HEADER_BYTES || headerBytes > bytes.byteLength - 4) return null;
  const value = decodeValue(bytes.subarray(4, 4 + headerBytes));
  if (!Array.isArray(value)) return null;
  const [kind, ...fields] = value as unknown[];
  const tail = bytes.subarray(4 + headerBytes);
  const type = typeof kind === 'number' ? KINDS[kind] : undefined;
  if (type !== 'have' && !isWhole(fields[0], MAX_REQUEST)) return null;
  const request = fields[0] as number;
  switch (type) {
    case 'wantManifest': {
      const [, folder, content, page] = fields;
      if (!isBytes(folder, 16) || !isBytes(content, 32) || !isWhole(page, MAX_REQUEST)) return null;
      return { type, request, folder: toHex(folder) as FolderId, content: toHex(content) as ContentHash, page };
    }
    case 'wantChunks':
      return chunksMessage(request, fields);
    case 'wantContents': {
      const [, folder, list] = fields;
      const contents = listOf(list, MAX_BATCH_CONTENTS, contentItem);
      if (!isBytes(folder, 16) || contents === null) return null;
      return { type, request, folder: toHex(folder) as FolderId, contents };
    }
    case 'manifest':
      return { type, request, bytes: tail };
    case 'pieces': {
      const lengths = listOf(fields[1], MAX_BATCH_CONTENTS, lengthItem);
      return lengths === null ? null : { type, request, lengths, bytes: tail };
    }
    case 'busy':
      return { type, request };
    case 'have': {
      const contents = listOf(fields[1], MAX_BATCH_CONTENTS, hashItem);
      if (!isBytes(fields[0], 16) || contents === null) return null;
      return { type, folder: toHex(fields[0]) as FolderId, contents };
    }
    case undefined:
      return null;
  }
}

function chunksMessage(request: number, fields: readonly unknown[]): ContentMessage | null {
  const [, folder, content, size, list] = fields;
  if (!isBytes(folder, 16) || !isBytes(content, 32) || !isWhole(size, MAX_CONTENT_BYTES)) return null;
  const chunks = listOf(list, MAX_BATCH_CONTENTS, (item) => {
    if (!Array.isArray(item) || item.length !== 3) return null;
    const [hash, offset, length] = item as unknown[];
    if (!isBytes(hash, 32) || !isWhole(offset, size) || !isWhole(length, MAX_CHUNK_BYTES)) return null;
    if (offset + length > size) return null;
    return { hash: toHex(hash) as ContentHash, offset, length };
  });
  if (chunks === null || chunks.length === 0) return null;
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (chunks.length > 1 && bytes > CONTENT_FRAME_BYTES) return null;
  return {
    type: 'wantChunks',
    request,
    folder: toHex(folder) as FolderId,
    content: toHex(content) as ContentHash,
    size,
    chunks,
  };
}

function contentItem(item: unknown): { readonly hash: ContentHash; readonly length: number } | null {
  if (!Array.isArray(item) || item.length !== 2) return null;
  const [hash, length] = item as unknown[];
  if (!isBytes(hash, 32) || !isWhole(length, SINGLE_CHUNK_BYTES)) return null;
  return { hash: toHex(hash) as ContentHash, length };
}

function lengthItem(item: unknown): number | null {
  if (item === NOT_HERE || item === NO_ROOM) return item;
  return isWhole(item, MAX_CHUNK_BYTES) ? item : null;
}

function hashItem(item: unknown): ContentHash | null {
  return isBytes(item, 32) ? (toHex(item) as ContentHash) : null;
}

function listOf<T>(value: unknown, most: number, parse: (item: unknown) => T | null): T[] | null {
  if (!Array.isArray(value) || value.length > most) return null;
  const list: T[] = [];
  for (const item of value as unknown[]) {
    const parsed = parse(item);
    if (parsed === null) return null;
    list.push(parsed);
  }
  return list;
}

function isBytes(value: unknown, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.byteLength === length;
}

function isWhole(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most;
}
