/** Conflicts as cards: who made which version, where and when. Never "local" and "remote". Pure. */
import { bytes, duration, named } from '../../../shared/model/amounts.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Conflict } from '../../../shared/model/conflict.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import { deviceWords, deviceWordsFirst } from '../../store/selectors.ts';
import { moment } from '../../text/times.ts';

export interface VersionCard {
  readonly path: string;
  readonly who: string;
  /** The words on the button that keeps it. */
  readonly keep: string;
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
  /** Where the folder lies on this computer. */
  readonly root: string | null;
  readonly versions: readonly VersionCard[];
  /** How two versions differ; null where that can't be said in a line. */
  readonly difference: string | null;
  /** Why this computer can't choose; null where it can. */
  readonly cannot: string | null;
  /** Nothing is left under the original name: what came about; null where there are versions to choose from. */
  readonly deleted: string | null;
}

const deletedWords = (state: AppState, { versions, deletedBy }: Conflict): string | null => {
  const [only] = versions;
  if (versions.length !== 1 || only === undefined) return null;
  if (deletedBy === null) return 'The original is gone: this version was kept';
  const mine = only.device === state.self.id;
  if (mine && deletedBy === state.self.id) return 'You deleted the original: this version was kept';
  const who = deviceWordsFirst(state, deletedBy);
  if (mine) return `${who} deleted it while you changed it: your version was kept`;
  return `${who} deleted it: the version of ${deviceWords(state, only.device)} was kept`;
};

const keepWords = (
  state: AppState,
  { deletedBy, versions }: Conflict,
  device: Conflict['versions'][number],
): string => {
  if (versions.length === 1) return device.device === state.self.id ? 'Keep my version' : 'Keep it';
  if (device.device === state.self.id) return 'Keep mine';
  const known = state.devices.find(({ id }) => id === device.device);
  return known === undefined || deletedBy !== null ? 'Keep this' : `Keep ${named(known.name, 16)}’s`;
};

/** `Studio’s is 5 minutes newer and 1.1 kB larger`. */
const differenceOf = (state: AppState, { versions }: Conflict): string | null => {
  const [newer, older] = [...versions].sort((left, right) => (right.mtime ?? 0) - (left.mtime ?? 0));
  if (versions.length !== 2 || !newer || !older || newer.mtime === null || older.mtime === null) return null;
  const size = newer.size - older.size;
  const large = size === 0 ? 'of the same size' : `${bytes(Math.abs(size))} ${size > 0 ? 'larger' : 'smaller'}`;
  const whose = newer.device === state.self.id ? 'Yours' : `${deviceWordsFirst(state, newer.device)}’s`;
  if (newer.mtime === older.mtime) return `Both were changed at the same time; ${whose} is ${large}`;
  return `${whose} is ${duration(newer.mtime - older.mtime)} newer and ${large}`;
};

const cannotIn = ({ access, state }: Folder): string | null => {
  if (access !== 'readWrite')
    return 'This computer may only read the folder. Choose on a device that may change files there.';
  switch (state) {
    case 'paused':
      return 'The folder is paused. You can choose once it goes on.';
    case 'halted':
    case 'error':
      return 'The folder has stopped. You can choose once it goes on.';
    default:
      return null;
  }
};

const cardOf = (state: AppState, conflict: Conflict, now: number): ConflictCard => {
  const folder = state.folders.find(({ id }) => id === conflict.folder);
  const folderName = folder?.name ?? 'A folder that is gone';
  const times = conflict.versions.map((version) => version.mtime ?? Number.NEGATIVE_INFINITY);
  const newest = Math.max(...times);
  const isOne = times.filter((time) => time === newest).length === 1;
  return {
    key: `${conflict.folder}/${conflict.path}`,
    folder: conflict.folder,
    folderName,
    path: conflict.path,
    place: [folderName, ...conflict.path.split('/').slice(0, -1)].join('/'),
    root: folder?.path ?? null,
    cannot: folder === undefined ? null : cannotIn(folder),
    deleted: deletedWords(state, conflict),
    difference: differenceOf(state, conflict),
    versions: conflict.versions.map((version) => ({
      path: version.path,
      who: deviceWordsFirst(state, version.device),
      keep: keepWords(state, conflict, version),
      when: version.mtime === null ? 'A link' : moment(version.mtime, now),
      size: bytes(version.size),
      original: version.path === conflict.path,
      newest: isOne && version.mtime === newest,
    })),
  };
};

/** The cards, by folder and path. */
export const conflictsView = (state: AppState, now: number): readonly ConflictCard[] =>
  state.conflicts
    .map((conflict) => cardOf(state, conflict, now))
    .sort((left, right) => left.folderName.localeCompare(right.folderName) || left.path.localeCompare(right.path));
