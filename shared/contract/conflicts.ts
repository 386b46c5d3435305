/** Paths of which several versions stand. */
import { z } from 'zod';
import { conflictSchema } from '../model/conflict.ts';
import { base, done, folderRef, pathText } from './base.ts';

/** A conflict copy's name, and the ordinary one that it was given. Relative to the folder's root. */
const renamedSchema = z.object({ copy: pathText, path: pathText });

export const conflictsContract = {
  list: base.input(z.object({ folder: folderRef.nullable().default(null) })).output(z.array(conflictSchema).readonly()),
  /**
   * `path` is one of the listed versions' paths, relative to `folder`; with `folder` null it is absolute on this disk.
   * keep-this: its content gets the original name, the others go to the kept versions. keep-other: only where there are
   * two. keep-both: the copies become ordinary files. keep-none: all go to the kept versions.
   * To have it as before: `undo`, kept versions and the paths to which `versions.restore` brings them back, in that order;
   * `renamed`, for `takeBack`.
   */
  resolve: base
    .input(
      z.object({
        folder: folderRef.nullable().default(null),
        path: pathText,
        keep: z.enum(['keep-this', 'keep-other', 'keep-both', 'keep-none']),
      }),
    )
    .output(
      z.object({
        undo: z.array(z.object({ version: z.string(), path: pathText })).readonly(),
        renamed: z.array(renamedSchema).readonly(),
      }),
    ),
  /** Undoes keep-both: the copies get their conflict names back. */
  takeBack: base.input(z.object({ folder: folderRef, renamed: z.array(renamedSchema).max(100) })).output(done),
};
