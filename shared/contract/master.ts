/** The metadata master and the replication picture. */
import { z } from 'zod';
import { healthSchema } from '../model/health.ts';
import { masterSchema } from '../model/master.ts';
import { base, decided, deviceRef, done } from './base.ts';

export const masterContract = {
  status: base.output(masterSchema),
  /** Passes the leadership on to a voter that is connected. Asked of any device; the master does it. */
  transfer: base.input(z.object({ device: deviceRef })).output(done),
  setBudget: base.input(z.object({ budgetMs: z.number().int() })).output(decided),
  health: base.output(healthSchema),
};
