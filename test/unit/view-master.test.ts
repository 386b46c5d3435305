import { describe, expect, it } from 'vitest';
import { gaugeOf } from '../../renderer/features/master/gauge-view.ts';
import {
  decidedLately,
  goneForGood,
  headlineOf,
  roleWords,
  stepsOf,
} from '../../renderer/features/master/master-view.ts';
import { votesView } from '../../renderer/features/master/votes-view.ts';
import { whoHasWhat } from '../../renderer/features/master/who-has-what-view.ts';
import { measured } from '../../shared/model/amounts.ts';
import type { AppState } from '../../shared/model/app-state.ts';
import { device, deviceId, failover, master, NOW } from '../support/scripted/builders.ts';
import { STATES } from '../support/scripted/states.ts';

/** Devices 1 (this computer), 2 Studio, 3 Pi with these votes; `away` by number. */
const voting = (weights: Readonly<Record<number, number>>, away: readonly number[], quorate = true): AppState => {
  const names = ['Work', 'Studio', 'Pi'];
  const devices = Object.keys(weights).map((key) => {
    const number = Number(key);
    return device(number, names[number - 1] ?? 'Other', {
      online: !away.includes(number),
      weight: weights[number] ?? 0,
    });
  });
  return { ...STATES.normal(), devices, master: master(weights, { quorate, master: quorate ? deviceId(1) : null }) };
};

const table: readonly (readonly [name: string, state: AppState, text: string, detail: RegExp])[] = [
  ['a group of one', voting({ 1: 1 }, []), 'This computer decides alone.', /With three devices/],
  [
    'three of three',
    voting({ 1: 1, 2: 1, 3: 1 }, []),
    'All 3 votes are here: decisions can be made.',
    /Any one of them/,
  ],
  [
    'two of three',
    voting({ 1: 1, 2: 1, 3: 1 }, [3]),
    '2 of 3 votes are here: decisions can be made.',
    /^Pi is away\. If Studio goes too, no new devices or folders can be added until one of them is back\. Files go on syncing\.$/,
  ],
  [
    'one of three',
    voting({ 1: 1, 2: 1, 3: 1 }, [2, 3], false),
    'No decisions can be made until Studio or Pi is back.',
    /^Files go on syncing\./,
  ],
  [
    'both of two, the heavier here',
    voting({ 1: 2, 2: 1 }, []),
    'Both devices that vote are here: decisions can be made.',
    /^Studio may go away\. If this computer goes/,
  ],
  [
    'two, the lighter gone',
    voting({ 1: 2, 2: 1 }, [2]),
    '2 of 3 votes are here: decisions can be made.',
    /^Studio is away\. If this computer goes too/,
  ],
  [
    'two, the heavier gone',
    voting({ 1: 1, 2: 2 }, [2], false),
    'No decisions can be made until Studio is back.',
    /New devices, folders and rights wait/,
  ],
  [
    'enough are here, and no master yet',
    voting({ 1: 1, 2: 1, 3: 1 }, [3], false),
    'A new master is being chosen.',
    /which is enough/,
  ],
];

describe('votes in plain words', () => {
  it.each(table)('%s', (_name, state, text, detail) => {
    const { quorum } = votesView(state);
    expect(quorum.text).toBe(text);
    expect(quorum.detail).toMatch(detail);
  });

  it('names whoever has to come back, and how to go on without them', () => {
    const view = votesView(STATES['two-without-heavier']());
    expect(view.missing.map((vote) => vote.name)).toEqual(['Studio']);
    expect(goneForGood(view.missing).title).toBe('Is Studio gone for good?');
    expect(votesView(STATES.normal()).missing).toEqual([]);
  });

  it('counts devices without a vote as observers', () => {
    const state = { ...STATES.normal(), devices: [...STATES.normal().devices, device(4, 'Phone', { weight: 0 })] };
    expect(votesView(state).observers.map((vote) => vote.name)).toEqual(['Phone']);
  });
});

describe('the head of the panel', () => {
  it.each([
    ['normal', 'Studio is the metadata master'],
    ['empty', 'This computer is the metadata master'],
    ['trouble', 'There is no master at the moment'],
    ['failover-live', 'The master is gone: another is being chosen'],
  ] as const)('%s', (name, text) => expect(headlineOf(STATES[name]()).text).toBe(text));

  it('says what this device is', () => {
    expect(roleWords(STATES.normal())).toBe('voter');
    expect(roleWords(STATES.empty())).toBe('decides alone');
    const mine = { ...STATES.normal().master, master: deviceId(1) };
    expect(roleWords({ ...STATES.normal(), master: mine })).toBe('master and voter');
  });

  it('shows the steps of the electorate while they run', () => {
    expect(stepsOf(STATES.busy()).map((step) => [step.name, step.from, step.to])).toEqual([['Studio', 2, 1]]);
    expect(stepsOf(STATES.normal())).toEqual([]);
  });

  it('lists decisions newest first', () => {
    const decided = decidedLately(STATES.normal(), 2);
    expect(decided.map((one) => one.index)).toEqual([105, 104]);
  });
});

describe('the failover gauge', () => {
  it('stacks three terms that end before the budget where the failover was within it', () => {
    const gauge = gaugeOf(STATES.normal(), NOW);
    for (const row of gauge.rows) {
      expect(row.bars.map((bar) => bar.term)).toEqual(['detect', 'elect', 'answer']);
      const width = row.bars.reduce((sum, bar) => sum + bar.width, 0);
      expect(width <= gauge.budgetAt).toBe(row.within);
      expect(width).toBeLessThanOrEqual(100);
    }
    expect(gauge.rows[0]?.totalMs).toBe(1904);
    expect(gauge.rows.slice(0, 2).map(({ who }) => who)).toEqual(['This computer → Studio', 'Studio → this computer']);
    expect(gauge.sum).toBe('1.43 + 0.30 + 0.17 = 1.90 s ≤ 5.0 s');
  });

  it('makes room for one over the budget', () => {
    const gauge = gaugeOf(STATES.trouble(), NOW);
    const over = gauge.rows.find((row) => !row.within);
    expect(over?.totalMs).toBe(6120);
    expect(gauge.budgetAt).toBeLessThan(85);
  });

  it('shows a failover while it runs, on top and growing', () => {
    const state = STATES['failover-live']();
    const [live] = gaugeOf(state, NOW).rows;
    expect(live).toMatchObject({ live: true, totalMs: 1600, within: true });
    expect(live?.bars.map((bar) => bar.ms)).toEqual([1340, 260, 0]);
    expect(gaugeOf(state, NOW + 400).rows[0]?.totalMs).toBe(2000);
  });

  it('adds up in the unit of the row', () => {
    const state = STATES.normal();
    const short = failover(1, 1, 2, [336, 87, 8]);
    const { rows, sum } = gaugeOf({ ...state, master: { ...state.master, failovers: [short] } }, NOW);
    expect([measured(rows[0]?.totalMs ?? 0), sum]).toEqual(['431 ms', '336 + 87 + 8 = 431 ms ≤ 5.0 s']);
  });

  it('says nothing where nothing failed', () => {
    expect(gaugeOf(STATES.empty(), NOW)).toMatchObject({ rows: [], sum: null });
  });
});

describe('who has what', () => {
  it('has a cell for every device and folder', () => {
    const view = whoHasWhat(STATES.busy());
    expect(view.folders.map((one) => one.name)).toEqual(['Music', 'Photos', 'Recipes', 'Work']);
    const [own] = view.rows;
    expect(own?.cells.map((cell) => cell.kind)).toEqual(['partial', 'complete', 'none', 'complete']);
    expect(own?.cells[0]).toMatchObject({ text: '74 %' });
    const kinds = (state: AppState) => whoHasWhat(state).rows[0]?.cells.map(({ kind }) => kind);
    expect(kinds(STATES.paused())).toEqual(['complete', 'complete', 'quiet']);
    expect(kinds(STATES['halted-foreign']())).toEqual(['complete', 'complete', 'stopped']);
  });
});
