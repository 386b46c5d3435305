import type { DeviceId } from '../../../shared/ids.ts';
import { weightOf } from '../consensus/quorum.ts';
import { type ConsensusState, type ConsensusView, reachesMajority, roleOf, viewOf } from '../consensus/state.ts';
import type { Timing } from '../consensus/types.ts';
import { memberOf } from '../group/select.ts';
import type { Clock } from '../ports/clock.ts';
import type { AppliedLog } from './applied-log.ts';

/** A heartbeat this much overdue means that the master is being missed. */
const MISSED_HEARTBEATS = 1.5;

/** A failover while it runs, as this device sees it; times are of the wall clock in milliseconds. */
export interface ElectionView {
  readonly phase: 'detecting' | 'electing' | 'answering';
  readonly lastHeard: number;
  readonly since: number;
  readonly detectMs: number | null;
  readonly electMs: number | null;
}

/** The metadata layer as this device sees it. */
export interface MetadataView extends ConsensusView {
  readonly timing: Timing;
  readonly budgetMs: number;
  /** Stamp at which the present master's term began; null while its beginning is not applied here. */
  readonly masterSince: number | null;
  /** Whether a master that a majority follows is known here: decisions can be made. */
  readonly decides: boolean;
  /** The group's time as far as it is sure here: at its master the present moment, else that of the last decision. */
  readonly groupTime: number;
  readonly election: ElectionView | null;
  readonly appliedIndex: number;
  /** What this program does not understand of the log; null: it keeps up. */
  readonly updateNeeded: string | null;
  /** Members for which other entries are committed than here: one of the two was put back from a copy. */
  readonly diverged: readonly DeviceId[];
  /** This device was removed or left, and only hands on its vote. */
  readonly bareVoter: boolean;
}

/** The view at this moment. */
export function metadataView(
  core: ConsensusState,
  applied: AppliedLog,
  diverged: ReadonlySet<DeviceId>,
  clock: Clock,
): MetadataView {
  const view = viewOf(core);
  const begin = applied.termBegin;
  const { state } = applied;
  const self = state.devices.get(core.self);
  const removed = self !== undefined && self.memberships.at(-1)?.end !== null;
  const isSure = core.role.kind === 'master' && view.quorate;
  return {
    ...view,
    timing: core.timing,
    budgetMs: state.policy.budgetMs,
    masterSince: begin !== null && begin.term === view.term && begin.master === view.master ? begin.stamp : null,
    decides: view.master !== null && (core.role.kind !== 'master' || view.quorate),
    groupTime: isSure ? Math.max(state.applied.stamp, clock.now()) : state.applied.stamp,
    election: electionView(core, clock),
    appliedIndex: state.applied.index,
    updateNeeded: applied.updateNeeded,
    diverged: [...diverged].filter((device) => memberOf(state, device) !== null),
    bareVoter: removed && weightOf(view.electorate, core.self) > 0,
  };
}

function electionView(core: ConsensusState, clock: Clock): ElectionView | null {
  const now = clock.monotonic();
  const wall = (monotonic: number): number => clock.now() - (now - monotonic);
  const { role, lastMaster } = core;
  if (role.kind === 'master') {
    if (role.failover === null) return null;
    const { detectMs, electMs } = role.failover;
    const lastHeard = wall(role.since - detectMs - electMs);
    return { phase: 'answering', lastHeard, since: wall(role.since), detectMs, electMs };
  }
  if (lastMaster === null || lastMaster.device === core.self || !reachesMajority(core)) return null;
  const { heardAt, preVoteAt } = lastMaster;
  if (role.kind !== 'follower' || (role.master === null && roleOf(core) !== 'observer')) {
    const since = preVoteAt ?? heardAt;
    return {
      phase: 'electing',
      lastHeard: wall(heardAt),
      since: wall(since),
      detectMs: since - heardAt,
      electMs: null,
    };
  }
  const overdue = now - heardAt > MISSED_HEARTBEATS * core.timing.heartbeatMs && roleOf(core) !== 'observer';
  if (!overdue) return null;
  return { phase: 'detecting', lastHeard: wall(heardAt), since: wall(heardAt), detectMs: null, electMs: null };
}

/** Whether the device follows a master that others elected and has applied all that it knows to be committed. */
export function isCaughtUp(core: ConsensusState, applied: AppliedLog): boolean {
  const follows = core.role.kind === 'follower' && core.role.master !== null;
  return follows && applied.state.applied.index === core.hard.commitIndex && core.hard.commitIndex > 0;
}

/** Devices that decide, with their weights, as plain data. */
export function weightsOf(electorate: ReadonlyMap<DeviceId, number>): Readonly<Record<string, number>> {
  return Object.fromEntries(electorate);
}
