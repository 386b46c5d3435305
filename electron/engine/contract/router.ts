import { guarded, procedures } from './base-procedure.ts';
import {
  activityProcedures,
  engineProcedures,
  homeProcedures,
  settingsProcedures,
} from './procedures/engine-procedures.ts';
import { conflictProcedures, folderProcedures, versionProcedures } from './procedures/folder-procedures.ts';
import {
  deviceProcedures,
  groupProcedures,
  masterProcedures,
  waitingProcedures,
} from './procedures/group-procedures.ts';
import type { ServedEngine } from './served-engine.ts';

/** The contract, served from an engine: the same for the window, the page and the command line. */
export function createRouter(engine: ServedEngine) {
  return procedures.router({
    engine: engineProcedures(engine),
    group: groupProcedures(engine),
    devices: deviceProcedures(engine),
    waiting: waitingProcedures(engine),
    folders: folderProcedures(engine),
    conflicts: conflictProcedures(engine),
    versions: versionProcedures(engine),
    master: masterProcedures(engine),
    activity: activityProcedures(engine),
    settings: settingsProcedures(engine),
    ...homeProcedures(engine),
    watch: procedures.watch.handler(({ signal }) => guarded(engine.watch(signal))),
  });
}

/** What is served. */
export type ContractRouter = ReturnType<typeof createRouter>;
