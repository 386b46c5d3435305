import type { Timing } from './types.ts';

/** Heartbeats in one budget. */
const HEARTBEATS_PER_BUDGET = 10;
/** An election timeout is at least so many round trips, or followers would mistake a slow link for a dead master. */
const ROUND_TRIPS_PER_TIMEOUT = 5;
/** An observer takes the master for gone after so many of its own, slower heartbeats. */
const OBSERVER_PATIENCE = 2.5;

/**
 * The failure detector's timings from the latency budget: heartbeat = budget/10 to voters, budget to observers; election
 * timeout in [2, 4] heartbeats, floored by the slowest measured round trip (all milliseconds).
 */
export function timingFromBudget(budgetMs: number, roundTripMs: number): Timing {
  const heartbeatMs = Math.max(1, Math.round(budgetMs / HEARTBEATS_PER_BUDGET));
  const electionMinMs = Math.max(2 * heartbeatMs, Math.ceil(ROUND_TRIPS_PER_TIMEOUT * roundTripMs));
  return { heartbeatMs, observerHeartbeatMs: budgetMs, electionMinMs, electionMaxMs: 2 * electionMinMs };
}

/** An election timeout for `random` in [0, 1). */
export function electionTimeout(timing: Timing, random: number): number {
  return timing.electionMinMs + random * (timing.electionMaxMs - timing.electionMinMs);
}

/** Silence after which an observer no longer names a master. */
export function observerTimeout(timing: Timing): number {
  return Math.max(timing.observerHeartbeatMs * OBSERVER_PATIENCE, timing.electionMaxMs);
}
