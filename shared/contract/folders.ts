/** Shared folders. None of these deletes a user's file. */
import { z } from 'zod';
import { fileEntrySchema } from '../model/file-entry.ts';
import { folderSchema } from '../model/folder.ts';
import { accessSchema, countSchema, decisionStateSchema, idSchema } from '../model/values.ts';
import { base, cursorText, decided, deviceRef, done, folderRef, nameText, pathText } from './base.ts';

/** How a halted folder goes on. */
const resumeAnswerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('resume') }),
  /** Its directory, marker and all, lies here now. */
  z.object({ type: z.literal('movedTo'), path: pathText }),
  /** What is in the directory counts as new; nothing is deleted elsewhere. */
  z.object({ type: z.literal('startOver') }),
]);

export const foldersContract = {
  list: base.output(z.array(folderSchema).readonly()),
  share: base
    .input(z.object({ path: pathText, name: nameText.optional(), access: accessSchema.default('readWrite') }))
    .output(z.object({ folder: idSchema, state: decisionStateSchema })),
  /** `path` is made if it is not there; what is there already becomes part of the folder. */
  accept: base.input(z.object({ folder: folderRef, path: pathText })).output(decided),
  /** This device stops holding it; also the answer "Stop here" of a halted folder. */
  drop: base.input(z.object({ folder: folderRef })).output(decided),
  unshare: base.input(z.object({ folder: folderRef })).output(decided),
  rename: base.input(z.object({ folder: folderRef, name: nameText })).output(decided),
  setAccess: base.input(z.object({ folder: folderRef, device: deviceRef, access: accessSchema })).output(decided),
  transferOwner: base.input(z.object({ folder: folderRef, device: deviceRef })).output(decided),
  /** `folder` null: all. */
  pause: base.input(z.object({ folder: folderRef.nullable() })).output(done),
  resume: base
    .input(z.object({ folder: folderRef.nullable(), answer: resumeAnswerSchema.default({ type: 'resume' }) }))
    .output(done),
  rescan: base.input(z.object({ folder: folderRef.nullable() })).output(done),
  /** One directory of the tree ('' is the root), by name, directories first. Ask again when `revision` goes up. */
  files: base
    .input(
      z.object({
        folder: folderRef,
        directory: z.string().max(4096).default(''),
        cursor: cursorText.default(null),
        limit: z.number().int().min(1).max(1000).default(500),
      }),
    )
    .output(z.object({ entries: z.array(fileEntrySchema).readonly(), next: cursorText, total: countSchema })),
  /** Local changes of a folder that this device may not write: moves them to the kept versions. `path` null: all. */
  throwMineAway: base
    .input(z.object({ folder: folderRef, path: pathText.nullable() }))
    .output(z.object({ moved: countSchema })),
};
