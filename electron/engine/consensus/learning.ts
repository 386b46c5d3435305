import type { DeviceId } from '../../../shared/ids.ts';
import { MAX_APPEND_ENTRIES } from '../../../shared/limits.ts';
import { becomeFollower, type Draft, send, violation, writeEntries } from './draft.ts';
import { isRun, judgeEntries, proves, takeProof } from './follower.ts';
import { batch, entryAt, lastPosition, positionAt } from './log.ts';
import type { ConsensusMessage } from './messages.ts';
import { BATCH_BOUNDS } from './replication.ts';
import { masterOf } from './state.ts';

type MessageOf<Type extends ConsensusMessage['type']> = Extract<ConsensusMessage, { type: Type }>;

/** Without a master, asks a peer for what it knows to be committed. */
export function askPeer(draft: Draft, peer: DeviceId): void {
  const { state } = draft;
  if (masterOf(state) !== null) return;
  send(draft, peer, { type: 'have', last: lastPosition(state.log), commitIndex: state.hard.commitIndex });
}

/** Asks all peers, and notes when to ask again. */
export function askPeers(draft: Draft): void {
  draft.state.askPeersAt = draft.at.now + draft.state.timing.electionMaxMs;
  for (const peer of draft.state.links) askPeer(draft, peer);
}

/** Sends a peer what is proven to be committed and what it lacks. The master does not: it replicates to all anyway. */
export function onHave(draft: Draft, from: DeviceId, message: MessageOf<'have'>): void {
  const { state } = draft;
  const { proof } = state;
  if (state.role.kind === 'master' || proof === null || proof.index <= message.commitIndex) return;
  const agreed = message.last.index <= proof.index ? message.last : null;
  const shared = agreed !== null && positionAt(state.log, agreed.index)?.hash === agreed.hash;
  const previous = shared ? agreed : positionAt(state.log, message.commitIndex);
  if (previous === undefined || previous === null) return;
  const entries = batch(state.log, previous.index + 1, proof.index, BATCH_BOUNDS);
  send(draft, from, { type: 'committed', previous, entries, proof });
}

/**
 * Takes committed entries from a peer that is not the master. Entries that reach the proof are committed, so they may replace
 * what was never committed here; a part that does not reach it is only ever added at the end: nothing that this device may
 * have acknowledged to a master is dropped on an unproven word.
 */
export function onCommitted(draft: Draft, from: DeviceId, message: MessageOf<'committed'>): void {
  const { state } = draft;
  const { previous, proof } = message;
  if (message.entries.length > MAX_APPEND_ENTRIES) {
    violation(draft, from, 'batchTooLarge');
    return;
  }
  if (proof.index <= state.hard.commitIndex || positionAt(state.log, previous.index)?.hash !== previous.hash) return;
  if (state.role.kind === 'master' && proof.term <= state.hard.term) return;
  const own = entryAt(state.log, proof.index);
  if (own !== undefined && proves(proof, own)) {
    takeProof(draft, from, proof, proof.index);
    return;
  }
  const entries = message.entries.filter((entry) => entry.index <= proof.index);
  if (!isRun(entries, previous.index, proof.term)) {
    violation(draft, from, 'entryOutOfOrder');
    return;
  }
  const judged = judgeEntries(state.log, entries, state.hard.commitIndex, state.hard.generation);
  if (judged.kind === 'breaks') {
    violation(draft, from, judged.rule);
    return;
  }
  const end = judged.fresh.find((entry) => entry.index === proof.index);
  if (end !== undefined && !proves(proof, end)) {
    violation(draft, from, 'proofContradictsLog');
    return;
  }
  if (judged.replaces && end === undefined) return;
  if (proof.term > state.hard.term) becomeFollower(draft, proof.term, null);
  writeEntries(draft, judged.fresh);
  if (end !== undefined) takeProof(draft, from, proof, proof.index);
  else if (judged.fresh.length > 0) askPeer(draft, from);
}
