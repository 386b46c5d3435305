import { describe, expect, it } from 'vitest';
import { runChaos } from './chaos.ts';
import { PromiseBroken } from './invariants.ts';
import { MUTANTS } from './mutants.ts';
import type { Behaviour } from './sim-node.ts';

const SEEDS = 500;
const PER_TEST = 50;
/** A broken rule must show within so many seeds. */
const MUTANT_SEEDS = 400;

describe('consensus under chaos', () => {
  for (let first = 1; first <= SEEDS; first += PER_TEST) {
    it(`EL1 EL2 keeps its promises and heals: seeds ${first} to ${first + PER_TEST - 1}, each twice alike`, () => {
      for (let seed = first; seed < first + PER_TEST; seed++) expect(runChaos(seed).trace).toBe(runChaos(seed).trace);
    });
  }

  it('does real work: masters change, the electorate moves, devices crash and failovers are measured', () => {
    const runs = Array.from({ length: 20 }, (_, at) => runChaos(at + 1));
    const total = (count: (run: (typeof runs)[number]) => number): number =>
      runs.reduce((sum, run) => sum + count(run), 0);
    expect(total((run) => run.checker.masters.size)).toBeGreaterThan(80);
    expect(total((run) => run.checker.committed.length)).toBeGreaterThan(500);
    expect(
      total((run) => run.checker.committed.filter(({ body }) => body.type === 'electorate.adjust').length),
    ).toBeGreaterThan(60);
    expect(total((run) => run.counts.crashes)).toBeGreaterThan(50);
    expect(total((run) => run.counts.failovers)).toBeGreaterThan(10);
  });
});

describe('the checker finds a rule that is broken on purpose', () => {
  for (const [name, behaviour] of Object.entries(MUTANTS)) {
    it(`${name}, within ${MUTANT_SEEDS} seeds`, () => {
      const found = firstBroken(behaviour);
      console.log(`${name}: ${found}`);
      expect(found).not.toBeNull();
    });
  }
});

function firstBroken(behaviour: Behaviour): string | null {
  for (let seed = 1; seed <= MUTANT_SEEDS; seed++) {
    try {
      runChaos(seed, { behaviour });
    } catch (error) {
      if (error instanceof PromiseBroken) return error.message;
      throw error;
    }
  }
  return null;
}
