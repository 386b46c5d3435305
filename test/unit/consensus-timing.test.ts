import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { electionTimeout, observerTimeout, timingFromBudget } from '../../electron/engine/consensus/timing.ts';
import { DEFAULT_BUDGET_MS, MAX_BUDGET_MS, MIN_BUDGET_MS } from '../../shared/limits.ts';

describe('timings', () => {
  it('EL20 come from the budget', () => {
    expect(timingFromBudget(DEFAULT_BUDGET_MS, 0)).toEqual({
      heartbeatMs: 500,
      observerHeartbeatMs: 5_000,
      electionMinMs: 1_000,
      electionMaxMs: 2_000,
    });
  });

  it('EL20 leave a slow link its round trips', () => {
    expect(timingFromBudget(DEFAULT_BUDGET_MS, 400)).toMatchObject({ electionMinMs: 2_000, electionMaxMs: 4_000 });
  });

  it('EL20 keep heartbeat < election timeout, whatever the budget and the link', () => {
    const budgets = fc.integer({ min: MIN_BUDGET_MS, max: MAX_BUDGET_MS });
    fc.assert(
      fc.property(
        budgets,
        fc.integer({ min: 0, max: 10_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (budget, rtt, random) => {
          const timing = timingFromBudget(budget, rtt);
          const timeout = electionTimeout(timing, random);
          expect(timing.heartbeatMs * 2).toBeLessThanOrEqual(timing.electionMinMs);
          expect(timeout).toBeGreaterThanOrEqual(timing.electionMinMs);
          expect(timeout).toBeLessThan(timing.electionMaxMs);
          expect(observerTimeout(timing)).toBeGreaterThan(timing.observerHeartbeatMs);
        },
      ),
    );
  });
});
