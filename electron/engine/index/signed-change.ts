import type { DeviceId, FolderId, GroupId } from '../../../shared/ids.ts';
import { fromHex } from '../bytes/hex.ts';
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES, sign, verify } from '../bytes/signature.ts';
import type { Seen } from '../reconcile/tree-types.ts';
import { createByteReader, MalformedBytes } from './byte-cursor.ts';

/** Number with which an envelope's bytes begin. */
export const ENVELOPE_VERSION = 1;
/** version 1, author 32, counter 8, generation 4, index 8, signature 64. */
export const ENVELOPE_BYTES = 117;

/** The one document that a change belongs to: nowhere else is its signature good. */
export interface ShardPlace {
  readonly group: GroupId;
  readonly folder: FolderId;
  /** Index epoch; compaction and resharding begin the next. */
  readonly epoch: number;
  readonly shard: number;
}

/** What travels with every Automerge change of an index, and is stored beside it. */
export interface Envelope {
  readonly author: DeviceId;
  /** The author's count of its index changes over all folders, from 1. */
  readonly counter: number;
  /** How much of the log the author had applied. */
  readonly seen: Seen;
  readonly signature: Uint8Array;
}

/** A change of a shard's document with its envelope. */
export interface SignedChange {
  readonly envelope: Envelope;
  readonly change: Uint8Array;
}

type Claim = Pick<Envelope, 'counter' | 'seen'>;

function bigEndian(value: number, bytes: number): Uint8Array {
  const out = Buffer.alloc(bytes);
  for (let at = bytes - 1, rest = value; at >= 0; at -= 1, rest = Math.floor(rest / 256)) out[at] = rest % 256;
  return out;
}

/** group || folder || epoch (4) || shard (2) || counter (8) || generation (4) || index (8) || change hash; big-endian. */
function signedParts(place: ShardPlace, claim: Claim, changeHash: string): Uint8Array[] {
  return [
    fromHex(place.group),
    fromHex(place.folder),
    bigEndian(place.epoch, 4),
    bigEndian(place.shard, 2),
    bigEndian(claim.counter, 8),
    bigEndian(claim.seen.generation, 4),
    bigEndian(claim.seen.index, 8),
    fromHex(changeHash),
  ];
}

/** The envelope of an own change. `secretKey` is libsodium's 64 bytes; `changeHash` the hash Automerge gave the change. */
export function sealChange(
  place: ShardPlace,
  author: DeviceId,
  claim: Claim,
  changeHash: string,
  secretKey: Uint8Array,
): Envelope {
  const signature = sign('flotilla/change/1', signedParts(place, claim, changeHash), secretKey);
  return { author, counter: claim.counter, seen: claim.seen, signature };
}

/** Whether the author signed just this change for just this document. */
export function isSealGood(place: ShardPlace, envelope: Envelope, changeHash: string): boolean {
  const parts = signedParts(place, envelope, changeHash);
  return verify('flotilla/change/1', parts, envelope.signature, fromHex(envelope.author));
}

/** The bytes of an envelope; numbers are big-endian. */
export function encodeEnvelope(envelope: Envelope): Uint8Array {
  return new Uint8Array(
    Buffer.concat([
      bigEndian(ENVELOPE_VERSION, 1),
      fromHex(envelope.author),
      bigEndian(envelope.counter, 8),
      bigEndian(envelope.seen.generation, 4),
      bigEndian(envelope.seen.index, 8),
      envelope.signature,
    ]),
  );
}

/** The envelope that the bytes say; null if they are not one of a known version. */
export function decodeEnvelope(bytes: Uint8Array): Envelope | null {
  if (bytes.byteLength !== ENVELOPE_BYTES || bytes[0] !== ENVELOPE_VERSION) return null;
  const input = createByteReader(bytes.subarray(1));
  const number = (length: number): number => {
    let value = 0;
    for (const byte of input.bytes(length)) value = value * 256 + byte;
    if (!Number.isSafeInteger(value)) throw new MalformedBytes('number too large');
    return value;
  };
  try {
    const author = input.hex(PUBLIC_KEY_BYTES) as DeviceId;
    const counter = number(8);
    const seen = { generation: number(4), index: number(8) };
    if (counter === 0) return null;
    return { author, counter, seen, signature: new Uint8Array(input.bytes(SIGNATURE_BYTES)) };
  } catch {
    return null;
  }
}
