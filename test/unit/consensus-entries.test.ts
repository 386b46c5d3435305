import { describe, expect, it } from 'vitest';
import type { CommitProof, EntryBody, EntryDraft, LogEntry } from '../../electron/engine/consensus/entry.ts';
import { checkEntry, firstUnfit } from '../../electron/engine/consensus/entry-rules.ts';
import { entryAt, lastPosition, positionAt, tailOf } from '../../electron/engine/consensus/log.ts';
import type { ConsensusMessage } from '../../electron/engine/consensus/messages.ts';
import type { Violation } from '../../electron/engine/consensus/types.ts';
import type { EntryHash } from '../../shared/ids.ts';
import { id, Theatre } from '../scenario/theatre.ts';
import { simSealer } from '../sim/sim-sealer.ts';

const WRITE: EntryBody = { type: 'operation', bytes: Buffer.from('x') };

/** Three voters and an observer; ann is master of term 1, its log ends at 4. */
function group(): Theatre {
  const stage = new Theatre();
  stage.cast(['ann', 'bob', 'cat', 'dan'], { ann: 1, bob: 1, cat: 1 });
  stage.propose('ann', 'four');
  stage.settle();
  stage.effects.length = 0;
  return stage;
}

/** What could come next in a device's log, changed as the test wants. */
function nextEntry(stage: Theatre, name: string, change: Partial<EntryDraft>): LogEntry {
  const { last, stamp, master } = tailOf(stage.state(name).log);
  const draft = { generation: 1, index: last.index + 1, term: last.term, previousHash: last.hash, stamp };
  return simSealer.seal({ ...draft, master: master ?? id('ann'), body: WRITE, ...change });
}

function append(stage: Theatre, entries: readonly LogEntry[], change: object = {}): ConsensusMessage {
  const state = stage.state('bob');
  const previous = lastPosition(state.log);
  const { term } = state.hard;
  return {
    type: 'append',
    generation: 1,
    term,
    previous,
    entries,
    proof: null,
    ...change,
  } as ConsensusMessage;
}

function violations(stage: Theatre): Violation[] {
  return stage.effects.flatMap(({ effect }) => (effect.type === 'violation' ? [effect.rule] : []));
}

describe('an entry', () => {
  const twoUnits = { type: 'electorate.adjust', device: id('dan'), by: 2 } as unknown as EntryBody;
  const belowZero: EntryBody = { type: 'electorate.adjust', device: id('dan'), by: -1 };
  const cases: [string, Partial<EntryDraft>, Violation | null][] = [
    ['that follows', {}, null],
    ['that adjusts by one unit', { body: { type: 'electorate.adjust', device: id('dan'), by: 1 } }, null],
    ['that begins a later term', { term: 2, master: id('bob'), body: { type: 'term.begin' } }, null],
    ['of another place', { index: 9 }, 'entryOutOfOrder'],
    ['of another generation', { generation: 2 }, 'entryOutOfOrder'],
    ['that is older than its predecessor', { stamp: 5 }, 'entryOutOfOrder'],
    ['of an older term', { term: 0 }, 'entryOutOfOrder'],
    ['after another predecessor', { previousHash: 'ff'.repeat(32) as EntryHash }, 'brokenChain'],
    ['that opens a term without a begin', { term: 2 }, 'termWithoutBegin'],
    ['that begins a term twice', { body: { type: 'term.begin' } }, 'termWithoutBegin'],
    ['of a second master in the term', { master: id('bob') }, 'secondMasterInTerm'],
    ['of a master without weight', { term: 2, master: id('dan'), body: { type: 'term.begin' } }, 'masterWithoutWeight'],
    ['that moves two units', { body: twoUnits }, 'adjustNotOneUnit'],
    ['that takes what is not there', { body: belowZero }, 'adjustNotOneUnit'],
  ];

  for (const [what, change, rule] of cases)
    it(`EL10 EL12 ${what} is ${rule === null ? 'appended' : 'dropped and reported'}`, () => {
      const stage = group();
      const entry = nextEntry(stage, 'bob', change);
      expect(checkEntry(tailOf(stage.state('bob').log), entry, 1)).toBe(rule);
      const before = stage.state('bob').log;
      const master = entry.term > 1 && rule === null ? entry.master : id('ann');
      const message = append(stage, [entry], { term: Math.max(1, entry.term) });
      stage.input(master === id('bob') ? 'cat' : 'bob', { type: 'message', from: master, message });
      if (rule === null) expect(violations(stage)).toEqual([]);
      else {
        expect(violations(stage)).toHaveLength(1);
        expect(stage.state('bob').log).toEqual(before);
      }
    });

  it('EL12 a unit that leaves no voter is not appended', () => {
    const stage = new Theatre();
    stage.cast(['ann', 'bob'], { ann: 1 });
    const body: EntryBody = { type: 'electorate.adjust', device: id('ann'), by: -1 };
    expect(checkEntry(tailOf(stage.state('ann').log), nextEntry(stage, 'ann', { body }), 1)).toBe('adjustNotOneUnit');
  });

  it('EL10 of a damaged disk is found by its index', () => {
    const { log, group: groupId, hard: hardState } = group().state('bob');
    const stored = { group: groupId, base: null, hardState };
    expect(firstUnfit({ ...stored, entries: log.entries })).toBeNull();
    const third = log.entries[2] as LogEntry;
    const damaged = simSealer.seal({ ...third, stamp: third.stamp + 1 });
    expect(firstUnfit({ ...stored, entries: log.entries.map((entry) => (entry === third ? damaged : entry)) })).toBe(4);
    expect(firstUnfit({ ...stored, entries: log.entries.slice(1) })).toBe(2);
  });

  it('EL2 EL10 that contradicts a committed one is dropped and reported, by way of append and of committed', () => {
    const stage = group();
    const previous = positionAt(stage.state('bob').log, 3) as NonNullable<ReturnType<typeof positionAt>>;
    const fourth = entryAt(stage.state('bob').log, 4) as LogEntry;
    const forged = simSealer.seal({ ...fourth, body: { type: 'operation', bytes: Buffer.from('forged') } });
    stage.input('bob', { type: 'message', from: id('ann'), message: append(stage, [forged], { previous }) });
    const next = nextEntry(stage, 'bob', { index: 5, previousHash: forged.hash });
    const proof = { ...next, bytes: new Uint8Array() };
    const committed = { type: 'committed', generation: 1, term: 1, previous, entries: [forged, next], proof } as const;
    stage.input('bob', { type: 'message', from: id('dan'), message: committed });
    expect(violations(stage)).toEqual(['contradictsCommitted', 'contradictsCommitted']);
    expect(entryAt(stage.state('bob').log, 4)).toEqual(fourth);
  });

  it('EL1 EL10 a second master in one term is not followed', () => {
    const stage = group();
    stage.input('bob', { type: 'message', from: id('cat'), message: append(stage, []) });
    stage.input('ann', { type: 'message', from: id('cat'), message: append(stage, []) });
    expect(violations(stage)).toEqual(['secondMasterInTerm', 'secondMasterInTerm']);
    expect(stage.state('bob').role).toMatchObject({ kind: 'follower', master: 'ann' });
  });
});

describe('a signed commit position', () => {
  /** Bob has an entry that nobody has committed, and lost its master. */
  function waiting(): { stage: Theatre; entry: LogEntry; proof: CommitProof } {
    const stage = group();
    const entry = nextEntry(stage, 'bob', {});
    stage.input('bob', { type: 'message', from: id('ann'), message: append(stage, [entry]) });
    stage.cut('ann', 'bob');
    stage.effects.length = 0;
    const { generation, index, term, hash, master } = entry;
    return { stage, entry, proof: simSealer.prove({ generation, index, term, hash, master }) };
  }

  function learn(stage: Theatre, entries: readonly LogEntry[], proof: CommitProof): void {
    const previous = positionAt(stage.state('bob').log, 4) as NonNullable<ReturnType<typeof positionAt>>;
    const message = { type: 'committed', generation: 1, term: proof.term, previous, entries, proof } as const;
    stage.input('bob', { type: 'message', from: id('dan'), message });
  }

  it('EL18 EL19 commits what it names', () => {
    const { stage, entry, proof } = waiting();
    learn(stage, [entry], proof);
    expect(stage.state('bob').hard.commitIndex).toBe(5);
    expect(stage.state('bob').proof).toBe(proof);
  });

  it('EL19 of another device than the master of the entry counts nothing', () => {
    const { stage, entry, proof } = waiting();
    learn(stage, [entry], { ...proof, master: id('dan') });
    learn(stage, [], { ...proof, hash: 'ff'.repeat(32) as EntryHash });
    expect(stage.state('bob').hard.commitIndex).toBe(4);
  });

  it('EL18 that its entries do not reach replaces nothing', () => {
    const { stage, proof } = waiting();
    const other = nextEntry(stage, 'ann', { body: { type: 'operation', bytes: Buffer.from('other') } });
    learn(stage, [other], { ...proof, index: 9 });
    expect(entryAt(stage.state('bob').log, 5)?.hash).toBe(proof.hash);
    learn(stage, [other], { ...proof, hash: other.hash });
    expect(entryAt(stage.state('bob').log, 5)?.hash).toBe(other.hash);
    expect(stage.state('bob').hard.commitIndex).toBe(5);
  });

  it('EL18 that its entries do not reach yet adds at the end, and the rest is asked for', () => {
    const { stage, entry, proof } = waiting();
    const sixth = nextEntry(stage, 'bob', {});
    learn(stage, [entry, sixth], { ...proof, index: 9 });
    expect(lastPosition(stage.state('bob').log).index).toBe(6);
    expect(stage.state('bob').hard.commitIndex).toBe(4);
    const asked = stage.effects.filter(({ effect }) => effect.type === 'send' && effect.message.type === 'have');
    expect(asked).toHaveLength(1);
  });
});
