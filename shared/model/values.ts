/** Small schemas that the models share. Ids, names and times cross the boundary as plain JSON. */
import { z } from 'zod';
import { ERROR_CODES } from '../errors.ts';

/** Milliseconds since 1970 by the clock of the device that says so; for showing, never for deciding. */
export const timeSchema = z.number();
/** A count or a number of bytes: whole, not negative. */
export const countSchema = z.number().int().nonnegative();
/** Lower-case hexadecimal; which length is told by the id's kind (shared/ids.ts). */
export const idSchema = z.string();
/** One of the closed set of error codes. */
export const errorCodeSchema = z.enum(ERROR_CODES);

/** What a device may do in a folder. */
export const accessSchema = z.enum(['readWrite', 'readOnly', 'none']);
export type Access = z.infer<typeof accessSchema>;

/** An admin invites, approves, removes and gives roles; a member takes part. */
export const roleSchema = z.enum(['admin', 'member']);
export type Role = z.infer<typeof roleSchema>;

/** How far a change of the group has come: decided; in effect here until decided; or in effect only once decided. */
export const decisionStateSchema = z.enum(['committed', 'tentative', 'waiting']);
export type DecisionState = z.infer<typeof decisionStateSchema>;

/** What kind of thing a path is. */
export const fileKindSchema = z.enum(['file', 'directory', 'symlink']);

/** Bytes per second, measured over the last seconds. */
export const ratesSchema = z.object({ downBps: z.number().nonnegative(), upBps: z.number().nonnegative() });
export type Rates = z.infer<typeof ratesSchema>;
