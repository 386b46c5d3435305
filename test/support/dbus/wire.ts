/** The values of D-Bus as bytes, after its specification: what each signature means, how it is aligned. Little-endian. */

/** A value that says itself what it is; where one is read, its value stands alone. */
export interface Variant {
  readonly signature: string;
  readonly value: DbusValue;
}

/** Numbers are whole; a structure is a list, a dictionary a list of pairs. */
export type DbusValue = number | string | boolean | Variant | readonly DbusValue[];

const ALIGNMENT: Readonly<Record<string, number>> = { y: 1, g: 1, v: 1, n: 2, q: 2, x: 8, t: 8, d: 8, '(': 8, '{': 8 };
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '{': '}' };

const alignmentOf = (signature: string): number => ALIGNMENT[signature[0] ?? ''] ?? 4;

/** Where the complete type that begins at `from` ends. */
const endOfType = (signature: string, from: number): number => {
  const first = signature[from] ?? '';
  if (first === 'a') return endOfType(signature, from + 1);
  const closing = CLOSING[first];
  let at = from + 1;
  if (closing === undefined) return at;
  while (signature[at] !== closing) at = endOfType(signature, at);
  return at + 1;
};

/** The complete types that a signature strings together. */
const typesOf = (signature: string): readonly string[] => {
  const types: string[] = [];
  for (let at = 0; at < signature.length; ) {
    const end = endOfType(signature, at);
    types.push(signature.slice(at, end));
    at = end;
  }
  return types;
};

const inside = (type: string): string => type.slice(1, -1);

/** Puts values one after another, each where its alignment wants it. */
export class WireWriter {
  #bytes: number[] = [];

  bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }

  align(to: number): void {
    while (this.#bytes.length % to !== 0) this.#bytes.push(0);
  }

  #integer(value: number, size: 2 | 4): void {
    this.align(size);
    for (let byte = 0; byte < size; byte += 1) this.#bytes.push((value >> (8 * byte)) & 0xff);
  }

  #text(text: string): void {
    this.#bytes.push(...Buffer.from(text, 'utf8'), 0);
  }

  #array(type: string, values: readonly DbusValue[]): void {
    this.#integer(0, 4);
    const length = this.#bytes.length - 4;
    this.align(alignmentOf(type));
    const start = this.#bytes.length;
    for (const value of values) this.write(type, value);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(this.#bytes.length - start);
    this.#bytes.splice(length, 4, ...size);
  }

  /** One complete type. */
  write(type: string, value: DbusValue): void {
    const first = type[0] ?? '';
    if (first === 'y') this.#bytes.push(Number(value));
    else if (first === 'b') this.#integer(value === true ? 1 : 0, 4);
    else if (first === 'n' || first === 'q') this.#integer(Number(value), 2);
    else if (first === 'i' || first === 'u') this.#integer(Number(value), 4);
    else if (first === 's' || first === 'o') {
      this.#integer(Buffer.byteLength(String(value)), 4);
      this.#text(String(value));
    } else if (first === 'g') {
      this.#bytes.push(Buffer.byteLength(String(value)));
      this.#text(String(value));
    } else if (first === 'v') {
      const variant = value as Variant;
      this.write('g', variant.signature);
      this.write(variant.signature, variant.value);
    } else if (first === 'a') this.#array(type.slice(1), value as readonly DbusValue[]);
    else if (CLOSING[first] !== undefined) {
      this.align(8);
      this.writeAll(inside(type), value as readonly DbusValue[]);
    } else throw new Error(`D-Bus values of type ${type} are not written here`);
  }

  /** All types that the signature strings together. */
  writeAll(signature: string, values: readonly DbusValue[]): void {
    typesOf(signature).forEach((type, place) => {
      this.write(type, values[place] ?? '');
    });
  }
}

/** Reads values one after another. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  align(to: number): void {
    this.#at = Math.ceil(this.#at / to) * to;
  }

  #take(size: number): Buffer {
    this.align(Math.min(size, 8));
    this.#at += size;
    return this.#bytes.subarray(this.#at - size, this.#at);
  }

  #text(length: number): string {
    const text = this.#bytes.toString('utf8', this.#at, this.#at + length);
    this.#at += length + 1;
    return text;
  }

  #array(type: string): readonly DbusValue[] {
    const length = this.#take(4).readUInt32LE();
    this.align(alignmentOf(type));
    const end = this.#at + length;
    const values: DbusValue[] = [];
    while (this.#at < end) values.push(this.read(type));
    return values;
  }

  /** One complete type. */
  read(type: string): DbusValue {
    switch (type[0]) {
      case 'y':
        return this.#take(1).readUInt8();
      case 'b':
        return this.#take(4).readUInt32LE() === 1;
      case 'n':
        return this.#take(2).readInt16LE();
      case 'q':
        return this.#take(2).readUInt16LE();
      case 'i':
        return this.#take(4).readInt32LE();
      case 'u':
        return this.#take(4).readUInt32LE();
      case 's':
      case 'o':
        return this.#text(this.#take(4).readUInt32LE());
      case 'g':
        return this.#text(this.#take(1).readUInt8());
      case 'v':
        return this.read(String(this.read('g')));
      case 'a':
        return this.#array(type.slice(1));
      case '(':
      case '{':
        this.align(8);
        return this.readAll(inside(type));
      default:
        throw new Error(`D-Bus values of type ${type} are not read here`);
    }
  }

  /** All types that the signature strings together. */
  readAll(signature: string): readonly DbusValue[] {
    return typesOf(signature).map((type) => this.read(type));
  }
}
