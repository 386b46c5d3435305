import { describe, expect, it } from 'vitest';
import { currentElectorate, lastPosition } from '../../electron/engine/consensus/log.ts';
import { viewOf } from '../../electron/engine/consensus/state.ts';
import { nextTickAt } from '../../electron/engine/consensus/step.ts';
import { MAX_OPERATION_BYTES, MAX_STAMP, MAX_UNCOMMITTED_ENTRIES } from '../../shared/limits.ts';
import { CURTAIN, id, Theatre, written } from '../scenario/theatre.ts';

function three(): Theatre {
  const stage = new Theatre();
  stage.cast(['ann', 'bob', 'cat'], { ann: 1, bob: 1, cat: 1 });
  return stage;
}

describe('proposals', () => {
  it('EL24 get their places in the order of their coming', () => {
    const stage = three();
    for (const text of ['a', 'b', 'c']) stage.propose('ann', text);
    const appended = stage.effects.flatMap(({ effect }) => (effect.type === 'appended' ? [effect] : []));
    expect(appended.map(({ id: proposal, position }) => `${proposal}${position.index}`)).toEqual(['a4', 'b5', 'c6']);
  });

  it('EL24 are refused aloud where they cannot be taken', () => {
    const stage = three();
    stage.propose('bob', 'to a follower');
    stage.input('ann', { type: 'propose', id: 'big', bytes: new Uint8Array(MAX_OPERATION_BYTES + 1) });
    const refused = stage.effects.flatMap(({ effect }) => (effect.type === 'refused' ? [effect] : []));
    expect(refused).toEqual([
      { type: 'refused', id: 'to a follower', reason: 'notMaster', master: 'ann' },
      { type: 'refused', id: 'big', reason: 'tooLarge', master: 'ann' },
    ]);
  });

  it('EL24 are refused while too many wait for a majority', () => {
    const stage = three();
    for (const other of ['bob', 'cat']) stage.mute('ann', other);
    for (let at = 0; at <= MAX_UNCOMMITTED_ENTRIES; at++)
      stage.input('ann', { type: 'propose', id: `${at}`, bytes: new Uint8Array(1) });
    expect(stage.effects.filter(({ effect }) => effect.type === 'refused')).toHaveLength(1);
  });
});

describe('a step', () => {
  it('EL3 says first what must be durable, and at most once', () => {
    const stage = three();
    stage.propose('ann', 'one');
    stage.kill('cat', true);
    stage.pass(5_000);
    stage.kill('bob', true);
    stage.pass(5_000);
    expect(stage.effects.some(({ effect }) => effect.type === 'persist')).toBe(true);
    expect(stage.latePersists).toBe(0);
  });

  it('EL3 EL1 makes the vote durable before it leaves', () => {
    const stage = three();
    stage.kill('ann', true);
    stage.effects.length = 0;
    while (!stage.post.some(({ message }) => message.type === 'voteReply')) stage.deliver();
    const reply = stage.post.find(({ message }) => message.type === 'voteReply');
    const own = stage.effects.filter(({ device }) => device === reply?.from).map(({ effect }) => effect);
    const sent = own.findIndex((effect) => effect.type === 'send' && effect.message.type === 'voteReply');
    const kept = own.findIndex((effect) => effect.type === 'persist' && effect.hardState.votedFor === reply?.to);
    expect(kept).toBeGreaterThanOrEqual(0);
    expect(kept).toBeLessThan(sent);
  });

  it('leaves the state that it was given as it was', () => {
    const stage = three();
    const before = stage.state('ann');
    const copy = structuredClone(before);
    stage.propose('ann', 'one');
    stage.settle();
    expect(before).toEqual(copy);
  });
});

describe('votes', () => {
  it('EL1 EL4 are given once in a term, and only to a log that is up to date', () => {
    const stage = three();
    stage.kill('ann', true);
    stage.post.length = 0;
    stage.effects.length = 0;
    const last = { index: 3, term: 1 };
    const ask = (from: string, position: { index: number; term: number }, term: number): void =>
      stage.input('bob', {
        type: 'message',
        from: id(from),
        message: { type: 'voteRequest', generation: 1, term, last: position, handover: false },
      });
    ask('cat', { index: 2, term: 1 }, 5);
    ask('cat', last, 5);
    ask('cat', last, 5);
    stage.link('bob', 'ann', 'up');
    ask('ann', last, 5);
    ask('ann', last, 4);
    const replies = stage.effects.flatMap(({ effect }) =>
      effect.type === 'send' && effect.message.type === 'voteReply' ? [`${effect.to} ${effect.message.granted}`] : [],
    );
    expect(replies).toEqual(['cat false', 'cat true', 'cat true', 'ann false', 'ann false']);
  });

  it('EL6 are not given while the master is heard, not even for a higher term, but for a handover', () => {
    const stage = three();
    const request = {
      type: 'voteRequest',
      generation: 1,
      term: 9,
      last: { index: 3, term: 1 },
      handover: false,
    } as const;
    stage.input('bob', { type: 'message', from: id('cat'), message: request });
    expect(stage.state('bob').hard.term).toBe(1);
    stage.input('bob', { type: 'message', from: id('cat'), message: { ...request, handover: true } });
    expect(stage.state('bob').hard).toMatchObject({ term: 9, votedFor: 'cat' });
  });

  it('EL5 nobody asks who does not reach a majority', () => {
    const stage = three();
    stage.kill('ann', true);
    stage.kill('cat', true);
    stage.effects.length = 0;
    stage.pass(60_000);
    expect(stage.effects.filter(({ effect }) => effect.type === 'send')).toEqual([]);
    expect(stage.state('bob').hard.term).toBe(1);
  });
});

describe('time', () => {
  it('EL23 stamps follow the clock, and when that goes back, the time since the predecessor', () => {
    const stage = new Theatre();
    stage.found('ann');
    stage.now = 500;
    stage.propose('ann', 'later');
    const stamps = stage.state('ann').log.entries.map(({ stamp }) => stamp);
    expect(stamps).toEqual([CURTAIN, CURTAIN + 500]);
    stage.wallOffset = -900_000;
    stage.now = 700;
    stage.propose('ann', 'after the clock went back');
    expect(stage.state('ann').log.entries.at(-1)?.stamp).toBe(CURTAIN + 700);
  });

  it('EL23 the log goes on, at the latest stamp, after a master that gave the latest stamp', () => {
    const stage = new Theatre();
    stage.found('ann');
    stage.wallOffset = MAX_STAMP;
    stage.propose('ann', 'at the end of time');
    stage.wallOffset = 0;
    stage.now = 500;
    stage.propose('ann', 'after it');
    expect(stage.state('ann').log.entries.map(({ stamp }) => stamp)).toEqual([CURTAIN, MAX_STAMP, MAX_STAMP]);
  });

  it('EL21 an observer hears of an entry at once, of nothing else at the pace of the budget, and never stands', () => {
    const stage = new Theatre();
    stage.cast(['ann', 'bob', 'cat', 'dan'], { ann: 1, bob: 1, cat: 1 });
    stage.pass(60_000);
    const beats = (to: string): number =>
      stage.effects.filter(
        ({ effect }) => effect.type === 'send' && effect.to === to && effect.message.type === 'append',
      ).length;
    expect(beats('bob')).toBeGreaterThanOrEqual(118);
    expect(beats('dan')).toBeLessThanOrEqual(13);
    stage.propose('ann', 'now');
    stage.settle();
    expect(viewOf(stage.state('dan'))).toMatchObject({ role: 'observer', master: 'ann', commitIndex: 4, lastIndex: 4 });
    for (const name of ['ann', 'bob', 'cat']) stage.kill(name, true);
    stage.pass(60_000);
    expect(viewOf(stage.state('dan'))).toMatchObject({ role: 'observer', master: null, term: 1 });
  });

  it('EL22 a handover leaves no record, an election does', () => {
    const stage = three();
    stage.input('ann', { type: 'transfer', to: id('bob') });
    stage.settle();
    const records = (): number => stage.effects.filter(({ effect }) => effect.type === 'failover').length;
    expect(records()).toBe(0);
    stage.pass(300);
    stage.kill('bob', true);
    stage.pass(100);
    expect(records()).toBe(1);
  });
});

describe('starting', () => {
  it('EL26 a device that is a majority alone is master at its first tick', () => {
    const stage = new Theatre();
    stage.found('ann');
    expect(written(currentElectorate(stage.state('ann').log))).toBe('{ann:1}');
    const before = stage.state('ann');
    stage.kill('ann', true);
    stage.restart('ann', before);
    expect(nextTickAt(stage.state('ann'))).toBe(stage.now);
    stage.pass(0);
    expect(viewOf(stage.state('ann'))).toMatchObject({ role: 'master', term: 2, commitIndex: 2, quorate: true });
  });

  it('EL26 a device that decides alone among others listens first, and stands once one of them knows nothing more', () => {
    const stage = new Theatre();
    stage.cast(['ann', 'bob'], { ann: 2, bob: 1 });
    const before = stage.state('ann');
    stage.propose('ann', 'since then');
    stage.settle();
    stage.kill('ann', true);
    stage.restart('ann', before, 3_000);
    expect(stage.state('ann').electionDueAt).toBe(stage.now + 3_000);
    stage.pass(0);
    expect(stage.state('ann').log.entries).toEqual(stage.state('bob').log.entries);
    expect(viewOf(stage.state('ann'))).toMatchObject({ role: 'master', term: 2, commitIndex: 5 });
    stage.kill('bob', true);
    const alone = stage.state('ann');
    stage.kill('ann', true);
    stage.restart('ann', alone, 3_000);
    stage.pass(2_999);
    expect(stage.master()).toBeNull();
    stage.pass(1);
    expect(stage.master()).toBe('ann');
  });

  it('EL30 a device that is held gives no vote and asks for none, and goes on above every term that it hears of', () => {
    const stage = three();
    stage.input('bob', { type: 'hold', held: true });
    stage.kill('ann', true);
    stage.pass(10_000);
    expect(stage.master()).toBeNull();
    const term = 7;
    const last = lastPosition(stage.state('cat').log);
    const have = { type: 'have', generation: 1, term, last, commitIndex: 3 } as const;
    stage.input('bob', { type: 'message', from: id('cat'), message: have });
    expect(stage.state('bob').hard).toMatchObject({ term, votedFor: null });
    stage.input('bob', { type: 'hold', held: false });
    stage.pass(3_000);
    expect(stage.state(stage.master() as string).hard.term).toBeGreaterThan(term);
  });

  it('EL26 a device that has just joined knows no voters, and learns them from the log', () => {
    const stage = new Theatre();
    stage.found('ann');
    stage.enter('bob');
    stage.pass(10_000);
    expect(viewOf(stage.state('bob'))).toMatchObject({ role: 'observer', master: null, quorate: false });
    stage.join('ann', 'bob');
    stage.pass(100);
    expect(viewOf(stage.state('bob'))).toMatchObject({ role: 'observer', master: 'ann', commitIndex: 1 });
    expect(written(currentElectorate(stage.state('bob').log))).toBe('{ann:1}');
  });

  it('EL27 a device that joins late gets a long log in bounded messages', () => {
    const stage = new Theatre();
    stage.found('ann');
    for (let at = 0; at < 2_000; at++) stage.propose('ann', `${at}`);
    stage.enter('bob');
    stage.effects.length = 0;
    stage.join('ann', 'bob');
    stage.pass(600);
    expect(stage.state('bob').hard.commitIndex).toBe(2_001);
    const sizes = stage.effects.flatMap(({ effect }) =>
      effect.type === 'send' && effect.message.type === 'append' ? [effect.message.entries.length] : [],
    );
    expect(Math.max(...sizes)).toBe(256);
  });
});
