import type { DeviceId } from '../../../shared/ids.ts';
import { MAX_APPEND_ENTRIES } from '../../../shared/limits.ts';
import { becomeFollower, type Draft, send, setRole, violation } from './draft.ts';
import { reportContradiction } from './learning.ts';
import { firstIndexOfTerm, lastPosition, positionAt, tailOf } from './log.ts';
import type { ConsensusMessage } from './messages.ts';
import { takeRun } from './run.ts';
import { type ConsensusState, masterOf } from './state.ts';
import { electionTimeout } from './timing.ts';

type MessageOf<Type extends ConsensusMessage['type']> = Extract<ConsensusMessage, { type: Type }>;

/**
 * Takes a master's entries and its proof of what is committed (thesis, 3.5); what is acknowledged is durable before that
 * leaves. A sender is followed once the log shows that it began the term: whoever has no weight can say that it is master,
 * but cannot make that entry.
 */
export function onAppend(draft: Draft, from: DeviceId, message: MessageOf<'append'>): void {
  const { state } = draft;
  if (message.term < state.hard.term) {
    send(draft, from, { type: 'appendRejected', rejected: message.previous.index, hint: state.hard.commitIndex });
    return;
  }
  if (message.term === state.hard.term && (masterOf(state) ?? from) !== from) {
    violation(draft, from, 'secondMasterInTerm');
    return;
  }
  if (message.entries.length > MAX_APPEND_ENTRIES) {
    violation(draft, from, 'batchTooLarge');
    return;
  }
  if (message.term > state.hard.term) becomeFollower(draft, message.term, null);
  takeAppend(draft, from, message);
  if (masterOf(state) === from || beganTerm(state, from)) hearMaster(draft, from);
}

/** Whether the log ends in an entry that the device made as master of the present term. */
function beganTerm(state: ConsensusState, device: DeviceId): boolean {
  const { last, master } = tailOf(state.log);
  return last.term === state.hard.term && master === device;
}

/** Follows `master`, and notes that it is alive. */
function hearMaster(draft: Draft, master: DeviceId): void {
  const { state, at } = draft;
  setRole(draft, { kind: 'follower', master, heardAt: at.now });
  state.electionDueAt = at.now + electionTimeout(state.timing, at.random);
  state.lastMaster = { device: master, heardAt: at.now, preVoteAt: null };
}

function takeAppend(draft: Draft, from: DeviceId, message: MessageOf<'append'>): void {
  const { state } = draft;
  const { previous } = message;
  const { commitIndex } = state.hard;
  const own = positionAt(state.log, previous.index);
  if (own?.hash !== previous.hash) {
    if (own !== undefined && previous.index <= commitIndex) {
      reportContradiction(draft, from, own);
      return;
    }
    const agreed = own === undefined ? lastPosition(state.log).index : firstIndexOfTerm(state.log, own.index) - 1;
    const hint = Math.max(commitIndex, Math.min(agreed, previous.index - 1));
    send(draft, from, { type: 'appendRejected', rejected: previous.index, hint });
    return;
  }
  const match = takeRun(draft, from, message, message.term);
  // Nothing to say where nothing was taken: the same would only come again at once.
  if (match !== null && (match > previous.index || message.entries.length === 0))
    send(draft, from, { type: 'appendAccepted', match });
}
