import { giveBack } from './give-back.ts';
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

  /**
   * The message that this piece completes, alone in its buffer; null while there is more to come, or 'too-long'. The
   * piece's own buffer is given away.
   */
  take(piece: Piece): Uint8Array | null | 'too-long' {
    if (this.#bytes + piece.bytes.byteLength > this.#limit) return 'too-long';
    if (piece.kind === 'more') {
      this.#parts.push(piece.bytes);
      this.#bytes += piece.bytes.byteLength;
      return null;
    }
    const whole = new Uint8Array(this.#bytes + piece.bytes.byteLength);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.byteLength;
      giveBack(part);
    }
    whole.set(piece.bytes, at);
    giveBack(piece.bytes);
    this.#parts = [];
    this.#bytes = 0;
    return whole;
  }

  /** Whether a message has begun and not ended. */
  get midway(): boolean {
    return this.#parts.length > 0;
  }
}
