import type { DeviceId, EntryHash } from '../../../shared/ids.ts';

/** Counts elections within a generation; 0 before the first. */
export type Term = number;
/** Place in the log, from 1; 0 is before the first entry. */
export type LogIndex = number;
/** Where an entry is and which term's master made it: what elections compare (Raft thesis, 3.6.1). */
export interface LogPosition {
  readonly index: LogIndex;
  readonly term: Term;
}

/** A position together with the hash of the entry there, which stands for the whole log up to it. */
export interface HashedPosition extends LogPosition {
  readonly hash: EntryHash;
}

/** What an entry says. The bytes of an operation are opaque here: the reducer judges them once they are committed. */
export type EntryBody =
  | { readonly type: 'term.begin' }
  | { readonly type: 'electorate.adjust'; readonly device: DeviceId; readonly by: 1 | -1 }
  | { readonly type: 'operation'; readonly bytes: Uint8Array };

/** An entry before its master has signed it. */
export interface EntryDraft extends LogPosition {
  readonly generation: number;
  readonly previousHash: EntryHash;
  /** Milliseconds since 1970: max(the master's clock, the predecessor's stamp + the time since the master saw that), MAX_STAMP at most. */
  readonly stamp: number;
  readonly master: DeviceId;
  readonly body: EntryBody;
}

/** A signed entry: `bytes` are what was signed and are stored and sent as they are, `hash` is their BLAKE3. */
export interface LogEntry extends EntryDraft, HashedPosition {
  readonly bytes: Uint8Array;
}

/** A master's signed word that everything up to this position is committed; `term` is the term of the entry there. */
export interface CommitProof extends HashedPosition {
  readonly generation: number;
  readonly master: DeviceId;
  /** The signed bytes, as they are stored and sent. */
  readonly bytes: Uint8Array;
}
