/** What is wrong and stays wrong until someone does something about it. */
import { z } from 'zod';
import { errorCodeSchema, idSchema, timeSchema } from './values.ts';

/** A path that can't be kept the same, with the reason. `path` is relative to the folder's root. */
export const pathProblemSchema = z.object({ path: z.string(), code: errorCodeSchema, message: z.string() });

/** A problem of this device or of its engine as a whole, not of one folder. */
export const engineProblemSchema = z.object({
  id: z.string(),
  code: errorCodeSchema,
  /** English, for logs; the interface words it from the code. */
  message: z.string(),
  since: timeSchema,
  /** The device that has the problem; null: this one. */
  device: idSchema.nullable(),
  /** An absolute path it is about, if any. */
  path: z.string().nullable(),
  /** The change that was refused, in English: 'Share "Photos"'. Such a problem stays until it is dismissed. */
  about: z.string().optional(),
});
export type EngineProblem = z.infer<typeof engineProblemSchema>;
