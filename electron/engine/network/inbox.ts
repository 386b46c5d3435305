import type { Piece } from './outbox.ts';

/** Puts the pieces of one channel together again. */
export class Inbox {
  #parts: Uint8Array[] = [];
  #bytes = 0;
  readonly #limit: number;

  /** `limit`: bytes of the longest message that is taken. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The message that this piece completes, null while there is more to come, or 'too-long'. */
  take(piece: Piece): Uint8Array | null | 'too-long' {
    if (this.#bytes + piece.bytes.byteLength > this.#limit) return 'too-long';
    if (piece.kind === 'more') {
      this.#parts.push(piece.bytes);
      this.#bytes += piece.bytes.byteLength;
      return null;
    }
    if (this.#parts.length === 0) return piece.bytes;
    this.#parts.push(piece.bytes);
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    return whole;
  }

  /** Whether a message has begun and not ended. */
  get midway(): boolean {
    return this.#parts.length > 0;
  }
}
