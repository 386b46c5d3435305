import type { ContentHash, DeviceId, GroupId } from '../../../shared/ids.ts';
import { decodeValue, encodeValue } from '../bytes/codec.ts';
import { isBytes, isCount } from '../bytes/log-entry.ts';
import type { LogEntry } from '../consensus/entry.ts';
import { decodeOperation, isSignedByAuthor, type OperationHeader } from '../group/operation.ts';
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

type Placed = Pick<OperationHeader, 'device' | 'sequence'>;

/** What is decided, and what the log holds beyond that. */
interface Standing {
  readonly state: GroupState;
  unjudged(): readonly LogEntry[];
}

function placedIn(group: GroupId, entries: readonly LogEntry[]): Map<ContentHash, Placed> {
  const operations = entries.flatMap(({ body }) => (body.type === 'operation' ? [decodeOperation(body.bytes)] : []));
  return new Map(
    operations.flatMap((one) =>
      one.type === 'operation' && isSignedByAuthor(one, group) ? [[one.hash, one.header] as const] : [],
    ),
  );
}

/**
 * What a master looks at before it gives an operation a place. It does not judge; it only keeps out of the log what could
 * do nothing there (a stranger's bytes, a resend of what was judged or has its place already, a number that is not its
 * device's turn) and what this program cannot read, which would stop every device as old as this one.
 */
export class MasterDesk {
  readonly #group: GroupId;
  #term = -1;
  /** Operations that have a place and are not judged yet. */
  #placed = new Map<ContentHash, Placed>();

  constructor(group: GroupId) {
    this.#group = group;
  }

  /**
   * The name under which the operation is to be proposed, or null where it is passed over. An earlier master may have
   * placed what this one has not seen judged yet.
   */
  admit(standing: Standing, from: DeviceId, { bytes, term }: Submitted): ContentHash | null {
    const { state } = standing;
    if (term !== this.#term) {
      this.#term = term;
      this.#placed = placedIn(this.#group, standing.unjudged());
    }
    const decoded = decodeOperation(bytes);
    if (decoded.type !== 'operation' || decoded.body.type !== 'known') return null;
    const { header, hash } = decoded;
    if (header.device !== from || this.#placed.has(hash)) return null;
    const author = state.devices.get(header.device);
    if (author !== undefined && header.sequence < author.lastSequence) return null;
    if (author !== undefined && hash === author.lastHash) return null;
    if (header.sequence > this.#highest(header.device, author?.lastSequence ?? 0) + 1) return null;
    if (!isSignedByAuthor(decoded, this.#group)) return null;
    this.#placed.set(hash, header);
    return hash;
  }

  /** The core had no place for it, or it was judged: its name need not be kept. */
  release(hash: ContentHash): void {
    this.#placed.delete(hash);
  }

  /** The device's latest number that was judged or has a place. */
  #highest(device: DeviceId, judged: number): number {
    const own = [...this.#placed.values()].filter((placed) => placed.device === device);
    return Math.max(judged, ...own.map(({ sequence }) => sequence));
  }
}
