/** What every procedure has in common: one kind of refusal, which carries a code of the closed set. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { decisionStateSchema, errorCodeSchema } from '../model/values.ts';

/**
 * The one error that crosses the boundary. `data.code` is the product's code, `data.message` English for logs and the
 * command line, `data.path` the place on this disk that it is about, if any. Whatever else is thrown arrives as an internal error without details.
 */
export const base = oc.errors({
  REFUSED: { status: 400, data: z.object({ code: errorCodeSchema, message: z.string(), path: z.string().nullable() }) },
});

/** A folder's id or its unique name. */
export const folderRef = z.string().min(1).max(256);
/** A device's id, a unique beginning of it, or its unique name. */
export const deviceRef = z.string().min(1).max(256);
/** A directory or file: absolute on the engine's disk, or relative to a folder where the procedure says so. */
export const pathText = z.string().min(1).max(4096);
/** A name given by a person, without the white space around it. Whether it can be one the engine says, as `name-invalid`. */
export const nameText = z.string().max(4096).trim();
/** Opaque; from the page before. */
export const cursorText = z.string().max(8192).nullable();
/** The answer of what changes the group: it may be decided, or have to wait for a master. */
export const decided = z.object({ state: decisionStateSchema });
/** The answer of what only succeeds or fails. */
export const done = z.object({});
