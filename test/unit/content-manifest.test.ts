import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentHash } from '../../electron/engine/bytes/hash.ts';
import { ChunkListBuilder } from '../../electron/engine/content/chunk-list.ts';
import { decodeManifestPage, encodeManifestPage, pagesOf } from '../../electron/engine/content/manifest.ts';
import { ManifestStore } from '../../electron/engine/content/manifest-store.ts';
import { decodeContentMessage, encodeContentMessage } from '../../electron/engine/content/messages.ts';
import type { HashedFile } from '../../electron/engine/ports/jobs.ts';
import type { ContentHash, FolderId } from '../../shared/ids.ts';
import { MANIFEST_PAGE_CHUNKS } from '../../shared/limits.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

/** A file of chunks with the given lengths, whose hashes are made up. */
function fileOf(lengths: readonly number[]): HashedFile {
  const random = createSeededRandom(lengths.length);
  const list = new ChunkListBuilder();
  for (const length of lengths) list.add(random.bytes(32), length);
  const size = lengths.reduce((sum, length) => sum + length, 0);
  return { content: contentHash(new Uint8Array([lengths.length])), size, chunks: list.packed() };
}

const small = fileOf([300_000, 65_536, 1_048_576, 1]);

describe('manifest', () => {
  it('is encoded as it was settled', () => {
    const golden = readFileSync(join(import.meta.dirname, '../golden/manifest-1.bin'));
    const [page] = [...pagesOf(small)];
    expect(page).toBeDefined();
    expect(Buffer.from(encodeManifestPage(page as never))).toEqual(golden);
    expect(decodeManifestPage(golden)).toEqual(page);
  });

  it('is split into pages that fit together', () => {
    const file = fileOf(Array.from({ length: MANIFEST_PAGE_CHUNKS * 2 + 5 }, (_, index) => 70_000 + index));
    const pages = [...pagesOf(file)].map((page) => decodeManifestPage(encodeManifestPage(page)));
    expect(pages.map((page) => page?.chunks.byteLength)).toEqual([4_096 * 36, 4_096 * 36, 5 * 36]);
    const chunks = Buffer.concat(pages.map((page) => page?.chunks ?? new Uint8Array()));
    expect(Buffer.compare(chunks, file.chunks)).toBe(0);
    expect(pages[1]?.offset).toBe(70_000 * 4_096 + (4_095 * 4_096) / 2);
  });

  it('takes nothing that is out of its bounds', () => {
    const [page] = [...pagesOf(small)];
    if (page === undefined) throw new Error('no page');
    const refused = (change: Partial<typeof page>): void =>
      expect(decodeManifestPage(encodeManifestPage({ ...page, ...change }))).toBeNull();
    refused({ size: page.size + 1 });
    refused({ size: 1_000 });
    refused({ size: -1 });
    refused({ total: 5 });
    refused({ total: 4_000_000 });
    refused({ page: 1 });
    refused({ offset: 1 });
    refused({ chunks: page.chunks.slice(1) });
    const long = page.chunks.slice();
    long[32] = 1;
    refused({ chunks: long });
    const empty = page.chunks.slice();
    empty.fill(0, 32, 36);
    refused({ chunks: empty });
  });

  it('and messages are never decoded to anything unchecked', () => {
    const golden = readFileSync(join(import.meta.dirname, '../golden/manifest-1.bin'));
    const message = encodeContentMessage({
      type: 'wantChunks',
      request: 3,
      folder: '0'.repeat(32) as FolderId,
      content: small.content,
      size: small.size,
      chunks: [{ hash: small.content, offset: 0, length: 300_000 }],
    });
    expect(decodeContentMessage(message)).toMatchObject({ type: 'wantChunks', request: 3 });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
        for (const original of [golden, message]) {
          const bytes = new Uint8Array(original);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          const page = decodeManifestPage(bytes);
          if (page !== null) expect(page.offset + page.chunks.byteLength / 36).toBeLessThanOrEqual(page.size);
          decodeContentMessage(bytes);
        }
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        decodeManifestPage(bytes);
        decodeContentMessage(bytes);
      }),
      { numRuns: 2_000 },
    );
  });

  it('and the places of its chunks are kept, found and forgotten', () => {
    const store = createMemoryStore();
    const clock = createFakeClock();
    const manifests = new ManifestStore(store, clock);
    manifests.noteFile(small);
    const [page] = [...pagesOf(small)];
    expect(manifests.page(small.content, 0)).toEqual(page);
    expect(store.transactions()).toBe(0);
    clock.advance(1_000);
    expect(store.transactions()).toBe(1);
    expect(clock.pending()).toBe(0);
    const again = new ManifestStore(store, clock);
    expect(again.page(small.content, 0)).toEqual(page);
    const chunk = Buffer.from(small.chunks.subarray(36, 68)).toString('hex') as ContentHash;
    expect(again.findChunk(chunk)).toEqual([{ content: small.content, offset: 300_000, length: 65_536 }]);
    again.forget(small.content);
    expect(again.page(small.content, 0)).toBeNull();
    expect(again.findChunk(chunk)).toEqual([]);
  });
});
