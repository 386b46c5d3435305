import type { ContentHash } from '../../../shared/ids.ts';
import {
  MANIFEST_PAGE_CHUNKS,
  MAX_CHUNK_BYTES,
  MAX_CONTENT_BYTES,
  MIN_CHUNK_BYTES,
  SINGLE_CHUNK_BYTES,
} from '../../../shared/limits.ts';
import { decodeValue, encodeValue } from '../bytes/codec.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import type { HashedFile } from '../ports/jobs.ts';
import { chunkCount, chunkLength, PACKED_CHUNK_BYTES } from './chunk-list.ts';

/** Version of the manifest format. */
const VERSION = 1;

/**
 * One page of a content's manifest; content up to the single-chunk size has none. What it names is a claim until the
 * chunks were fetched and the whole has the content's hash.
 */
export interface ManifestPage {
  readonly content: ContentHash;
  readonly size: number;
  /** Chunks of the whole content. */
  readonly total: number;
  /** Number of this page, from 0; every page but the last has `MANIFEST_PAGE_CHUNKS`. */
  readonly page: number;
  /** Where the page's first chunk begins. */
  readonly offset: number;
  /** The page's chunks, packed. */
  readonly chunks: Uint8Array;
}

/** Most bytes of an encoded page: the chunks and some for the rest. */
const MAX_MANIFEST_PAGE_BYTES = MANIFEST_PAGE_CHUNKS * PACKED_CHUNK_BYTES + 256;

/** Pages of a content with so many chunks. */
export function pageCount(total: number): number {
  return Math.ceil(total / MANIFEST_PAGE_CHUNKS);
}

/** `[version, content, size, total, page, offset, chunks]` in deterministic CBOR. */
export function encodeManifestPage(page: ManifestPage): Uint8Array {
  return encodeValue([VERSION, fromHex(page.content), page.size, page.total, page.page, page.offset, page.chunks]);
}

/** The page, or null for bytes that are none: every number within its bounds, every length a chunk's. */
export function decodeManifestPage(bytes: Uint8Array): ManifestPage | null {
  if (bytes.byteLength > MAX_MANIFEST_PAGE_BYTES) return null;
  const value = decodeValue(bytes);
  if (!Array.isArray(value) || value.length !== 7) return null;
  const [version, hash, size, total, page, offset, chunks] = value as unknown[];
  if (version !== VERSION || !(hash instanceof Uint8Array) || hash.byteLength !== 32) return null;
  if (!isCount(size, MAX_CONTENT_BYTES) || size <= SINGLE_CHUNK_BYTES) return null;
  if (!isCount(total, Math.ceil(size / MIN_CHUNK_BYTES)) || total === 0) return null;
  if (!isCount(page, pageCount(total) - 1) || !isCount(offset, size)) return null;
  if (!(chunks instanceof Uint8Array)) return null;
  const isLast = page === pageCount(total) - 1;
  const expected = isLast ? total - page * MANIFEST_PAGE_CHUNKS : MANIFEST_PAGE_CHUNKS;
  if (chunks.byteLength !== expected * PACKED_CHUNK_BYTES) return null;
  let end = offset;
  for (let index = 0; index < expected; index += 1) {
    const length = chunkLength(chunks, index);
    if (length === 0 || length > MAX_CHUNK_BYTES) return null;
    end += length;
  }
  if (isLast ? end !== size : end > size) return null;
  if (page === 0 && offset !== 0) return null;
  return { content: toHex(hash) as ContentHash, size, total, page, offset, chunks };
}

function isCount(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most;
}

/** The pages of a file that was hashed. */
export function* pagesOf(file: HashedFile): Generator<ManifestPage> {
  const total = chunkCount(file.chunks);
  const pageBytes = MANIFEST_PAGE_CHUNKS * PACKED_CHUNK_BYTES;
  let offset = 0;
  for (let page = 0; page < pageCount(total); page += 1) {
    const chunks = file.chunks.slice(page * pageBytes, (page + 1) * pageBytes);
    yield { content: file.content, size: file.size, total, page, offset, chunks };
    for (let index = 0; index < chunkCount(chunks); index += 1) offset += chunkLength(chunks, index);
  }
}
