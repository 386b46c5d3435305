/** What the master panel says in its head, and what runs at the moment. Pure. */
import { listed, named } from '../../../shared/model/amounts.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { TruthTone } from '../../../shared/model/truth.ts';
import type { Decision } from '../../text/decisions.ts';
import type { Vote } from './votes-view.ts';

export interface Headline {
  readonly tone: TruthTone;
  readonly text: string;
}

const deviceName = (state: AppState, id: string): string => {
  const device = state.devices.find((one) => one.id === id);
  return device ? named(device.name) : 'a device that left';
};

/** The panel's first line. */
export const headlineOf = (state: AppState): Headline => {
  const { master } = state;
  if (master.election) return { tone: 'moving', text: 'The master is gone: another is being chosen' };
  if (master.master === null || !master.quorate) return { tone: 'needsYou', text: 'There is no master at the moment' };
  if (master.master === state.self.id) return { tone: 'safe', text: 'This computer is the metadata master' };
  return { tone: 'safe', text: `${deviceName(state, master.master)} is the metadata master` };
};

/** What this device is in the group's decisions. */
export const roleWords = (state: AppState): string => {
  const weight = state.master.electorate[state.self.id] ?? 0;
  if (state.master.state === 'alone') return 'decides alone';
  if (weight === 0) return 'observer, no vote';
  if (state.master.master === state.self.id) return weight === 1 ? 'master and voter' : `master, ${weight} votes`;
  return weight === 1 ? 'voter' : `voter, ${weight} votes`;
};

/** A step of the electorate that is still to be done: one device's votes from now to then. */
export interface ElectorateStep {
  readonly device: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** What the electorate is on its way to; empty when nothing moves. */
export const stepsOf = (state: AppState): readonly ElectorateStep[] => {
  const { electorate, wantedElectorate } = state.master;
  const ids = [...new Set([...Object.keys(electorate), ...Object.keys(wantedElectorate)])];
  return ids
    .map((id) => ({
      device: id,
      name: deviceName(state, id),
      from: electorate[id] ?? 0,
      to: wantedElectorate[id] ?? 0,
    }))
    .filter((step) => step.from !== step.to)
    .sort((left, right) => right.to - right.from - (left.to - left.from));
};

/** Words for the way out when the missing devices never come back. */
export const goneForGood = (missing: readonly Vote[]): { readonly title: string; readonly text: string } => {
  const who = listed(
    missing.map((vote) => named(vote.name)),
    'and',
  );
  const verb = missing.length === 1 ? 'Is' : 'Are';
  return {
    title: `${verb} ${who} gone for good?`,
    text: `Then leave this group and start a new one over the same directories: all files stay where they are, and it takes less than a minute. If ${missing.length === 1 ? 'it comes' : 'they come'} back, nothing has to be done.`,
  };
};

/** What was decided lately, newest first. */
export const decidedLately = (state: AppState, most: number): readonly Decision[] =>
  state.activity
    .filter((item): item is Decision => item.type === 'decision')
    .sort((left, right) => right.index - left.index)
    .slice(0, most);
