/** Paths of which several versions stand. */
import { z } from 'zod';
import { conflictSchema } from '../model/conflict.ts';
import { base, folderRef, pathText } from './base.ts';

export const conflictsContract = {
  list: base.input(z.object({ folder: folderRef.nullable().default(null) })).output(z.array(conflictSchema).readonly()),
  /**
   * `path` is one of the listed versions' paths, relative to `folder`; with `folder` null it is absolute on this disk.
   * keep-this: its content gets the original name, the others go to the kept versions. keep-other: only where there are
   * two. keep-both: the copies become ordinary files.
   * `undo`: kept versions and the paths to which `versions.restore` brings them back, in that order, to have it as before.
   */
  resolve: base
    .input(
      z.object({
        folder: folderRef.nullable().default(null),
        path: pathText,
        keep: z.enum(['keep-this', 'keep-other', 'keep-both']),
      }),
    )
    .output(z.object({ undo: z.array(z.object({ version: z.string(), path: pathText })).readonly() })),
};
