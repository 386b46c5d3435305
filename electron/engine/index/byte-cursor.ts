/** Thrown by a reader at bytes that are not what they should be; caught where the decoding began. */
export class MalformedBytes extends Error {
  override readonly name = 'MalformedBytes';
}

/** Reads one binary value from front to back. Every method throws `MalformedBytes` rather than read past the end. */
export interface ByteReader {
  readonly left: () => number;
  byte(): number;
  /** A view of the next bytes; not a copy. */
  bytes(length: number): Uint8Array;
  hex(length: number): string;
  /** Unsigned LEB128 in its shortest form, a safe integer. */
  unsigned(): number;
  /** Signed LEB128 in its shortest form, a safe integer. */
  signed(): number;
  /** UTF-8, length first; refuses bytes that are not. */
  text(maxBytes: number): string;
  position(): number;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** A reader over the bytes. */
export function createByteReader(source: Uint8Array): ByteReader {
  const buffer = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  let at = 0;

  const need = (length: number): void => {
    if (length > source.byteLength - at) throw new MalformedBytes('cut short');
  };
  const byte = (): number => {
    need(1);
    const value = source[at] as number;
    at += 1;
    return value;
  };
  const bytes = (length: number): Uint8Array => {
    need(length);
    const part = source.subarray(at, at + length);
    at += length;
    return part;
  };
  const unsigned = (): number => {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 8; count += 1) {
      const next = byte();
      value += (next & 0x7f) * factor;
      if (next < 0x80) {
        if (next === 0 && count > 0) throw new MalformedBytes('number not in its shortest form');
        if (!Number.isSafeInteger(value)) break;
        return value;
      }
      factor *= 128;
    }
    throw new MalformedBytes('number too large');
  };
  const signed = (): number => {
    let value = 0;
    let factor = 1;
    let before = 0;
    for (let count = 0; count < 8; count += 1) {
      const next = byte();
      value += (next & 0x7f) * factor;
      factor *= 128;
      if (next < 0x80) {
        const idle = (before & 0x40) === 0 ? 0 : 0x7f;
        if (count > 0 && next === idle) throw new MalformedBytes('number not in its shortest form');
        if ((next & 0x40) !== 0) value -= factor;
        if (!Number.isSafeInteger(value)) break;
        return value;
      }
      before = next;
    }
    throw new MalformedBytes('number too large');
  };
  return {
    left: () => source.byteLength - at,
    byte,
    bytes,
    hex(length) {
      need(length);
      at += length;
      return buffer.toString('hex', at - length, at);
    },
    unsigned,
    signed,
    text(maxBytes) {
      const length = unsigned();
      if (length > maxBytes) throw new MalformedBytes('text too long');
      try {
        return decoder.decode(bytes(length));
      } catch (error) {
        if (error instanceof MalformedBytes) throw error;
        throw new MalformedBytes('text is not UTF-8');
      }
    },
    position: () => at,
  };
}

/** Writes one binary value from front to back. */
export interface ByteWriter {
  byte(value: number): void;
  bytes(value: Uint8Array): void;
  hex(value: string): void;
  /** Unsigned LEB128 in its shortest form. */
  unsigned(value: number): void;
  /** Signed LEB128 in its shortest form. */
  signed(value: number): void;
  /** UTF-8, length first. */
  text(value: string): void;
  done(): Uint8Array;
}

// Writers hand their space on to the next: tens of thousands of small values are written in a row.
const idle: Uint8Array[] = [];

/** An empty writer. Nothing may be written after `done`. */
export function createByteWriter(): ByteWriter {
  let buffer = idle.pop() ?? new Uint8Array(1024);
  let at = 0;

  const room = (length: number): void => {
    if (at + length <= buffer.byteLength) return;
    const larger = new Uint8Array(Math.max(buffer.byteLength * 2, at + length));
    larger.set(buffer);
    buffer = larger;
  };
  const byte = (value: number): void => {
    room(1);
    buffer[at] = value;
    at += 1;
  };
  const bytes = (value: Uint8Array): void => {
    room(value.byteLength);
    buffer.set(value, at);
    at += value.byteLength;
  };
  const unsigned = (value: number): void => {
    let rest = value;
    while (rest >= 0x80) {
      byte((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    byte(rest);
  };
  return {
    byte,
    bytes,
    hex(value) {
      room(value.length / 2);
      for (let digit = 0; digit < value.length; digit += 2) {
        buffer[at] = hexDigit(value.charCodeAt(digit)) * 16 + hexDigit(value.charCodeAt(digit + 1));
        at += 1;
      }
    },
    unsigned,
    signed(value) {
      let rest = value;
      for (;;) {
        const low = ((rest % 128) + 128) % 128;
        rest = Math.floor(rest / 128);
        if ((rest === 0 && low < 64) || (rest === -1 && low >= 64)) return byte(low);
        byte(low + 128);
      }
    },
    text(value) {
      const encoded = encoder.encode(value);
      unsigned(encoded.byteLength);
      bytes(encoded);
    },
    done() {
      const written = buffer.slice(0, at);
      idle.push(buffer);
      return written;
    },
  };
}

/** Of a lower-case digit's character code. */
function hexDigit(code: number): number {
  return code < 0x3a ? code - 0x30 : code - 0x57;
}
