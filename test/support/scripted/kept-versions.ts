/** What was kept in each of the scripted folders. */
import type { KeptVersion } from '../../../shared/model/kept-version.ts';
import { deviceId, minutesAgo } from './builders.ts';

const VERSIONS: readonly Omit<KeptVersion, 'folder'>[] = [
  {
    id: 'v3',
    time: minutesAgo(44),
    size: 47_100,
    device: deviceId(1),
    path: 'Offers/Offer Meyer.odt',
    kind: 'file',
    mtime: minutesAgo(50),
    reason: 'replaced',
  },
  {
    id: 'v2',
    time: minutesAgo(300),
    size: 1_204_000,
    device: deviceId(2),
    path: 'Old plans/terrace.svg',
    kind: 'file',
    mtime: minutesAgo(9000),
    reason: 'deleted',
  },
  {
    id: 'v1',
    time: minutesAgo(60 * 50),
    size: 980,
    device: deviceId(3),
    path: 'Notes/todo (conflict Pi 0c44be19).md',
    kind: 'file',
    mtime: minutesAgo(60 * 52),
    reason: 'conflict',
  },
];

/** The kept versions of a folder, newest first; `path` null: of all its files. */
export const keptVersions = (folder: string, path: string | null): readonly KeptVersion[] =>
  VERSIONS.filter((version) => path === null || version.path === path).map((version) => ({ ...version, folder }));
