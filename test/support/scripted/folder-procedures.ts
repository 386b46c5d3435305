/** Folders, their conflicts and their kept versions, as a scripted state has them. */
import { isAbsolute } from 'node:path';
import { isCopyName } from '../../../electron/engine/reconcile/conflict-name.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import { nameOf, type RelativePath } from '../../../shared/relative-path.ts';
import { folder, folderId } from './builders.ts';
import { keptVersions } from './kept-versions.ts';
import { refusal } from './requirements.ts';
import type { ScriptedBase } from './scripted-base.ts';
import { listDirectory, standingIn } from './tree.ts';

const isKeptHere = ({ code }: Folder['problems'][number]): boolean => code === 'no-right-to-write';

/** The folder without those of its problems, its counts with them. */
const without = (of: Folder, gone: readonly Folder['problems'][number][]): Folder => ({
  ...of,
  problems: of.problems.filter((one) => !gone.includes(one)),
  problemCount: of.problemCount - gone.length,
  needCount: of.needCount - gone.length,
  localChanges: of.localChanges - gone.length,
});

/** `names`: how many names the listed folders have (0: a small tree). */
export const folderProcedures = (
  { os, scripted, require, change, decide, decideFromHere }: ScriptedBase,
  names: () => number,
) => {
  const state = (): AppState => scripted.current;
  const changeFolder = (id: string | null, how: (of: Folder) => Folder) => (before: AppState) => ({
    ...before,
    folders: before.folders.map((of) => (of.path !== null && (id === null || of.id === id) ? how(of) : of)),
  });
  /** The folder that is meant; null: all of them. */
  const meant = (ref: string | null): Folder | null => {
    require.group();
    return ref === null ? null : require.held(ref);
  };
  return {
    list: os.folders.list.handler(() => state().folders),
    share: os.folders.share.handler(({ input }) => {
      require.group();
      require.place(input.path);
      const name = input.name ?? input.path.split(/[\\/]/).at(-1) ?? 'Folder';
      const isDecided = state().master.quorate;
      const made = folder(
        9,
        name,
        isDecided ? state().devices : [],
        { 1: 1 },
        { path: input.path, state: isDecided ? 'idle' : 'waiting' },
      );
      const done = decideFromHere(require.folderName(name), (before) => ({
        ...before,
        folders: [...before.folders, made],
      }));
      return { folder: folderId(9), ...done };
    }),
    accept: os.folders.accept.handler(({ input }) => {
      const { id, path, access } = require.folder(input.folder);
      require.need(path === null, 'folder-already-held');
      require.place(input.path);
      return decideFromHere(access === 'none' ? 'no-access' : null, (before) => ({
        ...before,
        folders: before.folders.map((of) =>
          of.id === id ? { ...of, path: input.path, state: 'syncing' as const } : of,
        ),
      }));
    }),
    drop: os.folders.drop.handler(({ input }) => {
      const { id } = require.held(input.folder);
      return decideFromHere(
        null,
        changeFolder(id, (of) => ({ ...of, path: null, halt: null, state: 'offered' })),
      );
    }),
    unshare: os.folders.unshare.handler(({ input }) => {
      const of = require.folder(input.folder);
      return decide(require.owner(of), (before) => ({
        ...before,
        folders: before.folders.filter(({ id }) => id !== of.id),
      }));
    }),
    rename: os.folders.rename.handler(({ input }) => {
      const of = require.folder(input.folder);
      return decide(require.owner(of) ?? require.folderName(input.name), (before) => ({
        ...before,
        folders: before.folders.map((one) => (one.id === of.id ? { ...one, name: input.name } : one)),
      }));
    }),
    setAccess: os.folders.setAccess.handler(({ input }) => {
      const of = require.device(input.device);
      const refused = require.owner(require.folder(input.folder));
      return decide(refused ?? (of.self ? 'owner-access-fixed' : null), (before) => before);
    }),
    transferOwner: os.folders.transferOwner.handler(({ input }) => {
      require.device(input.device);
      return decide(require.owner(require.folder(input.folder)), (before) => before);
    }),
    pause: os.folders.pause.handler(({ input }) => {
      const id = meant(input.folder)?.id ?? null;
      return change(changeFolder(id, (of) => ({ ...of, state: 'paused' })));
    }),
    resume: os.folders.resume.handler(({ input }) => {
      const { answer } = input;
      const of = meant(input.folder);
      require.need(answer.type === 'resume' || of !== null, 'bad-request');
      require.need(answer.type === 'resume' || of?.state === 'halted', 'folder-not-halted');
      return change(changeFolder(of?.id ?? null, (one) => ({ ...one, halt: null, state: 'idle' })));
    }),
    rescan: os.folders.rescan.handler(({ input }) => {
      const of = meant(input.folder);
      if (of !== null) require.working(of);
      return {};
    }),
    files: os.folders.files.handler(({ input }) => {
      const of = require.held(input.folder);
      if (input.directory !== '') require.inside(input.directory);
      return listDirectory(input.directory, names(), input.cursor, input.limit, standingIn(of));
    }),
    throwMineAway: os.folders.throwMineAway.handler(({ input }) => {
      const of = require.held(input.folder);
      const mine = of.problems.filter((one) => isKeptHere(one) && (input.path === null || one.path === input.path));
      require.need(input.path === null || mine.length > 0, 'not-found');
      change(changeFolder(of.id, (one) => without(one, mine)));
      return { moved: mine.length };
    }),
  };
};

export const conflictProcedures = ({ os, scripted, require, change }: ScriptedBase) => ({
  list: os.conflicts.list.handler(({ input }) => {
    const of = input.folder === null ? null : require.held(input.folder);
    return scripted.current.conflicts.filter((one) => of === null || one.folder === of.id);
  }),
  resolve: os.conflicts.resolve.handler(({ input }) => {
    require.group();
    // A file is named by its path on disk too; in pictures and page tests it never is.
    if (input.folder === null) throw refusal('path-outside-folder');
    require.inside(input.path);
    const of = require.held(input.folder);
    require.working(of);
    require.writing(of);
    const { conflicts } = scripted.current;
    const solved = conflicts.find(({ versions }) => versions.some(({ path }) => path === input.path));
    if (solved === undefined) throw refusal('conflict-unknown');
    require.need(input.keep !== 'keep-other' || solved.versions.length === 2, 'bad-request');
    const left = conflicts.filter((one) => one !== solved);
    change((before) => ({ ...before, conflicts: left, conflictCount: left.length }));
    if (input.keep !== 'keep-both') return { undo: [{ version: 'v9', path: input.path }], renamed: [] };
    const path = input.path.replace(/ \(conflict [^)]*\)/, ' (2)');
    return { undo: [], renamed: [{ copy: input.path, path }] };
  }),
  takeBack: os.conflicts.takeBack.handler(({ input }) => {
    require.folder(input.folder);
    for (const { copy, path } of input.renamed) for (const one of [copy, path]) require.inside(one);
    const of = require.held(input.folder);
    require.working(of);
    require.writing(of);
    for (const { copy } of input.renamed) require.need(isCopyName(nameOf(copy as RelativePath)), 'bad-request');
    return {};
  }),
});

export const versionProcedures = ({ os, scripted, require }: ScriptedBase) => {
  const kept = (of: Folder, path: string | null = null) => (scripted.noVersions ? [] : keptVersions(of.id, path));
  /** Also those that choosing between versions has kept. */
  const isKept = (of: Folder, version: string): boolean =>
    version === 'v9' || kept(of).some(({ id }) => id === version);
  return {
    list: os.versions.list.handler(({ input }) => {
      require.group();
      if (input.folder === null) {
        require.need(input.path === null, 'path-outside-folder');
        return { versions: [], next: null };
      }
      if (input.path !== null) require.inside(input.path);
      return { versions: kept(require.held(input.folder), input.path), next: null };
    }),
    restore: os.versions.restore.handler(({ input }) => {
      require.group();
      const ref = input.folder;
      if (ref !== null && input.path !== null) require.inside(input.path);
      const all = ref === null ? require.allHeld() : [require.held(ref)];
      const of = all.find((one) => isKept(one, input.version));
      if (of === undefined) throw refusal('version-unknown');
      require.working(of);
      const to = input.to ?? input.path ?? kept(of).find(({ id }) => id === input.version)?.path ?? '';
      return { path: isAbsolute(to) ? to : `${of.path}/${to}` };
    }),
  };
};
