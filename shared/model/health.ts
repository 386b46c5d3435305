/** The replication picture: who has what, from the devices' own reports. */
import { z } from 'zod';
import { holderSchema } from './folder.ts';
import { countSchema, idSchema, timeSchema } from './values.ts';

export const healthSchema = z.object({
  folders: z
    .array(
      z.object({
        id: idSchema,
        wanted: countSchema,
        complete: countSchema,
        devices: z.record(
          z.string(),
          holderSchema.pick({ haveBytes: true, needBytes: true, needFiles: true, headsEqual: true, state: true }),
        ),
      }),
    )
    .readonly(),
  devices: z
    .array(
      z.object({
        id: idSchema,
        alive: z.boolean(),
        freeBytes: countSchema.nullable(),
        lastReport: timeSchema.nullable(),
      }),
    )
    .readonly(),
});
export type Health = z.infer<typeof healthSchema>;
