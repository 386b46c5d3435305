import type { DeviceId } from '../../../shared/ids.ts';
import { MAX_APPEND_ENTRIES } from '../../../shared/limits.ts';
import { type Draft, enterTerm, send, violation } from './draft.ts';
import type { HashedPosition, Term } from './entry.ts';
import { batch, entryAt, lastPosition, positionAt } from './log.ts';
import type { ConsensusMessage } from './messages.ts';
import { BATCH_BOUNDS } from './replication.ts';
import { proves, takeProof, takeRun } from './run.ts';
import { decidesAlone, masterOf } from './state.ts';
import { electionTimeout } from './timing.ts';

type MessageOf<Type extends ConsensusMessage['type']> = Extract<ConsensusMessage, { type: Type }>;

/** Without a master, asks a peer for what it knows to be committed after `last`, which both are thought to have. */
export function askPeer(draft: Draft, peer: DeviceId, last: HashedPosition = lastPosition(draft.state.log)): void {
  const { state } = draft;
  if (masterOf(state) !== null) return;
  send(draft, peer, { type: 'have', last, commitIndex: state.hard.commitIndex });
}

/** Asks all peers, and notes when to ask again. */
export function askPeers(draft: Draft): void {
  draft.state.askPeersAt = draft.at.now + draft.state.timing.electionMaxMs;
  for (const peer of draft.state.links) askPeer(draft, peer);
}

/**
 * A device that decides alone, or is held, may have been put back to an earlier state: then the others know more than it does.
 * It goes on above their terms, and stands only once one of them has shown that it knows of nothing more.
 */
function heed(draft: Draft, message: { readonly term: Term }): void {
  const { state } = draft;
  const unsure = state.held || decidesAlone(state.log, state.self);
  if (unsure && masterOf(state) === null && message.term > state.hard.term) enterTerm(draft, message.term, null);
}

/** A peer knows of nothing more that is committed: who needs nobody's vote need not wait any longer. */
function standAlone(draft: Draft): void {
  const { state, at } = draft;
  if (masterOf(state) === null && decidesAlone(state.log, state.self))
    state.electionDueAt = Math.min(state.electionDueAt, at.now);
}

/** Sends a peer what is proven to be committed and what it lacks. The master does not: it replicates to all anyway. */
export function onHave(draft: Draft, from: DeviceId, message: MessageOf<'have'>): void {
  const { state } = draft;
  const { proof } = state;
  heed(draft, message);
  if (message.commitIndex <= state.hard.commitIndex) standAlone(draft);
  if (state.role.kind === 'master' || proof === null || proof.index <= message.commitIndex) return;
  const agreed = message.last.index <= proof.index ? message.last : null;
  const shared = agreed !== null && positionAt(state.log, agreed.index)?.hash === agreed.hash;
  const previous = shared ? agreed : positionAt(state.log, message.commitIndex);
  if (previous === undefined || previous === null) return;
  const entries = batch(state.log, previous.index + 1, proof.index, BATCH_BOUNDS);
  send(draft, from, { type: 'committed', previous, entries, proof });
}

/** A peer goes by another entry than the committed one at `own`: it is shown that one, since its user has to know as well. */
export function reportContradiction(draft: Draft, from: DeviceId, own: HashedPosition): void {
  violation(draft, from, 'contradictsCommitted');
  const { proof } = draft.state;
  if (proof !== null) send(draft, from, { type: 'committed', previous: own, entries: [], proof });
}

/** Takes committed entries from a peer that is not the master, and asks for the rest where they do not reach the proof. */
export function onCommitted(draft: Draft, from: DeviceId, message: MessageOf<'committed'>): void {
  const { state, at } = draft;
  const { previous, proof } = message;
  heed(draft, message);
  if (message.entries.length > MAX_APPEND_ENTRIES) {
    violation(draft, from, 'batchTooLarge');
    return;
  }
  const here = positionAt(state.log, previous.index);
  if (here !== undefined && here.hash !== previous.hash && here.index <= state.hard.commitIndex) {
    // Without entries it is the answer to such a report.
    if (message.entries.length > 0) reportContradiction(draft, from, here);
    else violation(draft, from, 'contradictsCommitted');
    return;
  }
  if (here?.hash !== previous.hash || proof.index <= state.hard.commitIndex) return;
  if (state.role.kind === 'master' && proof.term <= state.hard.term) return;
  const own = entryAt(state.log, proof.index);
  if (own !== undefined && proves(proof, own)) {
    if (takeProof(draft, from, proof, proof.index)) standAlone(draft);
    return;
  }
  const entries = message.entries.filter((entry) => entry.index <= proof.index);
  const match = takeRun(draft, from, { previous, entries, proof }, proof.term);
  if (state.hard.commitIndex >= proof.index) standAlone(draft);
  else if (match !== null && match > previous.index) {
    askPeer(draft, from, positionAt(state.log, match));
    state.electionDueAt = Math.max(state.electionDueAt, at.now + electionTimeout(state.timing, at.random));
  }
}
