/** A group that this device has left and in which it still has something to hand on. */
import { z } from 'zod';
import { countSchema, idSchema, timeSchema } from './values.ts';

export const leavingSchema = z.object({
  id: idSchema,
  /** Empty where this device never heard the group's log. */
  name: z.string(),
  since: timeSchema,
  /** Votes that this device still has there, and all votes. */
  weight: countSchema,
  votes: countSchema,
  /** Names of the devices that stay. */
  staying: z.array(z.string()).readonly(),
  /** Whether those that stay could decide nothing any more if this device gave up handing its votes on. */
  needed: z.boolean(),
});
export type Leaving = z.infer<typeof leavingSchema>;
