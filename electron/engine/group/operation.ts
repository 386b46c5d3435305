import type { ContentHash, DeviceId, GroupId } from '../../../shared/ids.ts';
import { MAX_OPERATION_BYTES } from '../../../shared/limits.ts';
import { decodeValue, encodeValue } from '../bytes/codec.ts';
import { contentHash } from '../bytes/hash.ts';
import { fromHex } from '../bytes/hex.ts';
import { SIGNATURE_BYTES, sign, verify } from '../bytes/signature.ts';
import type { OperationBody } from './body.ts';
import { bodyFromFields, bodyToFields } from './body-codec.ts';
import { FieldError, Fields, isMap } from './fields.ts';
import { KIND_NUMBERS, kindOfNumber } from './kinds.ts';

/** Version of the operation's encoding. */
export const OPERATION_VERSION = 1;
/** Operations that one may name as what it depends on. */
const MAX_DEPENDS_ON = 16;

/** What every operation says, whatever it asks for. */
export interface OperationHeader {
  /** The group's generation that the author knew. */
  readonly generation: number;
  /** The author. */
  readonly device: DeviceId;
  /** The author's own count of operations, from 1. */
  readonly sequence: number;
  /** Hashes of unconfirmed operations that this one builds on; always empty under rules 1. */
  readonly dependsOn: readonly ContentHash[];
  /** The author's clock in milliseconds since 1970, for people to read; decides nothing. */
  readonly time: number;
}

/** An operation before it is signed. */
export interface Operation extends OperationHeader {
  readonly body: OperationBody;
}

/** A signed operation: `bytes` is what is sent, stored and put into the log, and never encoded again. */
export interface SignedOperation {
  readonly operation: Operation;
  /** The container `[unsigned bytes, signature]`. */
  readonly bytes: Uint8Array;
  /** BLAKE3 of the unsigned bytes: the operation's name. */
  readonly hash: ContentHash;
}

/** What bytes in the place of an operation turn out to be. */
export type DecodedOperation =
  | {
      readonly type: 'operation';
      readonly header: OperationHeader;
      readonly body:
        | { readonly type: 'known'; readonly body: OperationBody }
        | { readonly type: 'unknownKind'; readonly number: number }
        | { readonly type: 'malformed' };
      readonly hash: ContentHash;
      readonly unsigned: Uint8Array;
      readonly signature: Uint8Array;
    }
  /** Of a later encoding. */
  | { readonly type: 'unknownVersion'; readonly version: number }
  | { readonly type: 'malformed' };

/** Signs an operation for a group. */
export function signOperation(operation: Operation, group: GroupId, secretKey: Uint8Array): SignedOperation {
  const unsigned = encodeValue({
    version: OPERATION_VERSION,
    generation: operation.generation,
    device: fromHex(operation.device),
    sequence: operation.sequence,
    dependsOn: operation.dependsOn.map(fromHex),
    kind: KIND_NUMBERS[operation.body.kind],
    body: bodyToFields(operation.body),
    time: operation.time,
  });
  const signature = sign('flotilla/operation/1', [fromHex(group), unsigned], secretKey);
  return { operation, bytes: encodeValue([unsigned, signature]), hash: contentHash(unsigned) };
}

/** Reads hostile bytes; never throws. The signature is not checked here. */
export function decodeOperation(bytes: Uint8Array): DecodedOperation {
  if (bytes.byteLength > MAX_OPERATION_BYTES) return { type: 'malformed' };
  const container = decodeValue(bytes);
  if (!Array.isArray(container) || container.length !== 2) return { type: 'malformed' };
  const [unsigned, signature] = container as unknown[];
  if (!(unsigned instanceof Uint8Array) || !(signature instanceof Uint8Array)) return { type: 'malformed' };
  if (signature.byteLength !== SIGNATURE_BYTES) return { type: 'malformed' };
  const value = decodeValue(unsigned);
  if (!isMap(value)) return { type: 'malformed' };
  try {
    return readOperation(value, unsigned, signature);
  } catch (error) {
    if (error instanceof FieldError) return { type: 'malformed' };
    throw error;
  }
}

function readOperation(value: unknown, unsigned: Uint8Array, signature: Uint8Array): DecodedOperation {
  const fields = new Fields(value);
  const version = fields.uint('version');
  if (version !== OPERATION_VERSION) return { type: 'unknownVersion', version };
  const header: OperationHeader = {
    generation: fields.uint('generation'),
    device: fields.device('device'),
    sequence: fields.uint('sequence'),
    dependsOn: fields.hashes('dependsOn', MAX_DEPENDS_ON),
    time: fields.uint('time'),
  };
  const number = fields.uint('kind');
  const raw = fields.any('body');
  fields.end();
  return { type: 'operation', header, body: readBody(number, raw), hash: contentHash(unsigned), unsigned, signature };
}

function readBody(number: number, raw: unknown): Extract<DecodedOperation, { type: 'operation' }>['body'] {
  const kind = kindOfNumber(number);
  if (kind === null) return { type: 'unknownKind', number };
  try {
    return { type: 'known', body: bodyFromFields(kind, raw) };
  } catch (error) {
    if (error instanceof FieldError) return { type: 'malformed' };
    throw error;
  }
}

/** Whether the author that the header names signed exactly these bytes for this group. */
export function isSignedByAuthor(decoded: Extract<DecodedOperation, { type: 'operation' }>, group: GroupId): boolean {
  return verify(
    'flotilla/operation/1',
    [fromHex(group), decoded.unsigned],
    decoded.signature,
    fromHex(decoded.header.device),
  );
}
