import { describe, expect, it } from 'vitest';
import { type Departure, walkMembership } from './membership.ts';

const SEEDS = 40;

describe('membership 1 -> 2 -> 3 -> 4 -> 3 -> 2 -> 1', () => {
  for (const departure of ['removal', 'leaving'] satisfies Departure[])
    it(`EL14 EL16 EL17 by ${departure}, with a crash of the master in the middle of each step: ${SEEDS} seeds`, () => {
      for (let seed = 1; seed <= SEEDS; seed++)
        expect(walkMembership(seed, departure), `seed ${seed}`).toEqual([1, 2, 3, 4, 3, 2, 1]);
    });
});
