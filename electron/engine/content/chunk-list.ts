import type { ContentHash } from '../../../shared/ids.ts';
import { toHex } from '../bytes/hex.ts';

/** One chunk of a content. */
export interface Chunk {
  readonly hash: ContentHash;
  readonly offset: number;
  readonly length: number;
}

/** A packed chunk: 32 bytes of BLAKE3, then the length as 32 bits, big endian. Part of the manifest format. */
export const PACKED_CHUNK_BYTES = 36;

/** How many chunks a packed list names. */
export function chunkCount(packed: Uint8Array): number {
  return packed.byteLength / PACKED_CHUNK_BYTES;
}

/** The length of one chunk of a packed list. */
export function chunkLength(packed: Uint8Array, index: number): number {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  return view.getUint32(index * PACKED_CHUNK_BYTES + 32);
}

/** The chunks of a packed list; the first one begins at `offset` of its content. */
export function unpackChunks(packed: Uint8Array, offset = 0): Chunk[] {
  const chunks: Chunk[] = [];
  let at = offset;
  for (let index = 0; index < chunkCount(packed); index += 1) {
    const start = index * PACKED_CHUNK_BYTES;
    const length = chunkLength(packed, index);
    chunks.push({ hash: toHex(packed.subarray(start, start + 32)) as ContentHash, offset: at, length });
    at += length;
  }
  return chunks;
}

/** Collects chunks into a packed list. */
export class ChunkListBuilder {
  #bytes = new Uint8Array(64 * PACKED_CHUNK_BYTES);
  #used = 0;

  add(hash: Uint8Array, length: number): void {
    if (this.#used + PACKED_CHUNK_BYTES > this.#bytes.byteLength) {
      const larger = new Uint8Array(this.#bytes.byteLength * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(hash, this.#used);
    new DataView(this.#bytes.buffer).setUint32(this.#used + 32, length);
    this.#used += PACKED_CHUNK_BYTES;
  }

  packed(): Uint8Array {
    return this.#bytes.slice(0, this.#used);
  }
}
