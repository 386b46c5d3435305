import { decodeValue, encodeValue } from '../bytes/codec.ts';
import { type KeyPair, sign, verify } from '../bytes/signature.ts';

/** Bytes of an instance id. */
export const INSTANCE_BYTES = 16;

/**
 * What a device says about its present run, signed, so that others can show it to the device again: the number of the
 * engine's start on this home, and 16 random bytes drawn at that start. Bytes: deterministic CBOR `[start, instance]`;
 * signature over `flotilla/greeting/1`, group id and those bytes.
 */
export interface StartStatement {
  readonly start: number;
  readonly instance: Uint8Array;
  /** The bytes that were signed. */
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

/** Makes the statement of this run. */
export function makeStartStatement(
  group: Uint8Array,
  start: number,
  instance: Uint8Array,
  keyPair: KeyPair,
): StartStatement {
  const bytes = encodeValue([start, instance]);
  const signature = new Uint8Array(sign('flotilla/greeting/1', [group, bytes], keyPair.secretKey));
  return { start, instance, bytes, signature };
}

/** The statement in `bytes` if `device` signed it for `group`, else null. */
export function readStartStatement(
  bytes: unknown,
  signature: unknown,
  group: Uint8Array,
  device: Uint8Array,
): StartStatement | null {
  if (!(bytes instanceof Uint8Array) || !(signature instanceof Uint8Array) || bytes.byteLength > 64) return null;
  const value = decodeValue(bytes);
  if (!Array.isArray(value) || value.length < 2) return null;
  const [start, instance] = value as unknown[];
  if (!Number.isSafeInteger(start) || (start as number) < 0) return null;
  if (!(instance instanceof Uint8Array) || instance.byteLength !== INSTANCE_BYTES) return null;
  if (!verify('flotilla/greeting/1', [group, bytes], signature, device)) return null;
  return { start: start as number, instance, bytes, signature };
}

/**
 * How a statement that someone shows of this device relates to its own of this run. A later start, or this one with
 * another instance, was made by a home of which this is a copy; whether that one still runs is not to be seen from it.
 */
export function compareOwnStart(own: StartStatement, shown: StartStatement): 'fine' | 'restored' {
  if (shown.start > own.start) return 'restored';
  const same = Buffer.from(shown.instance).equals(Buffer.from(own.instance));
  return shown.start === own.start && !same ? 'restored' : 'fine';
}
