import { failure } from '../../../shared/errors.ts';
import type { GroupId } from '../../../shared/ids.ts';
import { decodeValue, encodeValue } from '../bytes/codec.ts';
import { isBytes, isCount } from '../bytes/log-entry.ts';
import { decodeOperation, type SignedOperation } from '../group/operation.ts';
import type { Reader, Transaction } from '../ports/store.ts';
import { numberedRow, PENDING_TABLE } from './tables.ts';

const VERSION = 1;

/** One own operation that is not decided yet. */
export interface Pending {
  /** Place in the queue; never changes. */
  readonly order: number;
  /** Name of the request; stays when the operation has to be signed anew. */
  readonly id: string;
  /** Wall clock at which it was asked for, milliseconds since 1970. */
  readonly since: number;
  /** The latest term in which it was handed to a master; null: it has never left this device. */
  readonly sentTerm: number | null;
  readonly signed: SignedOperation;
}

/** Writes one row of the queue. */
export function putPending(tx: Transaction, group: GroupId, pending: Pending): void {
  const { order, id, since, sentTerm, signed } = pending;
  tx.put(PENDING_TABLE, numberedRow(group, order), encodeValue([VERSION, id, since, sentTerm, signed.bytes]));
}

/** Removes one row of the queue. */
export function removePending(tx: Transaction, group: GroupId, order: number): void {
  tx.remove(PENDING_TABLE, numberedRow(group, order));
}

/** The queue as it is on disk, in order. Throws `log-damaged` where a row is unreadable. */
export function loadPending(reader: Reader, group: GroupId): Pending[] {
  const queue: Pending[] = [];
  for (const { key, value } of reader.range(PENDING_TABLE, { prefix: `${group}/` })) {
    queue.push(readPending(Number.parseInt(key.slice(group.length + 1), 16), value));
  }
  return queue;
}

function readPending(order: number, bytes: Uint8Array): Pending {
  const value = decodeValue(bytes);
  if (!Array.isArray(value) || value.length !== 5 || value[0] !== VERSION) throw damaged();
  const [, id, since, sentTerm, operation]: unknown[] = value;
  if (typeof id !== 'string' || !isCount(since) || !isBytes(operation)) throw damaged();
  if (sentTerm !== null && !isCount(sentTerm)) throw damaged();
  const decoded = decodeOperation(operation);
  if (decoded.type !== 'operation' || decoded.body.type !== 'known') throw damaged();
  const signed = {
    operation: { ...decoded.header, body: decoded.body.body },
    bytes: operation,
    hash: decoded.hash,
  };
  return { order, id, since, sentTerm, signed };
}

function damaged(): Error {
  return failure('log-damaged', 'A change that waits for the master is damaged on this disk');
}
