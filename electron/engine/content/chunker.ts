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
const GEAR = Int32Array.from({ length: 256 }, (_, byte) => {
  const input = new Uint8Array([...new TextEncoder().encode('flotilla/gear/1'), byte]);
  const hash = blake3Bytes(input);
  return new DataView(hash.buffer, hash.byteOffset).getInt32(0, true);
});

/** Finds the cuts of one stream of bytes that is given piece by piece. */
export class Chunker {
  #length = 0;
  #hash = 0;
  /** Whether the last `#roll` ended at a cut. */
  #found = false;

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
    // Bytes before the shortest chunk can't end it; only the window before that point is worth hashing.
    const skip = Math.min(end - at, MIN_CHUNK_BYTES - WINDOW - this.#length);
    if (skip > 0) {
      at += skip;
      this.#length += skip;
    }
    const start = at - this.#length;
    at = this.#roll(bytes, at, Math.min(end, start + MIN_CHUNK_BYTES), 0);
    at = this.#roll(bytes, at, Math.min(end, start + NORMAL_CHUNK_BYTES), HARD_SHIFT);
    if (this.#found) return this.#cut(at);
    at = this.#roll(bytes, at, Math.min(end, start + MAX_CHUNK_BYTES), EASY_SHIFT);
    if (this.#found) return this.#cut(at);
    if (at - start >= MAX_CHUNK_BYTES) return this.#cut(at);
    this.#length = at - start;
    return -1;
  }

  /**
   * Hashes on from `from` to `to`, or to behind the first byte at which the hash's top bits are zero (`#found` then says
   * so); a shift of 0 stops nowhere. Returns where it stands. Four bytes a turn: this loop is most of what chunking costs.
   */
  #roll(bytes: Uint8Array, from: number, to: number, shift: number): number {
    let hash = this.#hash;
    let at = from;
    this.#found = false;
    for (const last = to - 3; at < last; at += 4) {
      const first = ((hash << 1) + (GEAR[bytes[at] as number] as number)) | 0;
      const second = ((first << 1) + (GEAR[bytes[at + 1] as number] as number)) | 0;
      const third = ((second << 1) + (GEAR[bytes[at + 2] as number] as number)) | 0;
      hash = ((third << 1) + (GEAR[bytes[at + 3] as number] as number)) | 0;
      if (shift === 0) continue;
      if (first >>> shift === 0) return this.#foundAt(at + 1);
      if (second >>> shift === 0) return this.#foundAt(at + 2);
      if (third >>> shift === 0) return this.#foundAt(at + 3);
      if (hash >>> shift === 0) return this.#foundAt(at + 4);
    }
    for (; at < to; at += 1) {
      hash = ((hash << 1) + (GEAR[bytes[at] as number] as number)) | 0;
      if (shift !== 0 && hash >>> shift === 0) return this.#foundAt(at + 1);
    }
    this.#hash = hash;
    return at;
  }

  #foundAt(after: number): number {
    this.#found = true;
    return after;
  }

  #cut(after: number): number {
    this.#length = 0;
    this.#hash = 0;
    return after;
  }
}
