/** The one stream of state: a snapshot first, then patches. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { type AppState, appStateSchema, LISTS } from '../model/app-state.ts';
import { base } from './base.ts';

/**
 * One change of the state. set: a whole part. put: one thing of a list, replaced where one of its id stands, else added
 * at the end. remove: one thing of a list. `shared/contract/patch.ts` makes and applies them; their order matters.
 */
export const changeSchema = z.discriminatedUnion('op', [
  z.object({
    op: z.literal('set'),
    part: z.enum(Object.keys(appStateSchema.shape) as (keyof AppState)[]),
    value: z.unknown(),
  }),
  z.object({ op: z.literal('put'), part: z.enum(LISTS), item: z.looseObject({ id: z.string() }) }),
  z.object({ op: z.literal('remove'), part: z.enum(LISTS), id: z.string() }),
]);
export type Change = z.infer<typeof changeSchema>;

export const watchEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), state: appStateSchema }),
  z.object({ type: z.literal('patch'), changes: z.array(changeSchema).readonly() }),
]);
export type WatchEvent = z.infer<typeof watchEventSchema>;

/** Never ends by itself. A client that lost it asks again and starts from the new snapshot. */
export const watchContract = base.output(eventIterator(watchEventSchema));
