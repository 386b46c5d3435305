import { MAX_CHUNK_BYTES, MIN_CHUNK_BYTES, NORMAL_CHUNK_BYTES } from '../../../shared/limits.ts';
import { blake3Bytes } from '../bytes/hash.ts';

/*
 * Content-defined chunking after FastCDC (Xia et al., USENIX ATC 2016): a gear hash over a sliding window, with
 * normalised cut points: a hard condition before the normal length, an easy one after it. Every constant here is part of
 * the content format: two devices find equal chunks only if they cut alike.
 */

/** Bytes that a 32-bit gear hash remembers. */
const WINDOW = 32;
/** The top bits of the hash depend on the whole window; 20 of them zero before the normal length, 16 after it. */
const HARD_SHIFT = 32 - 20;
const EASY_SHIFT = 32 - 16;

/** 256 random words: the first four bytes, little endian, of BLAKE3 of `flotilla/gear/1` and the byte. */
const GEAR = Uint32Array.from({ length: 256 }, (_, byte) => {
  const input = new Uint8Array([...new TextEncoder().encode('flotilla/gear/1'), byte]);
  const hash = blake3Bytes(input);
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0, true);
});

/** Finds the cuts of one stream of bytes that is given piece by piece. */
export class Chunker {
  #length = 0;
  #hash = 0;

  /** Bytes since the last cut. */
  get pending(): number {
    return this.#length;
  }

  /**
   * Takes `bytes` from `from` up to the next cut and returns the index after it, or -1 if it took all without a cut.
   */
  next(bytes: Uint8Array, from: number): number {
    const end = bytes.length;
    let at = from;
    let hash = this.#hash;
    // Bytes before the shortest chunk can't end it; only the window before that point is worth hashing.
    const skip = Math.min(end - at, MIN_CHUNK_BYTES - WINDOW - this.#length);
    if (skip > 0) {
      at += skip;
      this.#length += skip;
    }
    const start = at - this.#length;
    const warmEnd = Math.min(end, start + MIN_CHUNK_BYTES);
    for (; at < warmEnd; at += 1) hash = ((hash << 1) + (GEAR[bytes[at] as number] as number)) | 0;
    const hardEnd = Math.min(end, start + NORMAL_CHUNK_BYTES);
    for (; at < hardEnd; at += 1) {
      hash = ((hash << 1) + (GEAR[bytes[at] as number] as number)) | 0;
      if (hash >>> HARD_SHIFT === 0) return this.#cut(at + 1);
    }
    const easyEnd = Math.min(end, start + MAX_CHUNK_BYTES);
    for (; at < easyEnd; at += 1) {
      hash = ((hash << 1) + (GEAR[bytes[at] as number] as number)) | 0;
      if (hash >>> EASY_SHIFT === 0) return this.#cut(at + 1);
    }
    if (at - start >= MAX_CHUNK_BYTES) return this.#cut(at);
    this.#length = at - start;
    this.#hash = hash;
    return -1;
  }

  #cut(after: number): number {
    this.#length = 0;
    this.#hash = 0;
    return after;
  }
}
