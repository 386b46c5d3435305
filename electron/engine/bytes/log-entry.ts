import { type DeviceId, type EntryHash, type GroupId, parseDeviceId } from '../../../shared/ids.ts';
import { assertNever } from '../../../shared/invariant.ts';
import { MAX_LOG_ENTRY_BYTES, MAX_OPERATION_BYTES, MAX_STAMP } from '../../../shared/limits.ts';
import type { EntryBody, EntryDraft, LogEntry } from '../consensus/entry.ts';
import { decodeValue, type Encodable, encodeValue } from './codec.ts';
import { blake3Bytes } from './hash.ts';
import { fromHex, toHex } from './hex.ts';
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES, sign, verify } from './signature.ts';

/** Version of the layout below; a device that does not know one takes no entry of it. */
export const LOG_ENTRY_VERSION = 1;
/** Bytes of a BLAKE3 hash. */
const HASH_BYTES = 32;
/** Numbers of the kinds of body. */
const BODY = { termBegin: 0, electorateAdjust: 1, operation: 2 } as const;

/**
 * Signs a draft as its master. The encoded entry is `[unsigned, signature]`, where `unsigned` is the encoded
 * `[version, generation, index, term, previousHash, stamp, master, body]` and the signature (context `flotilla/entry/1`)
 * covers the group's id and `unsigned` as it stands.
 */
export function sealLogEntry(group: GroupId, draft: EntryDraft, secretKey: Uint8Array): LogEntry {
  const unsigned = encodeValue([
    LOG_ENTRY_VERSION,
    draft.generation,
    draft.index,
    draft.term,
    fromHex(draft.previousHash),
    draft.stamp,
    fromHex(draft.master),
    encodedBody(draft.body),
  ]);
  const signature = sign('flotilla/entry/1', [fromHex(group), unsigned], secretKey);
  const bytes = new Uint8Array(encodeValue([unsigned, signature]));
  return { ...draft, bytes, hash: entryHash(bytes) };
}

/** An entry from bytes of this device's own disk: parsed, its signature not checked again. Null: not an entry. */
export function decodeLogEntry(bytes: Uint8Array): LogEntry | null {
  return parseContainer(bytes)?.entry ?? null;
}

/** An entry from a peer's bytes, its master's signature checked. Null: not an entry of this group. */
export function openLogEntry(group: GroupId, bytes: Uint8Array): LogEntry | null {
  const parsed = parseContainer(bytes);
  if (parsed === null) return null;
  const { entry, unsigned, signature } = parsed;
  return verify('flotilla/entry/1', [fromHex(group), unsigned], signature, fromHex(entry.master)) ? entry : null;
}

function entryHash(bytes: Uint8Array): EntryHash {
  return toHex(blake3Bytes(bytes)) as EntryHash;
}

function encodedBody(body: EntryBody): Encodable {
  switch (body.type) {
    case 'term.begin':
      return [BODY.termBegin];
    case 'electorate.adjust':
      return [BODY.electorateAdjust, fromHex(body.device), body.by];
    case 'operation':
      return [BODY.operation, body.bytes];
    default:
      return assertNever(body);
  }
}

interface Container {
  readonly entry: LogEntry;
  readonly unsigned: Uint8Array;
  readonly signature: Uint8Array;
}

function parseContainer(received: Uint8Array): Container | null {
  if (received.byteLength > MAX_LOG_ENTRY_BYTES) return null;
  // A copy of its own: an entry is kept for long, and must not hold the whole frame that it came in.
  const bytes = new Uint8Array(received);
  const container = decodeValue(bytes);
  if (!Array.isArray(container) || container.length !== 2) return null;
  const [unsigned, signature]: unknown[] = container;
  if (!isBytes(unsigned) || !isBytes(signature, SIGNATURE_BYTES)) return null;
  const draft = parseUnsigned(decodeValue(unsigned));
  return draft && { entry: { ...draft, bytes, hash: entryHash(bytes) }, unsigned, signature };
}

function parseUnsigned(value: unknown): EntryDraft | null {
  if (!Array.isArray(value) || value.length !== 8 || value[0] !== LOG_ENTRY_VERSION) return null;
  const [, generation, index, term, previousHash, stamp, masterKey, encoded]: unknown[] = value;
  const body = parseBody(encoded);
  const master = parseDevice(masterKey);
  if (!isCount(generation) || !isCount(index) || !isCount(term) || !isCount(stamp)) return null;
  if (stamp > MAX_STAMP) return null;
  if (!isBytes(previousHash, HASH_BYTES) || master === null || body === null) return null;
  return { generation, index, term, previousHash: toHex(previousHash) as EntryHash, stamp, master, body };
}

function parseBody(value: unknown): EntryBody | null {
  if (!Array.isArray(value)) return null;
  const [kind, first, second]: unknown[] = value;
  if (kind === BODY.termBegin && value.length === 1) return { type: 'term.begin' };
  if (kind === BODY.electorateAdjust && value.length === 3) {
    const device = parseDevice(first);
    return device !== null && (second === 1 || second === -1)
      ? { type: 'electorate.adjust', device, by: second }
      : null;
  }
  if (kind !== BODY.operation || value.length !== 2 || !isBytes(first)) return null;
  return first.byteLength <= MAX_OPERATION_BYTES ? { type: 'operation', bytes: first } : null;
}

/** A device's key as the binary formats carry it. */
export function parseDevice(value: unknown): DeviceId | null {
  return isBytes(value, PUBLIC_KEY_BYTES) ? parseDeviceId(toHex(value)) : null;
}

/** A whole number from 0 that arithmetic holds exactly. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Bytes, of the given length where there is one. */
export function isBytes(value: unknown, length?: number): value is Uint8Array {
  return value instanceof Uint8Array && (length === undefined || value.byteLength === length);
}
