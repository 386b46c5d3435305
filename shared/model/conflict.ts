/** A path of which several versions stand, each under a name of its own. */
import { z } from 'zod';
import { countSchema, idSchema, timeSchema } from './values.ts';

export const conflictVersionSchema = z.object({
  /** Who made it. */
  device: idSchema,
  /** Null for a link. */
  mtime: timeSchema.nullable(),
  size: countSchema,
  /** Its own name, relative to the folder's root: the original's or a conflict copy's. */
  path: z.string(),
});

export const conflictSchema = z.object({
  folder: idSchema,
  /** The original name, relative to the folder's root. */
  path: z.string(),
  /** The one under the original name first, if it is there. */
  versions: z.array(conflictVersionSchema).readonly(),
  /** Nothing is left under the original name: the device that deleted it. Null: something is, or nobody knows who. */
  deletedBy: idSchema.nullable(),
});
export type Conflict = z.infer<typeof conflictSchema>;
