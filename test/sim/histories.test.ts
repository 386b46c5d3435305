import { describe, expect, it } from 'vitest';
import { type HistoryResult, runHistory } from './histories.ts';

const SEEDS = 200;
const PER_TEST = 25;
/** Run once more, to show that a seed is all that a history depends on. */
const REPEATED = [1, 6, 31, 56, 64];

const results: HistoryResult[] = [];

describe('random histories of three devices', () => {
  for (let first = 1; first <= SEEDS; first += PER_TEST) {
    it(`all trees are equal and no version is lost: seeds ${first} to ${first + PER_TEST - 1}`, async () => {
      for (let seed = first; seed < first + PER_TEST; seed += 1) results.push(await runHistory(seed));
    });
  }

  it('does real work: people meet, engines die, and little of what was written is taken away by people', () => {
    const total = (count: (result: HistoryResult) => number): number =>
      results.reduce((sum, result) => sum + count(result), 0);
    expect(results).toHaveLength(SEEDS);
    expect(total(({ actions }) => actions)).toBeGreaterThan(15 * SEEDS);
    expect(total(({ written }) => written)).toBeGreaterThan(5 * SEEDS);
    expect(total(({ conflicts }) => conflicts)).toBeGreaterThan(SEEDS);
    expect(total(({ deaths }) => deaths)).toBeGreaterThan(SEEDS);
    expect(total(({ unavailable }) => unavailable)).toBeLessThan(SEEDS);
  });

  it('seed 508: RC9 what was published without the right is in conflict with what it never knew', async () => {
    await runHistory(508);
  });

  it('seed 2539: RC9 a directory does not take the place of a file that stood at a copy’s name', async () => {
    await runHistory(2539);
  });

  it('seed 150094: RC5 a copy that somebody wrote to at once does not stand for what it was made of', async () => {
    await runHistory(150094);
  });

  for (const seed of [3538, 3542]) {
    it(`seed ${seed}: RC6 a file whose other name a person took away is kept before its first name goes`, async () => {
      await runHistory(seed);
    });
  }

  it('depends on the seed alone', async () => {
    for (const seed of REPEATED) {
      const [once, again] = [await runHistory(seed), await runHistory(seed)];
      expect(again).toEqual(once);
    }
  });
});
