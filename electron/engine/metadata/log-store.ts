import { failure } from '../../../shared/errors.ts';
import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import { decodeValue, encodeValue } from '../bytes/codec.ts';
import { openCommitProof } from '../bytes/commit-proof.ts';
import { fromHex } from '../bytes/hex.ts';
import { isBytes, isCount, openLogEntry, parseDevice } from '../bytes/log-entry.ts';
import type { CommitProof, LogEntry, LogIndex } from '../consensus/entry.ts';
import { firstUnfit } from '../consensus/entry-rules.ts';
import { FRESH_HARD_STATE } from '../consensus/state.ts';
import type { ConsensusEffect, HardState } from '../consensus/types.ts';
import type { Reader, Store } from '../ports/store.ts';
import { groupRow, HARD_TABLE, LOG_TABLE, numberedRow } from './tables.ts';

/** Version of the row that holds the hard state. */
const HARD_VERSION = 1;

/** What the disk holds of a group's log. */
export interface StoredLog {
  readonly hardState: HardState;
  readonly entries: readonly LogEntry[];
  readonly proof: CommitProof | null;
}

/**
 * Reads the log at the start and believes nothing: every entry's signature, that it may follow the one before it, and that
 * hard state and log fit together. Throws `log-damaged`; then this device takes no part, and its user can join
 * anew: a voter that forgot what it had acknowledged would put at risk what the others decided.
 */
export function loadLog(reader: Reader, group: GroupId): StoredLog {
  const entries: LogEntry[] = [];
  for (const { key, value } of reader.range(LOG_TABLE, { prefix: `${group}/` })) {
    const entry = openLogEntry(group, value);
    const index = entries.length + 1;
    if (entry === null || key !== numberedRow(group, index)) throw damaged(`entry ${index}`);
    entries.push(entry);
  }
  const { hardState, proof } = loadHard(reader, group, entries.length > 0);
  const unfit = firstUnfit({ group, base: null, entries, hardState });
  if (unfit !== null) throw damaged(`entry ${unfit}`);
  const last = entries.at(-1);
  if (hardState.commitIndex > entries.length || hardState.term < (last?.term ?? 0)) throw damaged('hard state');
  if (proof !== null && entries[proof.index - 1]?.hash !== proof.hash) throw damaged('commit proof');
  return { hardState, entries, proof };
}

function loadHard(
  reader: Reader,
  group: GroupId,
  expected: boolean,
): { readonly hardState: HardState; readonly proof: CommitProof | null } {
  const bytes = reader.get(HARD_TABLE, groupRow(group));
  if (bytes === undefined) {
    if (expected) throw damaged('hard state');
    return { hardState: FRESH_HARD_STATE, proof: null };
  }
  const value = decodeValue(bytes);
  if (!Array.isArray(value) || value.length !== 6 || value[0] !== HARD_VERSION) throw damaged('hard state');
  const [, generation, term, vote, commitIndex, proofBytes]: unknown[] = value;
  const votedFor = vote === null ? null : parseDevice(vote);
  if (!isCount(generation) || !isCount(term) || !isCount(commitIndex) || (vote !== null && votedFor === null)) {
    throw damaged('hard state');
  }
  const hardState: HardState = { generation, term, votedFor, commitIndex };
  if (proofBytes === null) return { hardState, proof: null };
  const proof = isBytes(proofBytes) ? openCommitProof(group, proofBytes) : null;
  if (proof === null) throw damaged('commit proof');
  return { hardState, proof };
}

/**
 * Carries out a `persist` in one transaction that is durable when this returns; the log then ends at `lastIndex`. Whatever lies
 * beyond goes, also what a transaction left there that failed and was durable all the same.
 */
export function persistLog(
  store: Store,
  group: GroupId,
  effect: Extract<ConsensusEffect, { readonly type: 'persist' }>,
  proof: CommitProof | null,
  lastIndex: LogIndex,
): void {
  const { hardState, entries } = effect;
  store.transaction((tx) => {
    const beyond = { prefix: `${group}/`, from: numberedRow(group, lastIndex + 1) };
    for (const { key } of [...tx.range(LOG_TABLE, beyond)]) tx.remove(LOG_TABLE, key);
    for (const entry of entries) tx.put(LOG_TABLE, numberedRow(group, entry.index), entry.bytes);
    const voted: DeviceId | null = hardState.votedFor;
    const row = [
      HARD_VERSION,
      hardState.generation,
      hardState.term,
      voted === null ? null : fromHex(voted),
      hardState.commitIndex,
      proof?.bytes ?? null,
    ];
    tx.put(HARD_TABLE, groupRow(group), encodeValue(row));
  });
}

function damaged(what: string): Error {
  return failure('log-damaged', `The group's log on this disk is damaged (${what})`);
}
