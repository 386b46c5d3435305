/** A made-up tree of files, large or small, as the file list asks for it. */
import type { FileEntry, FileState } from '../../../shared/model/file-entry.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import { deviceId, minutesAgo } from './builders.ts';

const entry = (path: string, changes: Partial<FileEntry>): FileEntry => ({
  name: path.slice(path.lastIndexOf('/') + 1),
  path,
  kind: 'file',
  size: 24_800,
  mtime: minutesAgo(60 * 24 * 3),
  author: deviceId(2),
  state: 'same',
  cause: null,
  haveBytes: null,
  ...changes,
});

const directory = (path: string, changes: Partial<FileEntry> = {}): FileEntry =>
  entry(path, { kind: 'directory', size: null, mtime: null, ...changes });

const small: Readonly<Record<string, readonly FileEntry[]>> = {
  '': [
    directory('2025'),
    directory('2026', { state: 'receiving' }),
    directory('Offers', { state: 'conflict' }),
    directory('Scans', { state: 'problem' }),
    entry('Budget 2026.ods', { state: 'receiving', size: 8_400_000, haveBytes: 5_100_000 }),
    entry('Letter to the landlord.odt', { state: 'unsent', author: deviceId(1) }),
    entry('Plan of the garden.svg', {}),
    entry('Shared notes.md', { state: 'waiting', size: 4_100 }),
    entry('current', { kind: 'symlink', size: null }),
    entry('my corrections.md', { state: 'kept-here', author: deviceId(1), size: 2_200, cause: 'no-right-to-write' }),
  ],
  '2026': [
    directory('2026/03'),
    entry('2026/IMG_4411.jpg', { state: 'receiving', size: 8_100_000, haveBytes: 100_000 }),
  ],
  '2026/03': [entry('2026/03/IMG_4412.jpg', { size: 7_200_000 }), entry('2026/03/IMG_4413.jpg', { size: 7_900_000 })],
  '2025': [entry('2025/summary.pdf', { size: 1_200_000 })],
  Offers: [
    entry('Offers/Offer Meyer.odt', { state: 'conflict', size: 48_200 }),
    entry('Offers/Offer Meyer (conflict Worklaptop 1b9a3f02).odt', {
      state: 'conflict',
      size: 47_100,
      author: deviceId(1),
    }),
  ],
  Scans: [entry('Scans/receipt 2026-03-01.pdf', { state: 'problem', cause: 'path-not-readable' })],
};

/** How a made-up file stands in a folder: as a file of that folder can. */
export const standingIn =
  (of: Folder) =>
  (state: FileState): FileState => {
    const isSo: Record<FileState, boolean> = {
      same: true,
      receiving: of.needFiles > 0 && of.rates.downBps > 0,
      waiting: of.needFiles > 0,
      unsent: of.access === 'readWrite' && (of.state === 'scanning' || of.state === 'syncing'),
      'kept-here': of.localChanges > 0,
      conflict: of.conflicts > 0,
      problem: of.problems.some(({ path }) => path.startsWith('Scans/')),
    };
    if (state === 'receiving' && !isSo.receiving && isSo.waiting) return 'waiting';
    return isSo[state] ? state : 'same';
  };

/** One page of a directory. `standing`: how a file of that state stands there. `names`: how many the root of the large tree has; 0 for the small tree. */
export const listDirectory = (
  path: string,
  names: number,
  cursor: string | null,
  limit: number,
  standing: (state: FileState) => FileState,
): { entries: FileEntry[]; next: string | null; total: number } => {
  const start = cursor === null ? 0 : Number(cursor);
  if (names > 0) {
    const end = Math.min(names, start + limit);
    const entries: FileEntry[] = [];
    for (let index = start; index < end; index += 1) {
      entries.push(
        entry(`document ${String(index + 1).padStart(6, '0')}.txt`, index % 97 === 3 ? { state: 'waiting' } : {}),
      );
    }
    return { entries, next: end < names ? String(end) : null, total: names };
  }
  const all = (small[path] ?? []).map((one): FileEntry => {
    const state = standing(one.state);
    return state === one.state ? one : { ...one, state, cause: null, haveBytes: null };
  });
  const entries = all.slice(start, start + limit);
  return { entries: [...entries], next: start + limit < all.length ? String(start + limit) : null, total: all.length };
};
