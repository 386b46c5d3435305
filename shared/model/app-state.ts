/** Everything that the window shows without asking, in one tree: a snapshot, then patches of it. */
import { z } from 'zod';
import { activitySchema } from './activity.ts';
import { conflictSchema } from './conflict.ts';
import { deviceSchema } from './device.ts';
import { folderSchema } from './folder.ts';
import { groupSchema, inviteSchema, joiningSchema, joinRequestSchema, waitingChangeSchema } from './group-view.ts';
import { leavingSchema } from './leaving.ts';
import { masterSchema } from './master.ts';
import { engineProblemSchema } from './problem.ts';
import { homeStateSchema, selfSchema, settingsSchema } from './settings.ts';
import { countSchema, ratesSchema } from './values.ts';

export const appStateSchema = z.object({
  self: selfSchema,
  home: homeStateSchema,
  group: groupSchema.nullable(),
  joining: joiningSchema.nullable(),
  /** Groups that this device has left and still hands something on in, beside its own group, if any. */
  leaving: z.array(leavingSchema).readonly(),
  /** Without removed ones, but for those that still vote (`leaving`). This device is among them once it has a group that lets it in. */
  devices: z.array(deviceSchema).readonly(),
  master: masterSchema,
  folders: z.array(folderSchema).readonly(),
  /** At most 200; `conflictCount` is the truth. */
  conflicts: z.array(conflictSchema).readonly(),
  conflictCount: countSchema,
  invites: z.array(inviteSchema).readonly(),
  requests: z.array(joinRequestSchema).readonly(),
  waiting: z.array(waitingChangeSchema).readonly(),
  /** The newest 200, oldest first; `activity.list` has more. */
  activity: z.array(activitySchema).readonly(),
  problems: z.array(engineProblemSchema).readonly(),
  rates: ratesSchema,
  settings: settingsSchema,
});
export type AppState = z.infer<typeof appStateSchema>;

/** The parts of the state that are lists of things with an id, which patches touch one by one. */
export const LISTS = [
  'devices',
  'folders',
  'invites',
  'leaving',
  'requests',
  'waiting',
  'activity',
  'problems',
] as const;
export type ListName = (typeof LISTS)[number];
