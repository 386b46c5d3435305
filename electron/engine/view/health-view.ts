import type { DeviceId, FolderId } from '../../../shared/ids.ts';
import type { Health } from '../../../shared/model/health.ts';
import { liveFolders, members } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import { type FolderKnowledge, folderView } from './folder-view.ts';

/** What is known of the devices beside the log. */
export interface HealthKnowledge {
  readonly alive: ReadonlySet<DeviceId>;
  knowledge(folder: FolderId): FolderKnowledge;
  freeBytes(device: DeviceId): number | null;
  /** Wall clock, milliseconds. */
  reportedAt(device: DeviceId): number | null;
}

/** Who has what: the replication picture. */
export function healthView(state: GroupState, known: HealthKnowledge): Health {
  return {
    folders: liveFolders(state).map((folder) => {
      const { holders, copies } = folderView(state, folder, known.knowledge(folder.id));
      const has = holders.filter(({ holds }) => holds);
      return {
        id: folder.id,
        ...copies,
        devices: Object.fromEntries(
          has.map(({ device, haveBytes, needBytes, needFiles, headsEqual, state: doing }) => [
            device,
            { haveBytes, needBytes, needFiles, headsEqual, state: doing },
          ]),
        ),
      };
    }),
    devices: members(state).map(({ id }) => ({
      id,
      alive: known.alive.has(id),
      freeBytes: known.freeBytes(id),
      lastReport: known.reportedAt(id),
    })),
  };
}
