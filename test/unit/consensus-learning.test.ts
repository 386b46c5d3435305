import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../electron/engine/consensus/entry.ts';
import { lastPosition, positionAt } from '../../electron/engine/consensus/log.ts';
import type { ConsensusMessage } from '../../electron/engine/consensus/messages.ts';
import { id, Theatre } from '../scenario/theatre.ts';
import { simSealer } from '../sim/sim-sealer.ts';

/** More than one message holds. */
const MANY = 300;

function write(stage: Theatre, name: string): void {
  for (let at = 0; at < MANY; at++) {
    stage.propose(name, `${name} ${at}`);
    stage.settle();
  }
}

describe('a device that learns from another without a master', () => {
  it('EL18 takes more than one message holds, although an own entry that was never committed is in the way', () => {
    const stage = new Theatre();
    stage.cast(['ann', 'bob', 'cat', 'dan'], { ann: 1, bob: 1, cat: 1 });
    for (const other of ['bob', 'cat', 'dan']) stage.mute('ann', other);
    stage.propose('ann', 'never committed');
    const ann = stage.state('ann');
    stage.kill('ann', true);
    stage.pass(1_000);
    write(stage, stage.master() as string);
    stage.pass(1_000);
    for (const name of ['bob', 'cat']) stage.kill(name, true);
    stage.restart('ann', ann);
    stage.pass(100);
    expect(stage.state('ann').hard.commitIndex).toBe(stage.state('dan').hard.commitIndex);
    expect(lastPosition(stage.state('ann').log)).toEqual(lastPosition(stage.state('dan').log));
  });

  it('EL18 also where it has more than one message holds of what it does not know to be committed', () => {
    const stage = new Theatre();
    stage.cast(['ann', 'bob', 'cat', 'dan', 'eve'], { ann: 1, bob: 1, cat: 1 });
    for (const other of ['ann', 'bob', 'cat', 'dan']) stage.cut(other, 'eve');
    write(stage, 'ann');
    // Eve gets all of it and one entry more, but no word of what is committed.
    const { log } = stage.state('ann');
    const own = lastPosition(stage.state('eve').log).index;
    const tail = log.entries.at(-1) as LogEntry;
    const extra = simSealer.seal({ ...tail, index: tail.index + 1, previousHash: tail.hash });
    const all = [...log.entries, extra];
    for (let from = own; from < all.length; from += 200) {
      const previous = positionAt(log, from) as LogEntry;
      const entries = all.slice(from, from + 200);
      const append: ConsensusMessage = { type: 'append', generation: 1, term: 1, previous, entries, proof: null };
      stage.input('eve', { type: 'message', from: id('ann'), message: append });
    }
    expect(lastPosition(stage.state('eve').log).index).toBe(all.length);
    expect(stage.state('eve').hard.commitIndex).toBe(own);
    stage.kill('ann', true);
    stage.pass(1_000);
    stage.join('dan', 'eve');
    stage.pass(6_000);
    expect(stage.state('eve').hard.commitIndex).toBe(stage.state('dan').hard.commitIndex);
    expect(lastPosition(stage.state('eve').log)).toEqual(lastPosition(stage.state('dan').log));
  });
});
