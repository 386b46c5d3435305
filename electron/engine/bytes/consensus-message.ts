import type { EntryHash, GroupId } from '../../../shared/ids.ts';
import { assertNever } from '../../../shared/invariant.ts';
import { MAX_APPEND_ENTRIES, MAX_MESSAGE_BYTES } from '../../../shared/limits.ts';
import type { CommitProof, HashedPosition, LogEntry, LogPosition } from '../consensus/entry.ts';
import type { ConsensusMessage } from '../consensus/messages.ts';
import { decodeValue, type Encodable, encodeValue } from './codec.ts';
import { openCommitProof } from './commit-proof.ts';
import { fromHex, toHex } from './hex.ts';
import { isBytes, isCount, openLogEntry } from './log-entry.ts';

/** Numbers of the kinds of message on the wire. */
const KIND = {
  preVoteRequest: 1,
  preVoteReply: 2,
  voteRequest: 3,
  voteReply: 4,
  append: 5,
  appendAccepted: 6,
  appendRejected: 7,
  timeoutNow: 8,
  have: 9,
  committed: 10,
} as const satisfies Record<ConsensusMessage['type'], number>;

/** A consensus message as it is sent: `[kind, generation, term, ...fields]`, entries and proofs as their signed bytes. */
export function encodeConsensusMessage(message: ConsensusMessage): Uint8Array {
  return encodeValue([KIND[message.type], message.generation, message.term, ...fieldsOf(message)]);
}

function fieldsOf(message: ConsensusMessage): Encodable[] {
  switch (message.type) {
    case 'preVoteRequest':
      return [place(message.last)];
    case 'preVoteReply':
    case 'voteReply':
      return [message.granted];
    case 'voteRequest':
      return [place(message.last), message.handover];
    case 'append':
      return [hashed(message.previous), sealed(message.entries), message.proof?.bytes ?? null];
    case 'appendAccepted':
      return [message.match];
    case 'appendRejected':
      return [message.rejected, message.hint];
    case 'timeoutNow':
      return [];
    case 'have':
      return [hashed(message.last), message.commitIndex];
    case 'committed':
      return [hashed(message.previous), sealed(message.entries), message.proof.bytes];
    default:
      return assertNever(message);
  }
}

function place(position: LogPosition): Encodable {
  return [position.index, position.term];
}

function hashed(position: HashedPosition): Encodable {
  return [position.index, position.term, fromHex(position.hash)];
}

function sealed(entries: readonly LogEntry[]): Encodable {
  return entries.map((entry) => entry.bytes);
}

/** A peer's message, with the signatures of its entries and its proof checked; null: drop it, the peer broke the protocol. */
export function decodeConsensusMessage(group: GroupId, bytes: Uint8Array): ConsensusMessage | null {
  if (bytes.byteLength > MAX_MESSAGE_BYTES) return null;
  const value = decodeValue(bytes);
  if (!Array.isArray(value) || value.length < 3) return null;
  const [kind, generation, term, ...fields]: unknown[] = value;
  if (!isCount(generation) || !isCount(term)) return null;
  const body = parseFields(group, kind, fields);
  return body && ({ ...body, generation, term } as ConsensusMessage);
}

type WithoutStamp<T> = T extends unknown ? Omit<T, 'generation' | 'term'> : never;
type Fields = WithoutStamp<ConsensusMessage>;

function parseFields(group: GroupId, kind: unknown, fields: readonly unknown[]): Fields | null {
  const [first, second] = fields;
  switch (kind) {
    case KIND.preVoteRequest: {
      const last = parsePlace(first);
      return last && { type: 'preVoteRequest', last };
    }
    case KIND.preVoteReply:
      return typeof first === 'boolean' ? { type: 'preVoteReply', granted: first } : null;
    case KIND.voteRequest: {
      const last = parsePlace(first);
      return last && typeof second === 'boolean' ? { type: 'voteRequest', last, handover: second } : null;
    }
    case KIND.voteReply:
      return typeof first === 'boolean' ? { type: 'voteReply', granted: first } : null;
    case KIND.append:
      return parseAppend(group, fields);
    case KIND.appendAccepted:
      return isCount(first) ? { type: 'appendAccepted', match: first } : null;
    case KIND.appendRejected:
      return isCount(first) && isCount(second) ? { type: 'appendRejected', rejected: first, hint: second } : null;
    case KIND.timeoutNow:
      return { type: 'timeoutNow' };
    case KIND.have: {
      const last = parseHashed(first);
      return last && isCount(second) ? { type: 'have', last, commitIndex: second } : null;
    }
    case KIND.committed:
      return parseCommitted(group, fields);
    default:
      return null;
  }
}

function parseAppend(group: GroupId, fields: readonly unknown[]): Fields | null {
  const previous = parseHashed(fields[0]);
  const entries = parseEntries(group, fields[1]);
  if (previous === null || entries === null) return null;
  if (fields[2] === null) return { type: 'append', previous, entries, proof: null };
  const proof = parseProof(group, fields[2]);
  return proof && { type: 'append', previous, entries, proof };
}

function parseCommitted(group: GroupId, fields: readonly unknown[]): Fields | null {
  const previous = parseHashed(fields[0]);
  const entries = parseEntries(group, fields[1]);
  const proof = parseProof(group, fields[2]);
  return previous && entries && proof && { type: 'committed', previous, entries, proof };
}

function parseProof(group: GroupId, value: unknown): CommitProof | null {
  return isBytes(value) ? openCommitProof(group, value) : null;
}

function parseEntries(group: GroupId, value: unknown): LogEntry[] | null {
  if (!Array.isArray(value) || value.length > MAX_APPEND_ENTRIES) return null;
  const entries: LogEntry[] = [];
  for (const bytes of value) {
    const entry = isBytes(bytes) ? openLogEntry(group, bytes) : null;
    if (entry === null) return null;
    entries.push(entry);
  }
  return entries;
}

function parsePlace(value: unknown): LogPosition | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [index, term]: unknown[] = value;
  return isCount(index) && isCount(term) ? { index, term } : null;
}

function parseHashed(value: unknown): HashedPosition | null {
  if (!Array.isArray(value) || value.length !== 3) return null;
  const [index, term, hash]: unknown[] = value;
  if (!isCount(index) || !isCount(term) || !isBytes(hash, 32)) return null;
  return { index, term, hash: toHex(hash) as EntryHash };
}
