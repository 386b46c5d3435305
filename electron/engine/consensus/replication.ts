import type { DeviceId } from '../../../shared/ids.ts';
import { invariant } from '../../../shared/invariant.ts';
import { MAX_APPEND_BYTES, MAX_APPEND_ENTRIES, MAX_UNACKNOWLEDGED_ENTRIES } from '../../../shared/limits.ts';
import { type Draft, send, setRole } from './draft.ts';
import type { LogIndex } from './entry.ts';
import { batch, currentElectorate, lastPosition, positionAt } from './log.ts';
import { weightOf } from './quorum.ts';
import type { ConsensusState, MasterState, Progress } from './state.ts';

/** What one message carries at most. */
export const BATCH_BOUNDS = { entries: MAX_APPEND_ENTRIES, bytes: MAX_APPEND_BYTES };

/** The role of a device that is known to be master at this place. */
export function masterRole(state: ConsensusState): MasterState | null {
  return state.role.kind === 'master' ? state.role : null;
}

/** Changes the master's part of the state. */
export function updateMaster(draft: Draft, change: Partial<MasterState>): void {
  const role = masterRole(draft.state);
  if (role !== null) setRole(draft, { ...role, ...change });
}

/** Changes what is known of one device. */
export function setProgress(draft: Draft, device: DeviceId, progress: Progress): void {
  const role = masterRole(draft.state);
  if (role !== null) updateMaster(draft, { progress: new Map(role.progress).set(device, progress) });
}

/** What is known at first: nothing but that the device may have everything. */
export function freshProgress(nextIndex: LogIndex, heardAt: number): Progress {
  return { mode: 'probing', match: 0, next: nextIndex, sentAt: Number.NEGATIVE_INFINITY, heardAt };
}

/** Sends an append that starts where the device is thought to be; without entries it is a heartbeat. */
export function sendAppend(draft: Draft, device: DeviceId, withEntries: boolean): void {
  const { state, at } = draft;
  const known = masterRole(state)?.progress.get(device);
  if (known === undefined || !state.links.has(device)) return;
  const previous = positionAt(state.log, known.next - 1);
  invariant(previous !== undefined, 'a device is thought to be past the end of the log');
  const entries = withEntries ? batch(state.log, known.next, lastPosition(state.log).index, BATCH_BOUNDS) : [];
  send(draft, device, { type: 'append', previous, entries, proof: state.proof });
  const next = known.mode === 'streaming' ? known.next + entries.length : known.next;
  setProgress(draft, device, { ...known, next, sentAt: at.now });
}

/** Sends what a streaming device has not been sent yet, within the window. */
export function sendNew(draft: Draft, device: DeviceId): void {
  for (;;) {
    const known = masterRole(draft.state)?.progress.get(device);
    if (known === undefined || known.mode === 'probing' || !draft.state.links.has(device)) return;
    if (known.next > lastPosition(draft.state.log).index) return;
    if (known.next - known.match > MAX_UNACKNOWLEDGED_ENTRIES) return;
    sendAppend(draft, device, true);
  }
}

/** Sends to every device at once: new entries where there are some for it, else just what is committed. */
export function broadcast(draft: Draft): void {
  const role = masterRole(draft.state);
  if (role === null) return;
  for (const device of role.progress.keys()) {
    const known = masterRole(draft.state)?.progress.get(device);
    const pending = known?.mode === 'streaming' && known.next <= lastPosition(draft.state.log).index;
    if (pending) sendNew(draft, device);
    else if (known?.mode === 'streaming') sendAppend(draft, device, false);
  }
}

/** Milliseconds between heartbeats to a device: the budget's tenth for a voter, the budget for an observer. */
export function heartbeatFor(state: ConsensusState, device: DeviceId): number {
  const voter = weightOf(currentElectorate(state.log), device) > 0;
  const catchingUp = masterRole(state)?.progress.get(device)?.mode === 'probing';
  return voter || catchingUp ? state.timing.heartbeatMs : state.timing.observerHeartbeatMs;
}

/** Heartbeats that are due; a device that is still being probed gets entries again, in case they were lost. */
export function sendHeartbeats(draft: Draft): void {
  const role = masterRole(draft.state);
  if (role === null) return;
  for (const [device, known] of role.progress) {
    if (draft.at.now - known.sentAt >= heartbeatFor(draft.state, device))
      sendAppend(draft, device, known.mode === 'probing');
  }
}
