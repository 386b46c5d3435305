/** What was replaced or deleted here on behalf of a peer, or put aside by a choice, and can be had back. */
import { z } from 'zod';
import { countSchema, fileKindSchema, idSchema, timeSchema } from './values.ts';

export const keptVersionSchema = z.object({
  id: z.string(),
  /** When it was put aside. */
  time: timeSchema,
  size: countSchema,
  /** Who made that version. */
  device: idSchema.nullable(),
  folder: idSchema,
  /** Relative to the folder's root: where it lay. */
  path: z.string(),
  kind: fileKindSchema,
  mtime: timeSchema.nullable(),
  reason: z.enum(['replaced', 'deleted', 'conflict']),
});
export type KeptVersion = z.infer<typeof keptVersionSchema>;
