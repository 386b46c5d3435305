/** A shared folder as one device sees it. */
import { z } from 'zod';
import { pathProblemSchema } from './problem.ts';
import { accessSchema, countSchema, errorCodeSchema, idSchema, ratesSchema, timeSchema } from './values.ts';

/**
 * waiting: its creation is not decided yet · offered: not held here, may be accepted · scanning, syncing, idle · paused ·
 * halted: nothing happens until its user answers (`halt`) · error: it can't work (its first problem says why).
 */
export const folderStateSchema = z.enum([
  'waiting',
  'offered',
  'scanning',
  'syncing',
  'idle',
  'paused',
  'halted',
  'error',
]);
export type FolderState = z.infer<typeof folderStateSchema>;

/** Why a folder halted; the code tells the case, `path` the directory that was expected. */
export const haltSchema = z.object({
  code: errorCodeSchema.extract([
    'root-missing',
    'root-replaced',
    'root-marker-missing',
    'root-marker-foreign',
    'root-other-file-system',
  ]),
  path: z.string(),
  since: timeSchema,
});

/** What one device may do with a folder and how much of it it has. */
export const holderSchema = z.object({
  device: idSchema,
  access: accessSchema,
  /** Whether it chose to hold the folder. */
  holds: z.boolean(),
  haveBytes: countSchema,
  needBytes: countSchema,
  needFiles: countSchema,
  /** Its index is the same as ours. */
  headsEqual: z.boolean(),
  /** unknown: it has said nothing of it since this engine started, and the numbers here mean nothing. */
  state: z.enum(['unknown', 'working', 'paused', 'halted', 'failing']),
  /** Problems there that someone has to do something about. */
  problems: countSchema,
  /** Free bytes on its disk there, where that is too full for what is to come; null: nothing waits for room. */
  diskFull: countSchema.nullable(),
});
export type Holder = z.infer<typeof holderSchema>;

export const folderSchema = z.object({
  id: idSchema,
  name: z.string(),
  /** Device id of the owner. */
  owner: idSchema,
  /** This device's access. */
  access: accessSchema,
  /** Absolute, on this device's disk; null: not held here. */
  path: z.string().nullable(),
  state: folderStateSchema,
  tentative: z.boolean(),
  /** The whole folder: files and bytes of the remote tree. */
  files: countSchema,
  bytes: countSchema,
  /** What is still to come to this device. */
  needFiles: countSchema,
  needBytes: countSchema,
  conflicts: countSchema,
  /** At most MAX_LISTED_PROBLEMS of them; `problemCount` is the truth. */
  problems: z.array(pathProblemSchema).readonly(),
  problemCount: countSchema,
  /** Those of them that someone has to do something about. */
  needCount: countSchema,
  /** complete: devices that have all of it; wanted: devices that chose to hold it. */
  copies: z.object({ complete: countSchema, wanted: countSchema }),
  /** What flows for this folder between this device and all others. */
  rates: ratesSchema,
  /** While scanning: names looked at so far. */
  scannedFiles: countSchema,
  /** Local changes that are kept here unpublished, since this device may not write. */
  localChanges: countSchema,
  halt: haltSchema.nullable(),
  /** What later members get without being asked. */
  defaultAccess: accessSchema,
  holders: z.array(holderSchema).readonly(),
  /** Goes up whenever its files, conflicts or kept versions may read differently: ask again then, never on a timer. */
  revision: countSchema,
});
export type Folder = z.infer<typeof folderSchema>;
