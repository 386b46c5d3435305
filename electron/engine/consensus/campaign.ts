import type { DeviceId } from '../../../shared/ids.ts';
import { becomeFollower, type Draft, enterTerm, send, setRole } from './draft.ts';
import { currentElectorate, lastPosition, tailOf } from './log.ts';
import { becomeMaster } from './master.ts';
import type { ConsensusMessage } from './messages.ts';
import { isMajority, votersOf } from './quorum.ts';
import { type ConsensusState, type LastMaster, mayLead, reachesMajority } from './state.ts';
import { electionTimeout } from './timing.ts';

type MessageOf<Type extends ConsensusMessage['type']> = Extract<ConsensusMessage, { type: Type }>;

/**
 * Asks whether an election could be won, before it disturbs anybody (PreVote, thesis 9.6). A device that does not reach a
 * majority asks nobody, and waits.
 */
export function startPreVote(draft: Draft): void {
  const { state, at } = draft;
  if (!mayLead(state) || !reachesMajority(state)) {
    becomeFollower(draft, state.hard.term, null);
    return;
  }
  state.electionDueAt = at.now + electionTimeout(state.timing, at.random);
  const last = state.lastMaster ?? masterInLog(state);
  if (last !== null && last.preVoteAt === null) state.lastMaster = { ...last, preVoteAt: at.now };
  const granted = new Set([state.self]);
  setRole(draft, { kind: 'preCandidate', granted });
  if (isMajority(currentElectorate(state.log), (device) => granted.has(device))) {
    startElection(draft, false);
    return;
  }
  askVoters(draft, (voter) =>
    send(draft, voter, { type: 'preVoteRequest', last: positionOf(draft) }, state.hard.term + 1),
  );
}

/** The master of the last entry, for a device that has heard none since it started: seen last when that came, or at the start. */
function masterInLog(state: ConsensusState): LastMaster | null {
  const { master } = tailOf(state.log);
  return master === null ? null : { device: master, heardAt: state.stampSeenAt, preVoteAt: null };
}

/** Counts an answer; with a majority the election begins. */
export function onPreVoteReply(draft: Draft, from: DeviceId, message: MessageOf<'preVoteReply'>): void {
  const { state } = draft;
  if (!message.granted && message.term > state.hard.term) {
    becomeFollower(draft, message.term, null);
    return;
  }
  if (state.role.kind !== 'preCandidate' || !message.granted || message.term !== state.hard.term + 1) return;
  const granted = new Set([...state.role.granted, from]);
  setRole(draft, { kind: 'preCandidate', granted });
  if (isMajority(currentElectorate(state.log), (device) => granted.has(device))) startElection(draft, false);
}

/** Stands for the next term with the own vote (thesis, 3.4). */
function startElection(draft: Draft, handover: boolean): void {
  const { state, at } = draft;
  enterTerm(draft, state.hard.term + 1, state.self);
  state.electionDueAt = at.now + electionTimeout(state.timing, at.random);
  const granted = new Set([state.self]);
  setRole(draft, { kind: 'candidate', granted, handover });
  if (isMajority(currentElectorate(state.log), (device) => granted.has(device))) {
    becomeMaster(draft, handover);
    return;
  }
  askVoters(draft, (voter) => send(draft, voter, { type: 'voteRequest', last: positionOf(draft), handover }));
}

/** Counts a vote; with a majority this device is master. */
export function onVoteReply(draft: Draft, from: DeviceId, message: MessageOf<'voteReply'>): void {
  const { state } = draft;
  if (message.term > state.hard.term) {
    becomeFollower(draft, message.term, null);
    return;
  }
  if (state.role.kind !== 'candidate' || !message.granted || message.term !== state.hard.term) return;
  const { handover } = state.role;
  const granted = new Set([...state.role.granted, from]);
  setRole(draft, { kind: 'candidate', granted, handover });
  if (isMajority(currentElectorate(state.log), (device) => granted.has(device))) becomeMaster(draft, handover);
}

/** The master hands over: stand at once, without PreVote (thesis, 3.10). */
export function onTimeoutNow(draft: Draft, from: DeviceId, message: MessageOf<'timeoutNow'>): void {
  const { state } = draft;
  if (message.term !== state.hard.term || state.role.kind !== 'follower' || state.role.master !== from) return;
  if (mayLead(state)) startElection(draft, true);
}

function positionOf(draft: Draft): { index: number; term: number } {
  const { index, term } = lastPosition(draft.state.log);
  return { index, term };
}

function askVoters(draft: Draft, ask: (voter: DeviceId) => void): void {
  for (const voter of votersOf(currentElectorate(draft.state.log))) if (voter !== draft.state.self) ask(voter);
}
