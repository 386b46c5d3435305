import { procedures } from '../base-procedure.ts';
import { browsePlace } from '../browse-place.ts';
import type { ServedEngine } from '../served-engine.ts';
import { folderOrAll } from './group-procedures.ts';

/** The engine as a whole. */
export function engineProcedures(engine: ServedEngine) {
  const os = procedures.engine;
  return {
    status: os.status.handler(() => {
      const { self, ...view } = engine.view();
      const { home, group, leaving, master, devices, folders, problems, rates } = view;
      return { device: self.id, name: self.name, home, group, leaving, master, devices, folders, problems, rates };
    }),
    waitIdle: os.waitIdle.handler(async ({ input }) => {
      if (engine.view().group !== null) {
        await engine.group().folders.waitIdle(folderOrAll(engine, input.folder), input.timeoutMs);
      }
      return { idle: true as const };
    }),
    quit: os.quit.handler(() => {
      engine.quit();
      return {};
    }),
  };
}

/** What happened. */
export function activityProcedures(engine: ServedEngine) {
  return {
    list: procedures.activity.list.handler(({ input }) => {
      const page = engine.activity(folderOrAll(engine, input.folder), input.cursor, input.limit);
      return { activity: page.items, next: page.next };
    }),
  };
}

/** Settings of this device. */
export function settingsProcedures(engine: ServedEngine) {
  const os = procedures.settings;
  return {
    get: os.get.handler(() => engine.view().settings),
    set: os.set.handler(({ input }) => {
      const given = Object.entries(input).filter(([, value]) => value !== undefined);
      engine.setSettings(Object.fromEntries(given));
      return engine.view().settings;
    }),
  };
}

/** Answers about the home, and places on this disk. */
export function homeProcedures(engine: ServedEngine) {
  return {
    home: {
      answer: procedures.home.answer.handler(async ({ input }) => {
        await engine.answerHome(input.answer);
        return {};
      }),
    },
    places: { browse: procedures.places.browse.handler(({ input }) => browsePlace(input.path)) },
  };
}
