import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommitProof, LogEntry } from '../../electron/engine/consensus/entry.ts';
import type { ConsensusMessage } from '../../electron/engine/consensus/messages.ts';
import { nextTickAt } from '../../electron/engine/consensus/step.ts';
import { MAX_TERM_JUMP } from '../../shared/limits.ts';
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

const small = fc.integer({ min: 0, max: 8 });
const count = fc.oneof(small, fc.constantFrom(MAX_TERM_JUMP, Number.MAX_SAFE_INTEGER));
const place = fc.record({ index: count, term: count });

/** Messages whose numbers are anything, and whose entries are sometimes those of the group. */
function messages(entries: readonly LogEntry[]): fc.Arbitrary<ConsensusMessage> {
  const hash = fc.constantFrom(...entries.map((entry) => entry.hash), entries[0]?.previousHash ?? '');
  const hashed = fc.record({ index: count, term: count, hash });
  const entry = fc.oneof(
    fc.constantFrom(...entries),
    fc
      .record({ index: small, term: count, previousHash: hash, master: fc.constantFrom('ann', 'bob', 'dan') })
      .map((draft) =>
        simSealer.seal({
          ...draft,
          generation: 1,
          stamp: Number.MAX_SAFE_INTEGER,
          master: id(draft.master),
          body: { type: 'term.begin' },
        } as Parameters<typeof simSealer.seal>[0]),
      ),
  );
  const proof = fc
    .tuple(hashed, fc.constantFrom('ann', 'bob', 'dan'))
    .map(([position, master]) => ({ ...position, generation: 1, master, bytes: new Uint8Array() }) as CommitProof);
  const run = fc.array(entry, { maxLength: 4 });
  const stamp = { generation: fc.constant(1), term: count };
  const type = <T extends string>(name: T) => fc.constant(name);
  return fc.oneof(
    fc.record({ ...stamp, type: type('preVoteRequest'), last: place }),
    fc.record({ ...stamp, type: type('preVoteReply'), granted: fc.boolean() }),
    fc.record({ ...stamp, type: type('voteRequest'), last: place, handover: fc.boolean() }),
    fc.record({ ...stamp, type: type('voteReply'), granted: fc.boolean() }),
    fc.record({
      ...stamp,
      type: type('append'),
      previous: hashed,
      entries: run,
      commitIndex: count,
      proof: fc.option(proof),
    }),
    fc.record({ ...stamp, type: type('appendAccepted'), match: count }),
    fc.record({ ...stamp, type: type('appendRejected'), rejected: count, hint: count }),
    fc.record({ ...stamp, type: type('timeoutNow') }),
    fc.record({ ...stamp, type: type('have'), last: hashed, commitIndex: count }),
    fc.record({ ...stamp, type: type('committed'), previous: hashed, entries: run, proof }),
  ) as fc.Arbitrary<ConsensusMessage>;
}

describe('a member that sends anything', () => {
  it('EL28 loses nobody what is committed, stops no device, and the group goes on once it is gone', () => {
    const { entries } = group().state('ann').log;
    const lie = fc.tuple(fc.constantFrom('ann', 'bob', 'cat'), messages(entries));
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
      { numRuns: 300 },
    );
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
