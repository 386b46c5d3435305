/** Answers the contract from a scripted state: enough of each procedure that a page can be used. */
import { isAbsolute } from 'node:path';
import type { AppState } from '../../../shared/model/app-state.ts';
import { conflictProcedures, folderProcedures, versionProcedures } from './folder-procedures.ts';
import { deviceProcedures, groupProcedures, masterProcedures, waitingProcedures } from './group-procedures.ts';
import { scriptedBase } from './scripted-base.ts';
import type { ScriptedState } from './scripted-state.ts';

/** A router over the state; `names`: how many names the listed folders have (0: a small tree). */
export const scriptedRouter = (scripted: ScriptedState, names: () => number) => {
  const base = scriptedBase(scripted);
  const { os, require, change } = base;
  const state = (): AppState => scripted.current;
  return {
    watch: os.watch.handler(({ signal }) => scripted.watch(signal)),
    engine: {
      status: os.engine.status.handler(() => ({ ...state(), device: state().self.id, name: state().self.name })),
      waitIdle: os.engine.waitIdle.handler(({ input }) => {
        const all = input.folder === null ? require.allHeld() : [require.folder(input.folder)];
        for (const of of all) require.working(of);
        return { idle: true as const };
      }),
      quit: os.engine.quit.handler(() => ({})),
    },
    group: groupProcedures(base),
    devices: deviceProcedures(base),
    waiting: waitingProcedures(base),
    folders: folderProcedures(base, names),
    conflicts: conflictProcedures(base),
    versions: versionProcedures(base),
    master: masterProcedures(base),
    activity: {
      list: os.activity.list.handler(({ input }) => {
        const of = input.folder === null ? null : require.folder(input.folder);
        const all = state().activity.filter((one) => of === null || ('folder' in one && one.folder === of.id));
        return { activity: [...all].reverse(), next: null };
      }),
    },
    settings: {
      get: os.settings.get.handler(() => state().settings),
      set: os.settings.set.handler(({ input }) => {
        const { acceptDirectory = null } = input;
        require.need(acceptDirectory === null || isAbsolute(acceptDirectory), 'path-not-found');
        scripted.update((before) => {
          const settings = { ...before.settings, ...(input as Partial<AppState['settings']>), restartNeeded: true };
          const by = settings.bootstrap.length > 0 ? ('settings' as const) : ('nobody' as const);
          return { ...before, settings: { ...settings, namedBootstrap: { by, nodes: settings.bootstrap } } };
        });
        return state().settings;
      }),
    },
    home: {
      answer: os.home.answer.handler(({ input }) => {
        require.need(input.answer !== 'joinAnew' || state().home !== 'ok', 'bad-request');
        return change((before) => ({ ...before, home: 'ok' }));
      }),
    },
    places: {
      browse: os.places.browse.handler(({ input }) => {
        const path = input.path ?? '/home/anna';
        const names = ['Documents', 'Music', 'Pictures', 'Scans'];
        return {
          path,
          parent: path === '/' ? null : path.slice(0, path.lastIndexOf('/')) || '/',
          directories: names.map((name) => ({ name, path: `${path === '/' ? '' : path}/${name}` })),
        };
      }),
    },
  };
};
