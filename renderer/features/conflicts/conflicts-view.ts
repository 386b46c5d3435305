/** Conflicts as cards: who made which version, where and when. Never "local" and "remote". Pure. */
import { bytes, named } from '../../../shared/model/amounts.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Conflict } from '../../../shared/model/conflict.ts';
import { moment } from '../../text/times.ts';

export interface VersionCard {
  readonly path: string;
  readonly who: string;
  readonly when: string;
  readonly size: string;
  /** It lies under the original name at present. */
  readonly original: boolean;
  readonly newest: boolean;
}

export interface ConflictCard {
  readonly key: string;
  readonly folder: string;
  readonly folderName: string;
  readonly path: string;
  /** The folder's name and the directories on the way to it. */
  readonly place: string;
  readonly versions: readonly VersionCard[];
}

const cardOf = (state: AppState, conflict: Conflict, now: number): ConflictCard => {
  const folderName = state.folders.find((folder) => folder.id === conflict.folder)?.name ?? 'A folder that is gone';
  const newest = Math.max(...conflict.versions.map((version) => version.mtime));
  return {
    key: `${conflict.folder}/${conflict.path}`,
    folder: conflict.folder,
    folderName,
    path: conflict.path,
    place: [folderName, ...conflict.path.split('/').slice(0, -1)].join('/'),
    versions: conflict.versions.map((version) => {
      const device = state.devices.find((one) => one.id === version.device);
      const who = !device ? 'A device that left' : device.self ? 'This computer' : named(device.name);
      return {
        path: version.path,
        who,
        when: moment(version.mtime, now),
        size: bytes(version.size),
        original: version.path === conflict.path,
        newest: version.mtime === newest,
      };
    }),
  };
};

/** The cards, by folder and path. */
export const conflictsView = (state: AppState, now: number): readonly ConflictCard[] =>
  state.conflicts
    .map((conflict) => cardOf(state, conflict, now))
    .sort((left, right) => left.folderName.localeCompare(right.folderName) || left.path.localeCompare(right.path));
