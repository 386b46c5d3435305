/** Kept versions: what was replaced, deleted or put aside here. */
import { z } from 'zod';
import { keptVersionSchema } from '../model/kept-version.ts';
import { base, cursorText, folderRef, pathText } from './base.ts';

export const versionsContract = {
  /**
   * Newest first. With `folder`, `path` is relative to it and null means all of the folder; with `folder` null, `path`
   * is absolute on this disk.
   */
  list: base
    .input(
      z.object({
        folder: folderRef.nullable().default(null),
        path: pathText.nullable(),
        cursor: cursorText.default(null),
        limit: z.number().int().min(1).max(1000).default(200),
      }),
    )
    .output(z.object({ versions: z.array(keptVersionSchema).readonly(), next: cursorText })),
  /**
   * Puts a kept version back at its path, or at `to` (absolute, or relative to the folder). What is replaced there is
   * kept as a version itself. The answer names where it lies now, absolute.
   */
  restore: base
    .input(
      z.object({
        folder: folderRef.nullable().default(null),
        path: pathText.nullable().default(null),
        version: z.string().min(1).max(256),
        to: pathText.nullable().default(null),
      }),
    )
    .output(z.object({ path: z.string() })),
};
