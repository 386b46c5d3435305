/** The engine itself: status, idleness, settings, the state of its home, places on its disk. */
import { z } from 'zod';
import { activitySchema } from '../model/activity.ts';
import { deviceSchema } from '../model/device.ts';
import { folderSchema } from '../model/folder.ts';
import { groupSchema } from '../model/group-view.ts';
import { leavingSchema } from '../model/leaving.ts';
import { masterSchema } from '../model/master.ts';
import { engineProblemSchema } from '../model/problem.ts';
import { homeStateSchema, ownSettingsSchema, settingsSchema } from '../model/settings.ts';
import { idSchema, ratesSchema } from '../model/values.ts';
import { base, cursorText, done, folderRef } from './base.ts';

export const engineContract = {
  status: base.output(
    z.object({
      device: idSchema,
      name: z.string(),
      home: homeStateSchema,
      group: groupSchema.nullable(),
      leaving: z.array(leavingSchema).readonly(),
      master: masterSchema,
      devices: z.array(deviceSchema).readonly(),
      folders: z.array(folderSchema).readonly(),
      problems: z.array(engineProblemSchema).readonly(),
      rates: ratesSchema,
    }),
  ),
  /** Fails with `time-out`. */
  waitIdle: base
    .input(
      z.object({
        folder: folderRef.nullable().default(null),
        timeoutMs: z.number().int().positive().nullable().default(null),
      }),
    )
    .output(z.object({ idle: z.literal(true) })),
  /** Orderly: answers first, then flushes and ends. */
  quit: base.output(done),
};

export const activityContract = {
  /** Newest first; `cursor` goes back in time. */
  list: base
    .input(
      z.object({
        folder: folderRef.nullable().default(null),
        cursor: cursorText.default(null),
        limit: z.number().int().min(1).max(500).default(100),
      }),
    )
    .output(z.object({ activity: z.array(activitySchema).readonly(), next: cursorText })),
};

export const settingsContract = {
  get: base.output(settingsSchema),
  /** Only what is given changes. The device's name and the group's budget have procedures of their own. */
  set: base.input(ownSettingsSchema.partial()).output(settingsSchema),
};

export const homeContract = {
  /**
   * goOn: "go on from here", for a restored home that nobody can tell what it did. thisStays: of two that run from one
   * home, this one goes on. joinAnew: this one forgets the group (files stay) and can join again as a new device.
   */
  answer: base.input(z.object({ answer: z.enum(['goOn', 'thisStays', 'joinAnew']) })).output(done),
};

export const placesContract = {
  /** Directories on the engine's disk, for choosing one in a page that has no dialog of its own. null: the user's own. */
  browse: base.input(z.object({ path: z.string().max(4096).nullable() })).output(
    z.object({
      path: z.string(),
      parent: z.string().nullable(),
      directories: z.array(z.object({ name: z.string(), path: z.string() })).readonly(),
    }),
  ),
};
