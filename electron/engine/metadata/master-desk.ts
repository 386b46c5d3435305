import type { ContentHash, DeviceId, GroupId } from '../../../shared/ids.ts';
import { decodeValue, encodeValue } from '../bytes/codec.ts';
import { isBytes, isCount } from '../bytes/log-entry.ts';
import { decodeOperation, isSignedByAuthor } from '../group/operation.ts';
import type { GroupState } from '../group/state.ts';

/** An operation handed to the master of a term. */
export interface Submitted {
  readonly term: number;
  readonly bytes: Uint8Array;
}

/** The frame's payload: the term, so that no later master takes what was meant for this one, and the signed operation. */
export function encodeSubmitted(submitted: Submitted): Uint8Array {
  return encodeValue([submitted.term, submitted.bytes]);
}

/** A peer's submission, or null. */
export function decodeSubmitted(payload: Uint8Array): Submitted | null {
  const value = decodeValue(payload);
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [term, bytes]: unknown[] = value;
  return isCount(term) && isBytes(bytes) ? { term, bytes } : null;
}

/**
 * What a master looks at before it gives an operation a place. It does not judge; it only keeps out of the log what could
 * do nothing there (a stranger's bytes, a resend of what was judged or has its place already) and what this program cannot
 * read, which would stop every device as old as this one.
 */
export class MasterDesk {
  readonly #group: GroupId;
  #term = -1;
  #placed = new Set<ContentHash>();

  constructor(group: GroupId) {
    this.#group = group;
  }

  /** The name under which the operation is to be proposed, or null where it is passed over. */
  admit(state: GroupState, from: DeviceId, bytes: Uint8Array, term: number): ContentHash | null {
    if (term !== this.#term) {
      this.#term = term;
      this.#placed = new Set();
    }
    const decoded = decodeOperation(bytes);
    if (decoded.type !== 'operation' || decoded.body.type !== 'known') return null;
    const { header, hash } = decoded;
    if (header.device !== from || this.#placed.has(hash)) return null;
    const author = state.devices.get(header.device);
    if (author !== undefined && header.sequence < author.lastSequence) return null;
    if (author !== undefined && hash === author.lastHash) return null;
    if (!isSignedByAuthor(decoded, this.#group)) return null;
    this.#placed.add(hash);
    return hash;
  }

  /** The core had no place for it, or it was judged: its name need not be kept. */
  release(hash: ContentHash): void {
    this.#placed.delete(hash);
  }
}
