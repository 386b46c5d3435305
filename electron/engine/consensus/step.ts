import type { DeviceId } from '../../../shared/ids.ts';
import { assertNever, invariant } from '../../../shared/invariant.ts';
import { MAX_TERM_JUMP } from '../../../shared/limits.ts';
import { adjustElectorate, continueHandover, leaveMastership, startHandover } from './adjusting.ts';
import { onPreVoteReply, onTimeoutNow, onVoteReply, startPreVote } from './campaign.ts';
import { becomeFollower, closeDraft, type Draft, enterTerm, openDraft, setRole, violation } from './draft.ts';
import { onAppend } from './follower.ts';
import { askPeer, askPeers, onCommitted, onHave } from './learning.ts';
import { currentElectorate, lastPosition } from './log.ts';
import { becomeMaster, onAppendAccepted, onAppendRejected, onMasterLinkUp, onMasterTick, onPropose } from './master.ts';
import type { ConsensusMessage } from './messages.ts';
import { majorityIndex } from './quorum.ts';
import { heartbeatFor } from './replication.ts';
import { type ConsensusState, decidesAlone, masterOf, mayLead, reachesMajority } from './state.ts';
import { electionTimeout, observerTimeout } from './timing.ts';
import type { ConsensusEffect, ConsensusInput, Monotonic, Surroundings, Timing } from './types.ts';
import { onPreVoteRequest, onVoteRequest } from './voting.ts';

/** What a step gives: the next state, and what is to be done in this order (see `ConsensusEffect`). */
export interface StepResult {
  readonly state: ConsensusState;
  readonly effects: readonly ConsensusEffect[];
}

/**
 * The consensus core: Raft (Ongaro's thesis, chapters 3, 4, 6 and 9.6) with weighted votes, as a function of values. It reads
 * no clock and no randomness but what `surroundings` says, and leaves `state` as it is.
 */
export function step(state: ConsensusState, input: ConsensusInput, surroundings: Surroundings): StepResult {
  const draft = openDraft(state, surroundings);
  handle(draft, input);
  continueHandover(draft);
  leaveMastership(draft);
  while (adjustElectorate(draft));
  return closeDraft(draft);
}

/** Founds the group: the founder makes itself master of term 1, and its first entry makes it the only voter. */
export function foundGroup(state: ConsensusState, surroundings: Surroundings): StepResult {
  invariant(lastPosition(state.log).index === 0 && state.hard.term === 0, 'a group is founded only once');
  const draft = openDraft(state, surroundings);
  enterTerm(draft, 1, state.self);
  becomeMaster(draft, false);
  return closeDraft(draft);
}

function handle(draft: Draft, input: ConsensusInput): void {
  switch (input.type) {
    case 'tick':
      onTick(draft);
      return;
    case 'message':
      onMessage(draft, input.from, input.message);
      return;
    case 'propose':
      onPropose(draft, input.id, input.bytes);
      return;
    case 'link':
      if (input.state === 'up') onLinkUp(draft, input.device);
      else onLinkDown(draft, input.device);
      return;
    case 'transfer':
      startHandover(draft, input.to);
      return;
    case 'wantedElectorate':
      draft.state.wanted = input.electorate;
      return;
    case 'hold':
      onHold(draft, input.held);
      return;
    case 'timing':
      onTiming(draft, input.timing);
      return;
    default:
      assertNever(input);
      return;
  }
}

function onMessage(draft: Draft, from: DeviceId, message: ConsensusMessage): void {
  const { hard, self } = draft.state;
  if (message.generation !== hard.generation || from === self) return;
  const term = message.type === 'committed' ? Math.max(message.term, message.proof.term) : message.term;
  if (term > hard.term + MAX_TERM_JUMP) {
    violation(draft, from, 'termTooFar');
    return;
  }
  switch (message.type) {
    case 'preVoteRequest':
      onPreVoteRequest(draft, from, message);
      return;
    case 'preVoteReply':
      onPreVoteReply(draft, from, message);
      return;
    case 'voteRequest':
      onVoteRequest(draft, from, message);
      return;
    case 'voteReply':
      onVoteReply(draft, from, message);
      return;
    case 'append':
      onAppend(draft, from, message);
      return;
    case 'appendAccepted':
      onAppendAccepted(draft, from, message);
      return;
    case 'appendRejected':
      onAppendRejected(draft, from, message);
      return;
    case 'timeoutNow':
      onTimeoutNow(draft, from, message);
      return;
    case 'have':
      onHave(draft, from, message);
      return;
    case 'committed':
      onCommitted(draft, from, message);
      return;
    default:
      assertNever(message);
      return;
  }
}

function onTick(draft: Draft): void {
  const { state, at } = draft;
  if (state.role.kind === 'master') {
    onMasterTick(draft);
    return;
  }
  if (mayLead(state)) {
    if (at.now >= state.electionDueAt) startPreVote(draft);
  } else if (masterOf(state) !== null && at.now >= silentAt(state)) becomeFollower(draft, state.hard.term, null);
  if (masterOf(state) === null && at.now >= state.askPeersAt) askPeers(draft);
}

/** Held, a master steps down and learns from its peers like everybody without a master; set free, it need not wait. */
function onHold(draft: Draft, held: boolean): void {
  const { state, at } = draft;
  if (held === state.held) return;
  state.held = held;
  if (!held) {
    if (decidesAlone(state.log, state.self)) state.electionDueAt = at.now;
    return;
  }
  if (state.role.kind !== 'follower') becomeFollower(draft, state.hard.term, null);
  askPeers(draft);
}

/** A shorter timeout counts from now; a longer one from the next word of the master. */
function onTiming(draft: Draft, timing: Timing): void {
  const { state, at } = draft;
  state.timing = timing;
  state.electionDueAt = Math.min(state.electionDueAt, at.now + electionTimeout(timing, at.random));
}

/** When a device without weight no longer names its master. */
function silentAt(state: ConsensusState): Monotonic {
  return (state.role.kind === 'follower' ? state.role.heardAt : 0) + observerTimeout(state.timing);
}

function onLinkUp(draft: Draft, device: DeviceId): void {
  const { state, at } = draft;
  if (device === state.self) return;
  const reached = reachesMajority(state);
  state.links = new Set([...state.links, device]);
  if (state.role.kind === 'master') {
    onMasterLinkUp(draft, device);
    return;
  }
  askPeer(draft, device);
  // Nobody could have been elected from here until now: no need to wait for a whole timeout, only for a master's first word.
  if (!reached && reachesMajority(state) && masterOf(state) === null)
    state.electionDueAt = Math.min(state.electionDueAt, at.now + (1 + at.random) * state.timing.heartbeatMs);
}

/** The last link to the master going is a hint that it is dead: no holding on to it, and PreVote at once. */
function onLinkDown(draft: Draft, device: DeviceId): void {
  const { state } = draft;
  state.links = new Set([...state.links].filter((other) => other !== device));
  if (state.role.kind !== 'follower' || state.role.master !== device) return;
  setRole(draft, { kind: 'follower', master: null, heardAt: Number.NEGATIVE_INFINITY });
  if (mayLead(state)) startPreVote(draft);
  askPeers(draft);
}

/** When the next `tick` is due (this device's monotonic clock); ask again after every step. */
export function nextTickAt(state: ConsensusState): Monotonic {
  const { role } = state;
  if (role.kind === 'master') {
    let due = role.handover?.dueAt ?? Number.POSITIVE_INFINITY;
    for (const [device, known] of role.progress)
      if (state.links.has(device)) due = Math.min(due, known.sentAt + heartbeatFor(state, device));
    return Math.min(due, masterCheckAt(state));
  }
  const election = mayLead(state) ? state.electionDueAt : Number.POSITIVE_INFINITY;
  if (masterOf(state) === null) return Math.min(election, state.askPeersAt);
  return mayLead(state) ? election : silentAt(state);
}

/** When CheckQuorum could end the mastership at the earliest: an election timeout after a majority was last heard. */
function masterCheckAt(state: ConsensusState): Monotonic {
  const { role, self } = state;
  if (role.kind !== 'master') return Number.POSITIVE_INFINITY;
  const heardAt = (device: DeviceId): Monotonic =>
    device === self ? Number.POSITIVE_INFINITY : (role.progress.get(device)?.heardAt ?? role.since);
  return majorityIndex(currentElectorate(state.log), heardAt) + state.timing.electionMaxMs + 1;
}
