/** A piece of a message as it goes onto the wire. */
export interface Piece {
  readonly kind: 'more' | 'last' | 'end';
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** Messages of one channel that wait to be written, first in first out, handed out in pieces. */
export class Outbox {
  #messages: (Uint8Array | 'end')[] = [];
  #head = 0;
  #offset = 0;
  #bytes = 0;

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  get empty(): boolean {
    return this.#head === this.#messages.length;
  }

  push(message: Uint8Array): void {
    this.#messages.push(message);
    this.#bytes += message.byteLength;
  }

  /** Marks that nothing follows on this connection; comes out after all that was pushed before. */
  pushEnd(): void {
    this.#messages.push('end');
  }

  /** The next piece of at most `limit` bytes; call only while not `empty`. */
  take(limit: number): Piece {
    const message = this.#messages[this.#head];
    if (message === undefined || message === 'end') {
      this.#advance();
      return { kind: 'end', bytes: NOTHING };
    }
    const rest = message.byteLength - this.#offset;
    if (rest > limit) {
      const bytes = message.subarray(this.#offset, this.#offset + limit);
      this.#offset += limit;
      this.#bytes -= limit;
      return { kind: 'more', bytes };
    }
    const bytes = this.#offset === 0 ? message : message.subarray(this.#offset);
    this.#bytes -= rest;
    this.#advance();
    return { kind: 'last', bytes };
  }

  #advance(): void {
    this.#messages[this.#head] = NOTHING;
    this.#head += 1;
    this.#offset = 0;
    if (this.#head > 1024 || this.#head === this.#messages.length) {
      this.#messages.splice(0, this.#head);
      this.#head = 0;
    }
  }
}
