import {
  type ContentHash,
  type DeviceId,
  type FolderId,
  type InviteId,
  parseContentHash,
  parseDeviceId,
  parseFolderId,
  parseInviteId,
} from '../../../shared/ids.ts';
import { toHex } from '../bytes/hex.ts';

/** Thrown by `Fields` for bytes that are not of the expected form; never leaves the decoder that uses it. */
export class FieldError extends Error {
  override readonly name = 'FieldError';
}

/** Reads the fields of a decoded CBOR map strictly: every one must be there and right, and none may be left over. */
export class Fields {
  readonly #map: Readonly<Record<string, unknown>>;
  readonly #unread: Set<string>;

  constructor(value: unknown) {
    if (!isMap(value)) throw new FieldError('not a map');
    this.#map = value;
    this.#unread = new Set(Object.keys(value));
  }

  /** Whether an optional field is there. */
  has(key: string): boolean {
    return this.#unread.has(key);
  }

  any(key: string): unknown {
    if (!this.#unread.delete(key)) throw new FieldError(`missing ${key}`);
    return this.#map[key];
  }

  uint(key: string, max: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.any(key);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > max || Object.is(value, -0)) {
      throw new FieldError(`bad number ${key}`);
    }
    return value;
  }

  uintOrNull(key: string): number | null {
    return this.#map[key] === null ? this.#nothing(key) : this.uint(key);
  }

  text(key: string, maxBytes: number): string {
    const value = this.any(key);
    if (typeof value !== 'string' || Buffer.byteLength(value, 'utf8') > maxBytes)
      throw new FieldError(`bad text ${key}`);
    return value;
  }

  /** Raw bytes of exactly that length. */
  bytes(key: string, length: number): Uint8Array {
    const value = this.any(key);
    if (!(value instanceof Uint8Array) || value.byteLength !== length) throw new FieldError(`bad bytes ${key}`);
    return value;
  }

  hex(key: string, length: number): string {
    return toHex(this.bytes(key, length));
  }

  device(key: string): DeviceId {
    return known(parseDeviceId(this.hex(key, 32)));
  }

  invite(key: string): InviteId {
    return known(parseInviteId(this.hex(key, 32)));
  }

  folder(key: string): FolderId {
    return known(parseFolderId(this.hex(key, 16)));
  }

  folderOrNull(key: string): FolderId | null {
    return this.#map[key] === null ? this.#nothing(key) : this.folder(key);
  }

  hashes(key: string, max: number): readonly ContentHash[] {
    const value = this.any(key);
    if (!Array.isArray(value) || value.length > max) throw new FieldError(`bad list ${key}`);
    return value.map((item) => {
      if (!(item instanceof Uint8Array) || item.byteLength !== 32) throw new FieldError(`bad hash in ${key}`);
      return known(parseContentHash(toHex(item)));
    });
  }

  /** One of a fixed list, as its place in it. */
  choice<T extends string>(key: string, choices: readonly T[]): T {
    const choice = choices[this.uint(key)];
    if (choice === undefined) throw new FieldError(`bad choice ${key}`);
    return choice;
  }

  /** To be called last: nothing may be left. */
  end(): void {
    if (this.#unread.size > 0) throw new FieldError('more fields than known');
  }

  #nothing(key: string): null {
    this.any(key);
    return null;
  }
}

/** Whether the value is a CBOR map with text keys. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function known<T>(value: T | null): T {
  if (value === null) throw new FieldError('bad id');
  return value;
}
