import { describe, expect, it } from 'vitest';
import { Theatre } from './theatre.ts';

async function told(stage: Theatre, name: string): Promise<void> {
  await expect(`${stage.transcript.join('\n')}\n`).toMatchFileSnapshot(`transcripts/${name}.txt`);
}

describe('learning without a master', () => {
  it('EL18 EL21 an observer learns from another observer what was committed, while no master is there', async () => {
    const stage = new Theatre();
    stage.cast(['ann', 'bob', 'cat', 'dan'], { ann: 1, bob: 1, cat: 1 });
    for (const other of ['ann', 'bob', 'cat']) stage.cut(other, 'dan');
    stage.enter('eve');
    for (const name of ['ann', 'bob']) stage.join(name, 'eve');
    stage.propose('ann', 'one');
    stage.settle();
    stage.say('all voters go');
    for (const name of ['ann', 'bob', 'cat']) stage.kill(name, true);
    stage.join('dan', 'eve');
    stage.pass(100);
    expect(stage.state('dan').hard.commitIndex).toBe(stage.state('eve').hard.commitIndex);
    stage.picture();
    await told(stage, 'observers-learn');
  });

  it('EL18 a voter without a majority drops what was never committed, once a peer proves what was', async () => {
    const stage = new Theatre();
    stage.cast(['ann', 'bob', 'cat', 'dan'], { ann: 1, bob: 1, cat: 1 });
    for (const other of ['bob', 'cat', 'dan']) stage.mute('ann', other);
    stage.propose('ann', 'never committed');
    const ann = stage.state('ann');
    stage.kill('ann', true);
    stage.pass(1_000);
    stage.propose(stage.master() as string, 'committed without ann');
    stage.settle();
    stage.say('bob and cat go, ann comes back and meets dan alone');
    for (const name of ['bob', 'cat']) stage.kill(name, true);
    stage.restart('ann', ann);
    stage.pass(100);
    expect(stage.state('ann').hard.commitIndex).toBe(stage.state('dan').hard.commitIndex);
    stage.picture();
    await told(stage, 'voter-learns');
  });
});
