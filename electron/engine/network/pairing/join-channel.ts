import type NoiseSecretStream from '@hyperswarm/secret-stream';
import Protomux, { type Message } from 'protomux';
import { type ErrorCode, isErrorCode } from '../../../../shared/errors.ts';
import { decodeValue, type Encodable, encodeValue } from '../../bytes/codec.ts';
import { bytesEncoding } from '../bytes-encoding.ts';

/** Name of the Protomux channel on which a newcomer and a member talk. */
export const JOIN_PROTOCOL = 'flotilla/join';
/** One message, encoded: the answer that lets a newcomer in may carry the group's log. */
const MAX_JOIN_MESSAGE_BYTES = 8 * 1024 * 1024;

/**
 * What newcomer and member say. Bytes: deterministic CBOR array `[kind, number, payload]`: 0 ask with bytes, 1 answer with
 * bytes, 2 deny with an error code.
 */
export type JoinMessage =
  | { readonly type: 'ask'; readonly number: number; readonly bytes: Uint8Array }
  | { readonly type: 'answer'; readonly number: number; readonly bytes: Uint8Array }
  | { readonly type: 'deny'; readonly number: number; readonly code: ErrorCode };

/** The message's bytes. */
export function encodeJoinMessage(message: JoinMessage): Uint8Array {
  const fields: readonly Encodable[] =
    message.type === 'deny'
      ? [2, message.number, message.code]
      : [message.type === 'ask' ? 0 : 1, message.number, message.bytes];
  return encodeValue(fields);
}

/** The message, or null where the bytes are none. */
export function decodeJoinMessage(bytes: Uint8Array): JoinMessage | null {
  if (bytes.byteLength > MAX_JOIN_MESSAGE_BYTES) return null;
  const value = decodeValue(bytes);
  if (!Array.isArray(value)) return null;
  const [kind, number, payload] = value as unknown[];
  if (!Number.isSafeInteger(number) || (number as number) < 0) return null;
  if (kind === 2) {
    if (typeof payload !== 'string') return null;
    return { type: 'deny', number: number as number, code: isErrorCode(payload) ? payload : 'join-denied' };
  }
  if ((kind !== 0 && kind !== 1) || !(payload instanceof Uint8Array)) return null;
  return { type: kind === 0 ? 'ask' : 'answer', number: number as number, bytes: payload };
}

/** The channel on one connection. */
export class JoinChannel {
  readonly #message: Message<Uint8Array>;
  #closed = false;

  /** `closed` is called once. A message that is none ends the connection. */
  constructor(stream: NoiseSecretStream, received: (message: JoinMessage) => void, closed: () => void) {
    const channel = Protomux.from(stream).createChannel({
      protocol: JOIN_PROTOCOL,
      onclose: () => {
        this.#closed = true;
        closed();
      },
    });
    if (channel === null) throw new Error('the connection talks already or has ended');
    this.#message = channel.addMessage({
      encoding: bytesEncoding,
      onmessage: (bytes) => {
        const message = decodeJoinMessage(new Uint8Array(bytes));
        if (message === null) stream.destroy();
        else received(message);
      },
    });
    channel.open();
  }

  send(message: JoinMessage): void {
    if (!this.#closed) this.#message.send(encodeJoinMessage(message));
  }
}
