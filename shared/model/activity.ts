/** What happened, newest last in storage and newest first on the screen. */
import { z } from 'zod';
import { operationKindSchema } from './group-view.ts';
import { countSchema, errorCodeSchema, idSchema, timeSchema } from './values.ts';

/** Files of one folder that one device changed in one go. An engine may fold a burst; the window folds further. */
const filesActivitySchema = z.object({
  type: z.literal('files'),
  id: z.string(),
  at: timeSchema,
  device: idSchema,
  folder: idSchema,
  change: z.enum(['added', 'changed', 'removed', 'moved', 'restored']),
  count: countSchema,
  bytes: countSchema,
  /** A few of the paths, at most five. */
  paths: z.array(z.string()).readonly(),
});

/** A change of the group that the log decided. */
const decisionActivitySchema = z.object({
  type: z.literal('decision'),
  id: z.string(),
  at: timeSchema,
  /** Who asked for it. */
  device: idSchema,
  kind: operationKindSchema,
  /** Position in the log. */
  index: countSchema,
  /** The device or folder it is about, and its name then. */
  subject: z
    .object({ type: z.enum(['device', 'folder', 'invite', 'group']), id: idSchema, name: z.string() })
    .nullable(),
  /** New name, role, access or budget, as text; null where the kind says it all. */
  value: z.string().nullable(),
  outcome: z.enum(['accepted', 'refused']),
  code: errorCodeSchema.nullable(),
});

/** A new master. */
const masterActivitySchema = z.object({
  type: z.literal('master'),
  id: z.string(),
  at: timeSchema,
  device: idSchema,
  term: countSchema,
});

/** Two versions of one path met. */
const conflictActivitySchema = z.object({
  type: z.literal('conflict'),
  id: z.string(),
  at: timeSchema,
  device: idSchema,
  folder: idSchema,
  path: z.string(),
});

export const activitySchema = z.discriminatedUnion('type', [
  filesActivitySchema,
  decisionActivitySchema,
  masterActivitySchema,
  conflictActivitySchema,
]);
export type Activity = z.infer<typeof activitySchema>;
