import { decode, encode, rfc8949EncodeOptions } from 'cborg';

/** What the binary formats consist of: CBOR (RFC 8949) in its deterministic form, without floats, tags or undefined. */
export type Encodable =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Encodable[]
  | { readonly [key: string]: Encodable };

/** Deterministic CBOR: equal values give equal bytes. */
export function encodeValue(value: Encodable): Uint8Array {
  return encode(value, rfc8949EncodeOptions);
}

/**
 * The value of deterministic CBOR bytes, or undefined where they are not that: floats, tags, undefined, indefinite lengths,
 * repeated keys and trailing bytes are refused. The result is unchecked beyond that: parse it before use.
 */
export function decodeValue(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, {
      strict: true,
      allowIndefinite: false,
      allowUndefined: false,
      allowNaN: false,
      allowInfinity: false,
      rejectDuplicateMapKeys: true,
    });
  } catch {
    return undefined;
  }
}
