import type { DeviceId } from '../../../shared/ids.ts';
import { invariant } from '../../../shared/invariant.ts';
import { appendOwn, type Draft, send } from './draft.ts';
import { type Adjustment, adjusted, nextAdjustment } from './electorate.ts';
import { currentElectorate, electorateSince, lastPosition } from './log.ts';
import { shareNew } from './master.ts';
import { isMajority, majoritiesIntersect, totalWeight, votersOf, weightOf } from './quorum.ts';
import { masterRole, updateMaster } from './replication.ts';
import type { ConsensusState } from './state.ts';

/**
 * Goes one unit towards the wanted electorate: only when a `term.begin` of the own term and the adjustment before are
 * committed, and while devices that make a majority *after* it are connected and have what is committed. Answers whether it
 * went: where the own weight commits it at once, the next unit may follow.
 */
export function adjustElectorate(draft: Draft): boolean {
  const { state } = draft;
  const role = masterRole(state);
  if (role === null || role.handover !== null || state.wanted === null) return false;
  if (state.hard.commitIndex < Math.max(role.begin, electorateSince(state.log))) return false;
  const current = currentElectorate(state.log);
  const next = nextAdjustment(current, state.wanted, state.self);
  if (next === null || isOwnLastUnit(state, next)) return false;
  const after = adjusted(current, next);
  if (after === null || !isMajority(after, (device) => isReady(draft, device))) return false;
  invariant(
    majoritiesIntersect(current, after),
    'a majority before an adjustment has no device in common with one after it',
  );
  appendOwn(draft, { type: 'electorate.adjust', ...next });
  shareNew(draft);
  return true;
}

/** A master does not take its own last unit: it hands over, and its successor takes it. */
function isOwnLastUnit(state: ConsensusState, next: Adjustment): boolean {
  return next.by === -1 && next.device === state.self && weightOf(currentElectorate(state.log), state.self) === 1;
}

/** Whether a device is connected, answers, and has all that is committed. */
function isReady(draft: Draft, device: DeviceId): boolean {
  const { state, at } = draft;
  if (device === state.self) return true;
  const known = masterRole(state)?.progress.get(device);
  if (known === undefined || !state.links.has(device)) return false;
  return known.match >= state.hard.commitIndex && at.now - known.heardAt <= state.timing.electionMaxMs;
}

/** A master that the wanted electorate leaves out hands over as soon as another can hold the mastership. */
export function leaveMastership(draft: Draft): void {
  const { state, at } = draft;
  const role = masterRole(state);
  if (role === null || role.handover !== null || state.wanted === null || at.now < role.handoverRestUntil) return;
  if (state.hard.commitIndex < role.begin || totalWeight(state.wanted) === 0) return;
  if (weightOf(state.wanted, state.self) > 0) return;
  const wanted = state.wanted;
  const current = currentElectorate(state.log);
  const heirs = votersOf(current).filter((device) => weightOf(wanted, device) > 0 && isReady(draft, device));
  heirs.sort((a, b) => weightOf(current, b) - weightOf(current, a));
  const heir = heirs[0];
  if (heir !== undefined) startHandover(draft, heir);
}

/** Hands the mastership to a voter that answers (thesis, 3.10); proposals are refused until it is done or given up. */
export function startHandover(draft: Draft, to: DeviceId): void {
  const { state, at } = draft;
  const role = masterRole(state);
  if (role === null || role.handover !== null || to === state.self || state.hard.commitIndex < role.begin) return;
  if (weightOf(currentElectorate(state.log), to) === 0 || !isReady(draft, to)) return;
  updateMaster(draft, { handover: { to, dueAt: at.now + state.timing.electionMaxMs, asked: false } });
  continueHandover(draft);
}

/** Asks the heir to stand as soon as it has the whole log; gives up after an election timeout. */
export function continueHandover(draft: Draft): void {
  const { state, at } = draft;
  const role = masterRole(state);
  if (role === null || role.handover === null) return;
  const { handover } = role;
  if (at.now >= handover.dueAt) {
    updateMaster(draft, { handover: null, handoverRestUntil: at.now + state.timing.electionMaxMs });
    return;
  }
  if (handover.asked || role.progress.get(handover.to)?.match !== lastPosition(state.log).index) return;
  updateMaster(draft, { handover: { ...handover, asked: true } });
  send(draft, handover.to, { type: 'timeoutNow' });
}
