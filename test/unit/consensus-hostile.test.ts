import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommitProof, LogEntry } from '../../electron/engine/consensus/entry.ts';
import { lastPosition } from '../../electron/engine/consensus/log.ts';
import type { ConsensusMessage } from '../../electron/engine/consensus/messages.ts';
import { nextTickAt } from '../../electron/engine/consensus/step.ts';
import { MAX_STAMP, MAX_TERM_JUMP } from '../../shared/limits.ts';
import { id, Theatre } from '../scenario/theatre.ts';
import { simSealer } from '../sim/sim-sealer.ts';

/** Three voters, and dan, an observer who lies. */
function group(): Theatre {
  const stage = new Theatre();
  stage.cast(['ann', 'bob', 'cat', 'dan'], { ann: 1, bob: 1, cat: 1 });
  stage.propose('ann', 'four');
  stage.settle();
  return stage;
}

/**
 * The same group with its master gone: bob has an entry that is committed, and does not know it. Dan, who gets every entry at
 * once, has also what cat wrote as an earlier master and nobody else took; cat still has that and nothing since.
 */
function unsettled(): { readonly stage: Theatre; readonly seen: Seen; readonly committed: LogEntry } {
  const stage = group();
  stage.input('ann', { type: 'transfer', to: id('cat') });
  while (stage.state('cat').role.kind !== 'master') stage.deliver();
  for (const other of ['ann', 'bob']) stage.mute('cat', other);
  stage.propose('cat', 'never committed');
  stage.settle();
  for (const other of ['ann', 'bob', 'dan']) stage.cut('cat', other);
  const abandoned = stage.state('dan').log.entries;
  stage.now += 2_000;
  stage.input('ann', { type: 'tick' });
  while (stage.state('ann').role.kind !== 'master') stage.deliver();
  stage.deliver(({ from, message }) => from === 'ann' && message.type === 'append');
  stage.deliver(({ from, message }) => from === 'bob' && message.type === 'appendAccepted');
  const { log, proof, hard } = stage.state('ann');
  const committed = log.entries[hard.commitIndex - 1] as LogEntry;
  stage.kill('ann', true);
  stage.join('cat', 'dan');
  expect(stage.state('bob').hard.commitIndex).toBe(committed.index - 1);
  return { stage, committed, seen: { branches: [abandoned, log.entries], proofs: [proof as CommitProof] } };
}

const small = fc.integer({ min: 0, max: 8 });
const count = fc.oneof(small, fc.constantFrom(MAX_TERM_JUMP, Number.MAX_SAFE_INTEGER));
const place = fc.record({ index: count, term: count });

/** What the liar has seen of others: it can show that again, but signs for nobody but itself. */
interface Seen {
  readonly branches: readonly (readonly LogEntry[])[];
  readonly proofs: readonly CommitProof[];
}

/** Messages whose numbers are anything, and whose entries and proofs are sometimes those of the group. */
function messages({ branches, proofs }: Seen): fc.Arbitrary<ConsensusMessage> {
  const entries = branches.flat();
  const positions = entries.map(({ index, term, hash }) => ({ index, term, hash }));
  const hash = fc.constantFrom(...entries.map((entry) => entry.hash), entries[0]?.previousHash ?? '');
  const hashed = fc.oneof(fc.constantFrom(...positions), fc.record({ index: count, term: count, hash }));
  const own = fc.record({ index: small, term: count, previousHash: hash }).map((draft) =>
    simSealer.seal({
      ...draft,
      generation: 1,
      stamp: MAX_STAMP,
      master: id('dan'),
      body: { type: 'term.begin' },
    } as Parameters<typeof simSealer.seal>[0]),
  );
  /** A piece of what was really written, or anything. */
  const run = fc.oneof(
    fc.tuple(fc.constantFrom(...branches), fc.integer({ min: 1, max: 4 }), small).map(([branch, from, length]) => ({
      previous: branch[from - 1] as LogEntry,
      entries: branch.slice(from, from + length),
    })),
    fc.record({ previous: hashed, entries: fc.array(fc.oneof(fc.constantFrom(...entries), own), { maxLength: 4 }) }),
  );
  const ownProof = hashed.map(
    (position) => ({ ...position, generation: 1, master: id('dan'), bytes: new Uint8Array() }) as CommitProof,
  );
  const proof = proofs.length === 0 ? ownProof : fc.oneof(ownProof, fc.constantFrom(...proofs));
  const stamp = { generation: fc.constant(1), term: count };
  const type = <T extends string>(name: T) => fc.constant(name);
  const spread = <T extends { run: object }>({ run: what, ...message }: T) => ({ ...message, ...what });
  return fc.oneof(
    fc.record({ ...stamp, type: type('preVoteRequest'), last: place }),
    fc.record({ ...stamp, type: type('preVoteReply'), granted: fc.boolean() }),
    fc.record({ ...stamp, type: type('voteRequest'), last: place, handover: fc.boolean() }),
    fc.record({ ...stamp, type: type('voteReply'), granted: fc.boolean() }),
    fc.record({ ...stamp, type: type('append'), run, proof: fc.option(proof) }).map(spread),
    fc.record({ ...stamp, type: type('appendAccepted'), match: count }),
    fc.record({ ...stamp, type: type('appendRejected'), rejected: count, hint: count }),
    fc.record({ ...stamp, type: type('timeoutNow') }),
    fc.record({ ...stamp, type: type('have'), last: hashed, commitIndex: count }),
    fc.record({ ...stamp, type: type('committed'), run, proof }).map(spread),
  ) as fc.Arbitrary<ConsensusMessage>;
}

describe('a member that sends anything', () => {
  it('EL28 loses nobody what is committed, stops no device, and the group goes on once it is gone', () => {
    const { log, proof } = group().state('ann');
    const { entries } = log;
    const lie = fc.tuple(
      fc.constantFrom('ann', 'bob', 'cat'),
      messages({ branches: [entries], proofs: [proof as CommitProof] }),
    );
    fc.assert(
      fc.property(fc.array(lie, { maxLength: 30 }), (lies) => {
        const stage = group();
        for (const [to, message] of lies) {
          stage.input(to, { type: 'message', from: id('dan'), message });
          stage.pass(10);
        }
        stage.kill('dan', true);
        stage.pass(20_000);
        const master = stage.master();
        expect(master).not.toBeNull();
        stage.propose(master as string, 'after the lies');
        stage.pass(100);
        for (const name of ['ann', 'bob', 'cat']) {
          const state = stage.state(name);
          expect(state.log.entries.slice(0, 4)).toEqual(entries);
          expect(state.hard.commitIndex).toBe(state.log.entries.length);
          expect(nextTickAt(state)).toBeGreaterThan(stage.now);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('EL2 EL28 takes from nobody what is committed and not yet known to be', () => {
    const { seen, committed } = unsettled();
    const lie = fc.tuple(fc.constantFrom('bob', 'cat'), messages(seen));
    fc.assert(
      fc.property(fc.array(lie, { maxLength: 12 }), (lies) => {
        const { stage } = unsettled();
        for (const [to, message] of lies) stage.input(to, { type: 'message', from: id('dan'), message });
        stage.kill('dan', true);
        stage.join('bob', 'cat');
        stage.pass(20_000);
        stage.propose(stage.master() as string, 'after the lies');
        stage.pass(100);
        for (const name of ['bob', 'cat']) {
          const { log, hard } = stage.state(name);
          expect(log.entries[committed.index - 1]).toEqual(committed);
          expect(hard.commitIndex).toBe(log.entries.length);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('EL19 EL28 EL29 makes no device commit what nobody committed, and is not followed', () => {
    const stage = new Theatre();
    stage.cast(['ann', 'bob', 'cat', 'dan'], { ann: 1, bob: 1, cat: 1 });
    for (const other of ['bob', 'cat']) stage.cut('ann', other);
    stage.propose('ann', 'never committed');
    stage.settle();
    const previous = lastPosition(stage.state('ann').log);
    const { commitIndex } = stage.state('ann').hard;
    expect(previous.index).toBe(commitIndex + 1);
    const lie = { type: 'append', generation: 1, term: 9, previous, entries: [], proof: null } as const;
    stage.input('ann', { type: 'message', from: id('dan'), message: lie });
    expect(stage.state('ann').hard).toMatchObject({ term: 9, commitIndex });
    expect(stage.state('ann').role).toMatchObject({ kind: 'follower', master: null });
    stage.kill('dan', true);
    for (const other of ['bob', 'cat']) stage.join('ann', other);
    stage.pass(10_000);
    stage.propose(stage.master() as string, 'real');
    stage.pass(1_000);
    expect(stage.state('ann').log.entries).toEqual(stage.state('bob').log.entries);
    expect(stage.state('ann').hard.commitIndex).toBe(stage.state('bob').log.entries.length);
  });

  it('EL28 cannot use up the terms', () => {
    const stage = group();
    stage.effects.length = 0;
    const message = { type: 'appendAccepted', generation: 1, term: MAX_TERM_JUMP + 2, match: 0 } as const;
    stage.input('ann', { type: 'message', from: id('dan'), message });
    expect(stage.state('ann').hard.term).toBe(1);
    expect(stage.effects.map(({ effect }) => effect)).toEqual([{ type: 'violation', from: 'dan', rule: 'termTooFar' }]);
  });
});
