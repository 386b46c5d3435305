import { assertNever } from '../../../shared/invariant.ts';
import { decodeValue, type Encodable, encodeValue } from '../bytes/codec.ts';
import { parseAddresses } from './greeting.ts';
import { MAX_CONTROL_BYTES } from './protocol.ts';
import type { TcpAddress } from './tcp-address.ts';

/** Why a side ends a connection, as told to the other. */
export type RejectReason = 'you-are-too-old' | 'i-am-too-old' | 'not-admitted' | 'protocol' | 'duplicate';

const REASONS: readonly RejectReason[] = ['you-are-too-old', 'i-am-too-old', 'not-admitted', 'protocol', 'duplicate'];

/**
 * What the two ends of a connection tell each other beside the channels. Bytes: deterministic CBOR array, the kind's
 * number first; a kind that is not known is passed over.
 */
export type ControlMessage =
  | { readonly type: 'greeting'; readonly bytes: Uint8Array }
  /** A start statement of the receiver itself that the sender has seen and that differs from the greeting's. */
  | { readonly type: 'known'; readonly bytes: Uint8Array; readonly signature: Uint8Array }
  /** Two running engines have the receiver's key; the statement is the other one's. */
  | { readonly type: 'twin'; readonly bytes: Uint8Array; readonly signature: Uint8Array }
  | { readonly type: 'reject'; readonly reason: RejectReason }
  /** The log of the group says that the receiver was removed; the link is refused right after. */
  | { readonly type: 'removed'; readonly group: Uint8Array }
  | { readonly type: 'ping'; readonly nonce: number }
  | { readonly type: 'pong'; readonly nonce: number }
  /**
   * From the device with the smaller key: this link carries the peer from now on. `turn` counts these words; `fresh`:
   * nothing is to be drained, else what was sent on the link of the turn before comes first.
   */
  | { readonly type: 'use'; readonly turn: number; readonly fresh: boolean }
  /** Everything that was sent on the link before this one has arrived. */
  | { readonly type: 'drained' }
  /** Bytes of bulk pieces received on this connection so far. */
  | { readonly type: 'received'; readonly bytes: number }
  | { readonly type: 'addresses'; readonly addresses: readonly TcpAddress[] };

/** The message's bytes. */
export function encodeControl(message: ControlMessage): Uint8Array {
  return encodeValue(fieldsOf(message));
}

function fieldsOf(message: ControlMessage): readonly Encodable[] {
  switch (message.type) {
    case 'greeting':
      return [0, message.bytes];
    case 'ping':
      return [1, message.nonce];
    case 'pong':
      return [2, message.nonce];
    case 'received':
      return [3, message.bytes];
    case 'reject':
      return [4, message.reason];
    case 'use':
      return [5, message.turn, message.fresh];
    case 'drained':
      return [6];
    case 'addresses':
      return [7, message.addresses.map(({ host, port }) => [host, port])];
    case 'known':
      return [8, message.bytes, message.signature];
    case 'twin':
      return [9, message.bytes, message.signature];
    case 'removed':
      return [10, message.group];
    default:
      return assertNever(message);
  }
}

/** The message, `'unknown'` for a kind of a later version, or null where the bytes are no control message. */
export function decodeControl(bytes: Uint8Array): ControlMessage | 'unknown' | null {
  if (bytes.byteLength > MAX_CONTROL_BYTES) return null;
  const value = decodeValue(bytes);
  if (!Array.isArray(value)) return null;
  const [kind, first, second] = value as unknown[];
  if (!Number.isSafeInteger(kind)) return null;
  switch (kind) {
    case 0:
      return first instanceof Uint8Array ? { type: 'greeting', bytes: first } : null;
    case 1:
      return isCount(first) ? { type: 'ping', nonce: first } : null;
    case 2:
      return isCount(first) ? { type: 'pong', nonce: first } : null;
    case 3:
      return isCount(first) ? { type: 'received', bytes: first } : null;
    case 4:
      return { type: 'reject', reason: REASONS.find((reason) => reason === first) ?? 'protocol' };
    case 5:
      return isCount(first) && typeof second === 'boolean' ? { type: 'use', turn: first, fresh: second } : null;
    case 6:
      return { type: 'drained' };
    case 7:
      return { type: 'addresses', addresses: parseAddresses(first) };
    case 8:
    case 9:
      if (!(first instanceof Uint8Array) || !(second instanceof Uint8Array)) return null;
      return { type: kind === 8 ? 'known' : 'twin', bytes: first, signature: second };
    case 10:
      return first instanceof Uint8Array ? { type: 'removed', group: first } : null;
    default:
      return 'unknown';
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
