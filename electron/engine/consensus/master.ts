import type { DeviceId } from '../../../shared/ids.ts';
import { MAX_OPERATION_BYTES, MAX_UNCOMMITTED_ENTRIES } from '../../../shared/limits.ts';
import { appendOwn, becomeFollower, commitTo, type Draft, keepProof, setRole } from './draft.ts';
import { currentElectorate, entryAt, lastPosition } from './log.ts';
import type { ConsensusMessage } from './messages.ts';
import { isMajority, majorityIndex } from './quorum.ts';
import {
  broadcast,
  freshProgress,
  masterRole,
  sendAppend,
  sendHeartbeats,
  sendNew,
  setProgress,
  updateMaster,
} from './replication.ts';
import { type ConsensusState, masterOf, type PendingFailover, type Progress } from './state.ts';
import type { RefusalReason } from './types.ts';

type MessageOf<Type extends ConsensusMessage['type']> = Extract<ConsensusMessage, { type: Type }>;

/** Begins a term as its master with an entry of its own, which alone lets it commit what came before (thesis, 3.6.2). */
export function becomeMaster(draft: Draft, handover: boolean): void {
  const { state, at } = draft;
  const failover = handover ? null : pendingFailover(draft);
  const next = lastPosition(state.log).index + 1;
  const progress = new Map<DeviceId, Progress>();
  for (const device of state.links) progress.set(device, freshProgress(next, at.now));
  setRole(draft, {
    kind: 'master',
    since: at.now,
    begin: next,
    progress,
    handover: null,
    handoverRestUntil: at.now,
    failover,
  });
  state.lastMaster = { device: state.self, heardAt: at.now, preVoteAt: null };
  appendOwn(draft, { type: 'term.begin' });
  for (const device of state.links) sendAppend(draft, device, true);
  advanceCommit(draft);
}

function pendingFailover(draft: Draft): PendingFailover | null {
  const { lastMaster, self } = draft.state;
  if (lastMaster === null || lastMaster.device === self || lastMaster.preVoteAt === null) return null;
  return {
    from: lastMaster.device,
    detectMs: lastMaster.preVoteAt - lastMaster.heardAt,
    electMs: draft.at.now - lastMaster.preVoteAt,
  };
}

/** Gives an operation its place, or says why not. The master orders; whether it takes effect is the reducer's to say. */
export function onPropose(draft: Draft, id: string, bytes: Uint8Array): void {
  const reason = whyRefused(draft.state, bytes);
  if (reason !== null) {
    draft.effects.push({ type: 'refused', id, reason, master: masterOf(draft.state) });
    return;
  }
  const entry = appendOwn(draft, { type: 'operation', bytes });
  draft.effects.push({ type: 'appended', id, position: { index: entry.index, term: entry.term } });
  shareNew(draft);
}

function whyRefused(state: ConsensusState, bytes: Uint8Array): RefusalReason | null {
  const role = masterRole(state);
  if (role === null) return 'notMaster';
  if (role.handover !== null) return 'handingOver';
  if (bytes.byteLength > MAX_OPERATION_BYTES) return 'tooLarge';
  return lastPosition(state.log).index - state.hard.commitIndex >= MAX_UNCOMMITTED_ENTRIES ? 'busy' : null;
}

/** Sends what was just appended to all, and commits it where the own weight is enough. */
export function shareNew(draft: Draft): void {
  for (const device of masterRole(draft.state)?.progress.keys() ?? []) sendNew(draft, device);
  advanceCommit(draft);
}

/** A device has the master's log up to `match`. */
export function onAppendAccepted(draft: Draft, from: DeviceId, message: MessageOf<'appendAccepted'>): void {
  if (isFromLaterTerm(draft, message)) return;
  const known = masterRole(draft.state)?.progress.get(from);
  if (known === undefined || message.term !== draft.state.hard.term) return;
  const match = Math.max(known.match, Math.min(message.match, lastPosition(draft.state.log).index));
  setProgress(draft, from, {
    ...known,
    mode: 'streaming',
    match,
    next: Math.max(known.next, match + 1),
    heardAt: draft.at.now,
  });
  advanceCommit(draft);
  sendNew(draft, from);
}

/** A device's log differs at `rejected`: go back and try there, one append at a time. */
export function onAppendRejected(draft: Draft, from: DeviceId, message: MessageOf<'appendRejected'>): void {
  if (isFromLaterTerm(draft, message)) return;
  const known = masterRole(draft.state)?.progress.get(from);
  if (known === undefined || message.term !== draft.state.hard.term) return;
  const heard = { ...known, heardAt: draft.at.now };
  const end = lastPosition(draft.state.log).index + 1;
  const stale = message.rejected <= known.match || (known.mode === 'probing' && message.rejected !== known.next - 1);
  if (stale) {
    setProgress(draft, from, heard);
    return;
  }
  const next = Math.max(known.match + 1, Math.min(message.hint + 1, message.rejected, end));
  setProgress(draft, from, { ...heard, mode: 'probing', next });
  sendAppend(draft, from, true);
}

/** An answer from a later term ends this mastership. */
function isFromLaterTerm(draft: Draft, message: { readonly term: number }): boolean {
  if (message.term <= draft.state.hard.term) return false;
  becomeFollower(draft, message.term, null);
  return true;
}

/** Commits what a majority of the weight has, if the last of it is of the own term (thesis, 3.6.2), and proves it. */
export function advanceCommit(draft: Draft): void {
  const { state, at } = draft;
  const role = masterRole(state);
  if (role === null) return;
  const own = lastPosition(state.log).index;
  const index = majorityIndex(currentElectorate(state.log), (device) =>
    device === state.self ? own : (role.progress.get(device)?.match ?? 0),
  );
  const entry = entryAt(state.log, index);
  if (index <= state.hard.commitIndex || entry === undefined || entry.term !== state.hard.term) return;
  commitTo(draft, index);
  const { generation, term, hash } = entry;
  keepProof(draft, at.sealer.prove({ generation, index, term, hash, master: state.self }));
  reportFailover(draft);
  broadcast(draft);
}

function reportFailover(draft: Draft): void {
  const { state, at } = draft;
  const role = masterRole(state);
  if (role === null || role.failover === null || state.hard.commitIndex < role.begin) return;
  const record = { ...role.failover, to: state.self, term: state.hard.term, respondMs: at.now - role.since };
  draft.effects.push({ type: 'failover', record });
  updateMaster(draft, { failover: null });
}

/** Heartbeats, and the end of a mastership that no majority answers any more (CheckQuorum, thesis 6.2). */
export function onMasterTick(draft: Draft): void {
  const { state, at } = draft;
  const role = masterRole(state);
  if (role === null) return;
  const answers = (device: DeviceId): boolean => {
    const heardAt = role.progress.get(device)?.heardAt ?? role.since;
    return device === state.self || at.now - heardAt <= state.timing.electionMaxMs;
  };
  if (!isMajority(currentElectorate(state.log), answers)) {
    becomeFollower(draft, state.hard.term, null);
    return;
  }
  sendHeartbeats(draft);
}

/** A device came within reach: find out where its log is, without trust in what it had acknowledged over an older link. */
export function onMasterLinkUp(draft: Draft, device: DeviceId): void {
  const known = masterRole(draft.state)?.progress.get(device);
  const next = lastPosition(draft.state.log).index + 1;
  setProgress(draft, device, freshProgress(next, known?.heardAt ?? draft.at.now));
  sendAppend(draft, device, true);
}
