import { describe, expect, it } from 'vitest';
import { currentElectorate } from '../../electron/engine/consensus/log.ts';
import { Theatre, written } from './theatre.ts';

async function told(stage: Theatre, name: string): Promise<void> {
  await expect(`${stage.transcript.join('\n')}\n`).toMatchFileSnapshot(`transcripts/${name}.txt`);
}

/** The electorates in the order in which the device's log made them. */
function steps(stage: Theatre, name: string): string[] {
  return stage
    .state(name)
    .log.electorates.slice(1)
    .map(({ electorate }) => written(electorate));
}

describe('the electorate', () => {
  it('EL14 EL26 grows from one device to three and shrinks again, one unit at a time [4.1]', async () => {
    const stage = new Theatre();
    stage.found('ann');
    for (const name of ['bob', 'cat']) stage.enter(name);
    for (const name of ['bob', 'cat']) stage.join('ann', name);
    stage.join('bob', 'cat');
    stage.settle();
    stage.want('ann', { ann: 2, bob: 1 });
    stage.pass(600);
    stage.want('ann', { ann: 1, bob: 1, cat: 1 });
    stage.pass(600);
    stage.want('ann', { ann: 2, bob: 1 });
    stage.pass(600);
    stage.want('ann', { ann: 1 });
    stage.pass(600);
    expect(steps(stage, 'cat')).toEqual([
      '{ann:1}',
      '{ann:2}',
      '{ann:2 bob:1}',
      '{ann:2 bob:1 cat:1}',
      '{ann:1 bob:1 cat:1}',
      '{ann:2 bob:1 cat:1}',
      '{ann:2 bob:1}',
      '{ann:2}',
      '{ann:1}',
    ]);
    await told(stage, 'grows-and-shrinks');
  });

  it('EL14 EL16 EL17 the heavy one of two leaves: it hands over, and its successor takes its units [3.10]', async () => {
    const stage = new Theatre();
    stage.cast(['ann', 'bob'], { ann: 2, bob: 1 });
    stage.want('ann', { bob: 1 });
    stage.settle();
    stage.want('bob', { bob: 1 });
    stage.pass(600);
    expect(stage.master()).toBe('bob');
    expect(steps(stage, 'bob').slice(-4)).toEqual(['{ann:2 bob:2}', '{ann:1 bob:2}', '{bob:2}', '{bob:1}']);
    expect(stage.effects.some(({ effect }) => effect.type === 'failover')).toBe(false);
    await told(stage, 'heavy-one-leaves');
  });

  it('EL13 nothing is adjusted while a majority after it is not connected [4.2]', async () => {
    const stage = new Theatre();
    stage.cast(['ann', 'bob', 'cat'], { ann: 2, bob: 1 });
    stage.cut('ann', 'bob');
    stage.cut('ann', 'cat');
    stage.want('ann', { ann: 1, bob: 1, cat: 1 });
    stage.pass(6_000);
    expect(steps(stage, 'ann').at(-1)).toBe('{ann:2 bob:1}');
    stage.join('ann', 'cat');
    stage.pass(600);
    expect(steps(stage, 'ann').at(-1)).toBe('{ann:1 bob:1 cat:1}');
    await told(stage, 'adjusts-only-when-connected');
  });

  it('EL12 an adjustment counts when it is appended, and is undone when it is cut off [4.1]', async () => {
    const stage = new Theatre();
    stage.cast(['ann', 'bob', 'cat', 'dan'], { ann: 1, bob: 1, cat: 1 });
    for (const other of ['bob', 'cat', 'dan']) stage.mute('ann', other);
    stage.want('ann', { ann: 1, bob: 1, cat: 1, dan: 1 });
    expect(written(currentElectorate(stage.state('ann').log))).toBe('{ann:1 bob:1 cat:1 dan:1}');
    const ann = stage.state('ann');
    stage.kill('ann', true);
    stage.pass(1_000);
    stage.restart('ann', ann);
    stage.pass(1_000);
    expect(written(currentElectorate(stage.state('ann').log))).toBe('{ann:1 bob:1 cat:1}');
    await told(stage, 'adjustment-undone');
  });

  it('EL16 a handover to a voter takes no detection, and proposals are refused only meanwhile [3.10]', async () => {
    const stage = new Theatre();
    stage.cast(['ann', 'bob', 'cat'], { ann: 1, bob: 1, cat: 1 });
    stage.say('ann is asked to hand over to cat');
    stage.input('ann', { type: 'transfer', to: stage.state('cat').self });
    stage.propose('ann', 'too late');
    stage.settle();
    expect(stage.master()).toBe('cat');
    stage.propose('cat', 'in time');
    stage.settle();
    await told(stage, 'handover');
  });

  it('EL16 a handover to a device that does not answer is given up [3.10]', async () => {
    const stage = new Theatre();
    stage.cast(['ann', 'bob', 'cat'], { ann: 1, bob: 1, cat: 1 });
    stage.mute('ann', 'cat');
    stage.say('cat no longer hears ann, who is asked to hand over to cat');
    stage.input('ann', { type: 'transfer', to: stage.state('cat').self });
    stage.pass(500);
    stage.propose('ann', 'refused');
    stage.mute('cat', 'ann');
    stage.mute('cat', 'bob');
    stage.pass(2_100);
    expect(stage.master()).toBe('ann');
    stage.propose('ann', 'taken again');
    stage.settle();
    await told(stage, 'handover-given-up');
  });
});
