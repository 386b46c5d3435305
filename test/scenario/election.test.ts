import { describe, expect, it } from 'vitest';
import { Theatre } from './theatre.ts';

/** Three voters of one unit each, ann is master. */
function three(): Theatre {
  const stage = new Theatre();
  stage.cast(['ann', 'bob', 'cat'], { ann: 1, bob: 1, cat: 1 });
  return stage;
}

async function told(stage: Theatre, name: string): Promise<void> {
  await expect(`${stage.transcript.join('\n')}\n`).toMatchFileSnapshot(`transcripts/${name}.txt`);
}

describe('election', () => {
  it('EL5 EL7 EL22 EL25 the master is killed: both others ask at once, one withdraws, one is elected [9.6]', async () => {
    const stage = three();
    stage.propose('ann', 'one');
    stage.pass(700);
    stage.kill('ann', true);
    stage.pass(100);
    expect(stage.master()).toBe('cat');
    await told(stage, 'master-killed');
  });

  it('EL6 EL7 one voter alone loses its link to the master: the other holds on, nothing changes [4.2.3]', async () => {
    const stage = three();
    stage.cut('ann', 'cat');
    stage.pass(3_000);
    expect(stage.master()).toBe('ann');
    stage.join('ann', 'cat');
    stage.pass(600);
    expect(stage.master()).toBe('ann');
    expect(stage.state('cat').hard.term).toBe(stage.state('ann').hard.term);
    await told(stage, 'one-link-lost');
  });

  it('EL5 EL8 the master falls silent without a broken link: a voter stands after its timeout, the old master steps down [6.2]', async () => {
    const stage = three();
    for (const other of ['bob', 'cat']) {
      stage.mute('ann', other);
      stage.mute(other, 'ann');
    }
    stage.say('ann is heard by nobody and hears nobody');
    stage.pass(2_500);
    expect(stage.master()).toBe('bob');
    stage.join('ann', 'bob');
    stage.join('ann', 'cat');
    stage.pass(600);
    expect(stage.state('ann').role).toMatchObject({ kind: 'follower', master: 'bob' });
    await told(stage, 'master-silent');
  });

  it('EL4 a device whose log lacks a committed entry is not elected [3.6.1]', async () => {
    const stage = three();
    stage.cut('ann', 'cat');
    stage.cut('bob', 'cat');
    stage.propose('ann', 'committed without cat');
    stage.settle();
    stage.kill('ann', true);
    stage.join('bob', 'cat');
    stage.pass(3_000);
    expect(stage.master()).toBe('bob');
    stage.picture();
    await told(stage, 'short-log-not-elected');
  });

  it('EL9 EL27 entries of an older term are committed only with the new term.begin; those of nobody else are dropped [3.6.2]', async () => {
    const stage = three();
    stage.cut('ann', 'bob');
    stage.mute('ann', 'cat');
    stage.propose('ann', 'seen by ann alone');
    const ann = stage.state('ann');
    stage.kill('ann', true);
    stage.pass(3_000);
    stage.propose(stage.master() as string, 'of the new master');
    stage.settle();
    stage.restart('ann', ann);
    stage.pass(1_000);
    stage.picture();
    expect(stage.state('ann').hard.commitIndex).toBe(stage.state('bob').hard.commitIndex);
    await told(stage, 'unseen-entry-dropped');
  });

  it('EL11 of two devices the light one cannot decide alone, the heavy one can [weights]', async () => {
    const stage = new Theatre();
    stage.cast(['ann', 'bob'], { ann: 2, bob: 1 });
    stage.say('the heavy one goes');
    const ann = stage.state('ann');
    stage.kill('ann', true);
    stage.pass(10_000);
    expect(stage.master()).toBeNull();
    stage.propose('bob', 'refused');
    stage.restart('ann', ann);
    stage.pass(1_000);
    expect(stage.master()).toBe('ann');
    stage.say('the light one goes');
    stage.kill('bob', true);
    stage.propose('ann', 'alone');
    stage.pass(10_000);
    expect(stage.master()).toBe('ann');
    stage.picture();
    await told(stage, 'two-devices');
  });
});
