/** What every procedure has in common: one kind of refusal, which carries a code of the closed set. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { errorCodeSchema } from '../model/values.ts';

/**
 * The one error that crosses the boundary. `data.code` is the product's code, `data.message` English for logs and the
 * command line. Whatever else is thrown arrives as an internal error without details.
 */
export const base = oc.errors({
  REFUSED: { status: 400, data: z.object({ code: errorCodeSchema, message: z.string() }) },
});

/** A folder's id or its unique name. */
export const folderRef = z.string().min(1).max(256);
/** A device's id, a unique beginning of it, or its unique name. */
export const deviceRef = z.string().min(1).max(256);
/** A directory or file: absolute on the engine's disk, or relative to a folder where the procedure says so. */
export const pathText = z.string().min(1).max(4096);
/** A name given by a person; the engine cuts white space and checks the length in bytes. */
export const nameText = z.string().min(1).max(256);
/** Opaque; from the page before. */
export const cursorText = z.string().max(8192).nullable();
/** The answer of what only succeeds or fails. */
export const done = z.object({});
