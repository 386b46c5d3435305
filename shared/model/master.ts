/** The metadata layer as one device sees it. */
import { z } from 'zod';
import { countSchema, idSchema, timeSchema } from './values.ts';

/** One change of master, measured against the budget by the one that won. All terms in milliseconds. */
export const failoverSchema = z.object({
  at: timeSchema,
  from: idSchema.nullable(),
  to: idSchema,
  cause: z.enum(['crash', 'handover', 'takeover']),
  detectMs: z.number().nonnegative(),
  electMs: z.number().nonnegative(),
  respondMs: z.number().nonnegative(),
  totalMs: z.number().nonnegative(),
  withinBudget: z.boolean(),
});
export type Failover = z.infer<typeof failoverSchema>;

/**
 * A failover while it runs, as seen here. detecting: the master was not heard for longer than one heartbeat;
 * electing: this device or another asks for votes; answering: there is a winner, its term is not committed yet.
 */
export const electionSchema = z.object({
  phase: z.enum(['detecting', 'electing', 'answering']),
  /** When the old master was last heard. */
  lastHeard: timeSchema,
  /** Since when in this phase. */
  since: timeSchema,
  detectMs: z.number().nonnegative().nullable(),
  electMs: z.number().nonnegative().nullable(),
});

/** Votes by device id; devices that are not in it have none. */
export const electorateSchema = z.record(z.string(), z.number().int().min(0).max(2));

export const masterSchema = z.object({
  state: z.enum(['master', 'follower', 'candidate', 'observer', 'alone', 'none']),
  master: idSchema.nullable(),
  generation: countSchema,
  term: countSchema,
  commitIndex: countSchema,
  electorate: electorateSchema,
  /** Whether a master that a majority follows is known here. */
  quorate: z.boolean(),
  tentative: countSchema,
  waiting: countSchema,
  budgetMs: z.number().positive(),
  /** Newest last; at most 50. */
  failovers: z.array(failoverSchema).readonly(),
  /** When the present master's term began, as far as known here. */
  since: timeSchema.nullable(),
  /** What the electorate is on its way to; equal to `electorate` when nothing moves. */
  wantedElectorate: electorateSchema,
  /** Derived from the budget: how often voters hear from the master, and how long a voter waits before it asks for votes. */
  timing: z.object({ heartbeatMs: z.number(), electionMinMs: z.number(), electionMaxMs: z.number() }),
  election: electionSchema.nullable(),
});
export type Master = z.infer<typeof masterSchema>;
