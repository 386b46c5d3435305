/** A device of the group as one engine sees it. */
import { z } from 'zod';
import { countSchema, idSchema, ratesSchema, roleSchema, timeSchema } from './values.ts';

/** How a peer is reached at present. */
export const linkSchema = z.object({
  kind: z.enum(['lan', 'direct', 'relayed']),
  rttMs: z.number().nonnegative().nullable(),
});
export type Link = z.infer<typeof linkSchema>;

export const deviceSchema = z.object({
  id: idSchema,
  name: z.string(),
  /** Whether this is the device whose engine answers. */
  self: z.boolean(),
  /** Connected to this device now; the device itself always is. */
  online: z.boolean(),
  role: roleSchema,
  /** Votes in the present electorate; 0 observes. */
  weight: z.number().int().min(0).max(2),
  master: z.boolean(),
  /** When this device last heard from it; null: never. */
  lastSeen: timeSchema.nullable(),
  /** The link that carries content; null while there is none, and for the device itself. */
  link: linkSchema.nullable(),
  /** What flows between this device and it: down to here, up from here. For the device itself: the sum. */
  rates: ratesSchema,
  /** When it joined the group. */
  joinedAt: timeSchema,
  /** Removed or leaving, and still a voter until its weight is handed on. */
  leaving: z.boolean(),
  /** Operating system as Node names it (`linux`, `darwin`, `win32`); null: not told. */
  platform: z.string().nullable(),
  /** What is still to come to it over all folders that are at work there, by its last report. */
  needFiles: countSchema,
  needBytes: countSchema,
  freeBytes: countSchema.nullable(),
});
export type Device = z.infer<typeof deviceSchema>;
