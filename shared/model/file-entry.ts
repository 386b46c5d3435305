/** One name in a folder's tree, as the file list shows it. */
import { z } from 'zod';
import { countSchema, errorCodeSchema, fileKindSchema, idSchema, timeSchema } from './values.ts';

/**
 * same: here as everywhere · receiving: on its way · waiting: no connected device has it · unsent: changed here, not in
 * the index yet · kept-here: changed here without the right to write, so kept unpublished · conflict · problem: `cause`.
 * A directory shows the most urgent state of what lies in it.
 */
export const fileStateSchema = z.enum(['same', 'receiving', 'waiting', 'unsent', 'kept-here', 'conflict', 'problem']);
export type FileState = z.infer<typeof fileStateSchema>;

export const fileEntrySchema = z.object({
  name: z.string(),
  /** Relative to the folder's root, with `/`. */
  path: z.string(),
  kind: fileKindSchema,
  /** Bytes; of a directory the sum of the files below it, or null where that is not known. */
  size: countSchema.nullable(),
  mtime: timeSchema.nullable(),
  /** Who made this version. */
  author: idSchema.nullable(),
  state: fileStateSchema,
  cause: errorCodeSchema.nullable(),
  /** Verified bytes so far while receiving. */
  haveBytes: countSchema.nullable(),
});
export type FileEntry = z.infer<typeof fileEntrySchema>;
