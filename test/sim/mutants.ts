import { appendOwn, closeDraft, openDraft } from '../../electron/engine/consensus/draft.ts';
import { nextAdjustment } from '../../electron/engine/consensus/electorate.ts';
import { currentElectorate } from '../../electron/engine/consensus/log.ts';
import { shareNew } from '../../electron/engine/consensus/master.ts';
import { type StepResult, step } from '../../electron/engine/consensus/step.ts';
import type { ConsensusEffect } from '../../electron/engine/consensus/types.ts';
import { type Behaviour, HEALTHY } from './sim-node.ts';

/** Forgets, when it is asked for a vote, that it has already given one in this term. */
const voteTwice: Behaviour = {
  ...HEALTHY,
  step(state, input, at) {
    const asked = input.type === 'message' && input.message.type === 'voteRequest';
    const forgetful = asked && state.role.kind !== 'master';
    return step(forgetful ? { ...state, hard: { ...state.hard, votedFor: null } } : state, input, at);
  },
};

/** Votes for a device whatever its log lacks. */
const voteForShortLogs: Behaviour = {
  ...HEALTHY,
  step(state, input, at) {
    if (input.type !== 'message') return step(state, input, at);
    const { message } = input;
    if (message.type !== 'voteRequest' && message.type !== 'preVoteRequest') return step(state, input, at);
    const last = { index: Number.MAX_SAFE_INTEGER, term: Number.MAX_SAFE_INTEGER };
    return step(state, { ...input, message: { ...message, last } }, at);
  },
};

/** Sends, acknowledges and applies before the flush is done. */
const acknowledgeBeforeFlush: Behaviour = { ...HEALTHY, sendsBeforeFlush: true };

/** Moves a second unit right behind the first, without waiting for that to be committed. */
const twoUnitsAtOnce: Behaviour = {
  ...HEALTHY,
  step(state, input, at) {
    const once = step(state, input, at);
    const last = once.state.log.entries.at(-1);
    const adjusts =
      last?.body.type === 'electorate.adjust' && last.master === state.self && once.state.log !== state.log;
    if (!adjusts || once.state.role.kind !== 'master' || once.state.wanted === null) return once;
    const next = nextAdjustment(currentElectorate(once.state.log), once.state.wanted, state.self);
    if (next === null) return once;
    const draft = openDraft(once.state, at);
    appendOwn(draft, { type: 'electorate.adjust', ...next });
    shareNew(draft);
    return joined(once, closeDraft(draft));
  },
};

/** Two steps as one: what both persist goes first, in one write. */
function joined(a: StepResult, b: StepResult): StepResult {
  const persists = [...a.effects, ...b.effects].filter((effect) => effect.type === 'persist');
  const others = [...a.effects, ...b.effects].filter((effect) => effect.type !== 'persist');
  const persist: ConsensusEffect = {
    type: 'persist',
    hardState: b.state.hard,
    truncateFrom: persists.find((effect) => effect.truncateFrom !== null)?.truncateFrom ?? null,
    entries: persists.flatMap((effect) => effect.entries),
    proof: b.state.proof,
  };
  return { state: b.state, effects: [persist, ...others] };
}

/** Cores with one rule broken on purpose: the checker must find each. */
export const MUTANTS = { voteTwice, voteForShortLogs, acknowledgeBeforeFlush, twoUnitsAtOnce };
