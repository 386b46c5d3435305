import type { DeviceId } from '../../../shared/ids.ts';
import { becomeFollower, type Draft, enterTerm, send } from './draft.ts';
import type { LogPosition } from './entry.ts';
import { lastPosition } from './log.ts';
import type { ConsensusMessage } from './messages.ts';
import { electionTimeout } from './timing.ts';

type MessageOf<Type extends ConsensusMessage['type']> = Extract<ConsensusMessage, { type: Type }>;

/** Whether a log that ends at `a` is at least as up to date as one that ends at `b` (thesis, 3.6.1). */
export function isUpToDate(a: LogPosition, b: LogPosition): boolean {
  return a.term !== b.term ? a.term > b.term : a.index >= b.index;
}

/** A voter that hears its master holds on to it, as does a master that still has its majority (thesis, 4.2.3). */
function holdsOn(draft: Draft): boolean {
  const { role, timing } = draft.state;
  if (role.kind === 'master') return true;
  return role.kind === 'follower' && role.master !== null && draft.at.now - role.heardAt < timing.electionMinMs;
}

/**
 * Answers whether this device would vote for the sender in `message.term` (thesis, 9.6). Of two devices that ask at the
 * same time the one with the better log, then the higher id, goes on: the other withdraws, so the vote is not split.
 */
export function onPreVoteRequest(draft: Draft, from: DeviceId, message: MessageOf<'preVoteRequest'>): void {
  const { state } = draft;
  const own = lastPosition(state.log);
  const willing = !state.held && !holdsOn(draft);
  const granted = willing && message.term > state.hard.term && isUpToDate(message.last, own);
  if (!granted) {
    send(draft, from, { type: 'preVoteReply', granted: false });
    return;
  }
  const better = !isUpToDate(own, message.last) || from > state.self;
  if (state.role.kind === 'preCandidate' && better) becomeFollower(draft, state.hard.term, null);
  send(draft, from, { type: 'preVoteReply', granted: true }, message.term);
}

/** Votes, once per term, for a device whose log is up to date (thesis, 3.4); the vote is durable before it leaves. */
export function onVoteRequest(draft: Draft, from: DeviceId, message: MessageOf<'voteRequest'>): void {
  const { state, at } = draft;
  if (state.held) return;
  if (message.term > state.hard.term) {
    if (holdsOn(draft) && !message.handover) return;
    becomeFollower(draft, message.term, null);
  }
  const { hard } = draft.state;
  const free = hard.votedFor === null || hard.votedFor === from;
  const granted = message.term === hard.term && free && isUpToDate(message.last, lastPosition(state.log));
  if (granted) {
    enterTerm(draft, message.term, from);
    state.electionDueAt = at.now + electionTimeout(state.timing, at.random);
  }
  send(draft, from, { type: 'voteReply', granted });
}
