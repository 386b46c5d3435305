import type { CommitProof, HashedPosition, LogEntry, LogIndex, LogPosition, Term } from './entry.ts';

/** What every message says first: the sender's place in history. `term` is the sender's own, but for a PreVote. */
interface Stamped {
  readonly generation: number;
  readonly term: Term;
}

/**
 * What devices say to each other about the log (Raft thesis, chapters 3, 4 and 9.6). Links are authenticated, so who
 * sends is known from the link and is not repeated here.
 */
export type ConsensusMessage =
  /** Would you vote for me in `term` (one above my own)? Changes nothing at either side. */
  | (Stamped & { readonly type: 'preVoteRequest'; readonly last: LogPosition })
  | (Stamped & { readonly type: 'preVoteReply'; readonly granted: boolean })
  /** `handover`: the old master asked for this election, so nobody holds on to it. */
  | (Stamped & { readonly type: 'voteRequest'; readonly last: LogPosition; readonly handover: boolean })
  | (Stamped & { readonly type: 'voteReply'; readonly granted: boolean })
  /** Entries after `previous`, or none: a heartbeat. `proof`, the newest that the master has, alone says what is committed. */
  | (Stamped & {
      readonly type: 'append';
      readonly previous: HashedPosition;
      readonly entries: readonly LogEntry[];
      readonly proof: CommitProof | null;
    })
  /** The log is the master's up to `match`. */
  | (Stamped & { readonly type: 'appendAccepted'; readonly match: LogIndex })
  /** `previous` of the append is not in this log; the master may go on after `hint`. */
  | (Stamped & { readonly type: 'appendRejected'; readonly rejected: LogIndex; readonly hint: LogIndex })
  /** Start an election at once: the master hands over (thesis, 3.10). */
  | (Stamped & { readonly type: 'timeoutNow' })
  /** To any peer while no master is heard: this is what we may share; send what is committed beyond it. */
  | (Stamped & { readonly type: 'have'; readonly last: HashedPosition; readonly commitIndex: LogIndex })
  /** Committed entries after `previous`, with the proof that they are; they may end before it where there are many. */
  | (Stamped & {
      readonly type: 'committed';
      readonly previous: HashedPosition;
      readonly entries: readonly LogEntry[];
      readonly proof: CommitProof;
    });
