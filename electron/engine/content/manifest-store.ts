import { type ContentHash, parseContentHash } from '../../../shared/ids.ts';
import { decodeValue, encodeValue } from '../bytes/codec.ts';
import type { Store, Transaction } from '../ports/store.ts';
import { unpackChunks } from './chunk-list.ts';
import type { HashedFile } from './content-types.ts';
import { decodeManifestPage, encodeManifestPage, type ManifestPage, pageCount, pagesOf } from './manifest.ts';

/** `content/page` -> manifest page. */
const MANIFESTS = 'manifest';
/** `chunk` and `content` (64 hex digits each) -> `[offset, length]`: where a chunk was seen last. */
const CHUNKS = 'chunk';

/** Where a chunk lies within a content that this device has or had. */
export interface ChunkPlace {
  readonly content: ContentHash;
  readonly offset: number;
  readonly length: number;
}

/** Places looked at for one chunk. */
const MAX_PLACES = 4;

function pageKey(content: ContentHash, page: number): string {
  return `${content}/${String(page).padStart(6, '0')}`;
}

/** A page of the manifest, if this device knows it. */
export function readManifestPage(store: Store, content: ContentHash, page: number): ManifestPage | null {
  const bytes = store.get(MANIFESTS, pageKey(content, page));
  const read = bytes === undefined ? null : decodeManifestPage(bytes);
  return read !== null && read.content === content && read.page === page ? read : null;
}

/** Keeps a page as it came; its chunks are not yet known to be true. */
export function putManifestPage(tx: Transaction, page: ManifestPage): void {
  tx.put(MANIFESTS, pageKey(page.content, page.page), encodeManifestPage(page));
}

/** Notes where the chunks of a page lie, once its content is here and true. */
export function putChunkPlaces(tx: Transaction, page: ManifestPage): void {
  for (const chunk of unpackChunks(page.chunks, page.offset)) {
    tx.put(CHUNKS, `${chunk.hash}${page.content}`, encodeValue([chunk.offset, chunk.length]));
  }
}

/** Manifest and chunk places of a file of this device, a transaction per page so that none takes long. */
export async function rememberFile(store: Store, file: HashedFile): Promise<void> {
  for (const page of pagesOf(file)) {
    store.transaction((tx) => {
      putManifestPage(tx, page);
      putChunkPlaces(tx, page);
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Forgets everything about a content that this device no longer has anywhere. */
export function forgetContent(store: Store, content: ContentHash): void {
  const first = readManifestPage(store, content, 0);
  const pages = first === null ? 0 : pageCount(first.total);
  for (let page = 0; page < pages; page += 1) {
    const known = readManifestPage(store, content, page);
    store.transaction((tx) => {
      if (known !== null) {
        for (const chunk of unpackChunks(known.chunks)) tx.remove(CHUNKS, `${chunk.hash}${content}`);
      }
      // The first page goes last: it says how many there are.
      if (page > 0) tx.remove(MANIFESTS, pageKey(content, page));
    });
  }
  if (first !== null) store.transaction((tx) => tx.remove(MANIFESTS, pageKey(content, 0)));
}

/** Contents in which the chunk was seen. Hints: whoever reads there checks the hash. */
export function findChunk(store: Store, chunk: ContentHash): ChunkPlace[] {
  const places: ChunkPlace[] = [];
  for (const row of store.range(CHUNKS, { prefix: chunk, limit: MAX_PLACES })) {
    const content = parseContentHash(row.key.slice(64));
    const value = decodeValue(row.value);
    if (content === null || !Array.isArray(value)) continue;
    const [offset, length] = value as unknown[];
    if (typeof offset === 'number' && typeof length === 'number') places.push({ content, offset, length });
  }
  return places;
}
