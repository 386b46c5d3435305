import { type ContentHash, parseContentHash } from '../../../shared/ids.ts';
import { MANIFEST_PAGE_CHUNKS } from '../../../shared/limits.ts';
import { decodeValue, encodeValue } from '../bytes/codec.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { HashedFile } from '../ports/jobs.ts';
import type { Store, Transaction } from '../ports/store.ts';
import { chunkCount, unpackChunks } from './chunk-list.ts';
import { decodeManifestPage, encodeManifestPage, type ManifestPage, pageCount, pagesOf } from './manifest.ts';

/** `content/page` -> manifest page. */
const MANIFESTS = 'manifest';
/** `chunk` and `content` (64 hex digits each) -> `[offset, length]`: where a chunk was seen last. */
const CHUNKS = 'chunk';

/** Where a chunk lies within a content that this device has or had. */
interface ChunkPlace {
  readonly content: ContentHash;
  readonly offset: number;
  readonly length: number;
}

/** Places looked at for one chunk. */
const MAX_PLACES = 4;
/** Notes are written together after so long: none is worth a flush of the disk of its own. */
const NOTE_DELAY_MS = 200;
/** Notes in memory after which the oldest are written at once. */
const MAX_NOTES = 128;

function pageKey(content: ContentHash, page: number): string {
  return `${content}/${String(page).padStart(6, '0')}`;
}

/**
 * Manifests, and where chunks lie. All of it can be found out again from the files, so it is written lazily; only the
 * pages of a fetch that will take long are durable at once.
 */
export class ManifestStore {
  readonly #store: Store;
  readonly #clock: Clock;
  /** Pages that are noted and not yet written. */
  readonly #notes = new Map<string, ManifestPage>();
  #timer: CancelTimer | null = null;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** A page of the manifest, if this device knows it. */
  page(content: ContentHash, number: number): ManifestPage | null {
    const noted = this.#notes.get(pageKey(content, number));
    if (noted !== undefined) return noted;
    const bytes = this.#store.get(MANIFESTS, pageKey(content, number));
    const read = bytes === undefined ? null : decodeManifestPage(bytes);
    return read !== null && read.content === content && read.page === number ? read : null;
  }

  /** Keeps a page as it came, durable with what `within` writes; its chunks are not yet known to be true. */
  keep(page: ManifestPage, within: (tx: Transaction) => void): void {
    this.#store.transaction((tx) => {
      tx.put(MANIFESTS, pageKey(page.content, page.page), encodeManifestPage(page));
      within(tx);
    });
  }

  /** Notes a page whose content is here and true, and where its chunks lie. */
  note(page: ManifestPage): void {
    this.#notes.set(pageKey(page.content, page.page), page);
    if (this.#notes.size >= MAX_NOTES) this.#writeSome();
    this.#timer ??= this.#clock.after(NOTE_DELAY_MS, () => this.#writeLater());
  }

  /** Notes all pages of a file that was hashed. */
  noteFile(file: HashedFile): void {
    for (const page of pagesOf(file)) this.note(page);
  }

  /** Contents in which the chunk was seen. Hints: whoever reads there checks the hash. */
  findChunk(chunk: ContentHash): ChunkPlace[] {
    const places: ChunkPlace[] = [];
    for (const row of this.#store.range(CHUNKS, { prefix: chunk, limit: MAX_PLACES })) {
      const content = parseContentHash(row.key.slice(64));
      const value = decodeValue(row.value);
      if (content === null || !Array.isArray(value)) continue;
      const [offset, length] = value as unknown[];
      if (typeof offset === 'number' && typeof length === 'number') places.push({ content, offset, length });
    }
    return places;
  }

  /** Forgets everything about a content that this device no longer has anywhere, or whose manifest was a lie. */
  forget(content: ContentHash): void {
    this.flush();
    const total = this.page(content, 0)?.total ?? 0;
    for (let number = pageCount(total) - 1; number >= 0; number -= 1) {
      const known = this.page(content, number);
      this.#store.transaction((tx) => {
        if (known !== null) {
          for (const chunk of unpackChunks(known.chunks)) tx.remove(CHUNKS, `${chunk.hash}${content}`);
        }
        // The first page, which says how many there are, goes last.
        tx.remove(MANIFESTS, pageKey(content, number));
      });
    }
  }

  /** Writes all notes. */
  flush(): void {
    this.#timer?.();
    this.#timer = null;
    while (this.#notes.size > 0) this.#writeSome();
  }

  #writeLater(): void {
    this.#timer = null;
    this.#writeSome();
    if (this.#notes.size > 0) this.#timer = this.#clock.after(NOTE_DELAY_MS, () => this.#writeLater());
  }

  /** The oldest notes in one transaction that does not take long. */
  #writeSome(): void {
    this.#store.transaction((tx) => {
      let rows = 0;
      for (const [key, page] of this.#notes) {
        if (rows > 0 && rows + chunkCount(page.chunks) > MANIFEST_PAGE_CHUNKS) break;
        rows += chunkCount(page.chunks);
        this.#notes.delete(key);
        tx.put(MANIFESTS, key, encodeManifestPage(page));
        for (const chunk of unpackChunks(page.chunks, page.offset)) {
          tx.put(CHUNKS, `${chunk.hash}${page.content}`, encodeValue([chunk.offset, chunk.length]));
        }
      }
    });
  }
}
