/** What happened, newest first, bursts folded into one line. Pure. */

import type { Activity } from '../../../shared/model/activity.ts';
import { bytes, named, plural } from '../../../shared/model/amounts.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import { deviceWordsFirst, folderWords } from '../../store/selectors.ts';
import { decisionWords } from '../../text/decisions.ts';
import { clockTime, dayName } from '../../text/times.ts';

export type ActivityIcon = 'added' | 'changed' | 'removed' | 'moved' | 'restored' | 'decision' | 'master' | 'conflict';

export interface ActivityRow {
  readonly key: string;
  readonly icon: ActivityIcon;
  readonly text: string;
  readonly detail: string;
  readonly time: string;
}

export interface ActivityDay {
  readonly day: string;
  readonly rows: readonly ActivityRow[];
}

/** What is shown: everything, one folder's, or one device's. */
export interface ActivityFilter {
  readonly folder: string | null;
  readonly device: string | null;
}

type Files = Extract<Activity, { type: 'files' }>;

/** Changes of one kind by one device in one folder that follow each other within this time are one burst. */
const BURST_MS = 10 * 60_000;

const VERBS: Readonly<Record<Files['change'], string>> = {
  added: 'added',
  changed: 'changed',
  removed: 'removed',
  moved: 'moved',
  restored: 'restored',
};

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Folds what belongs together; the list is newest first. */
export const foldBursts = (items: readonly Activity[]): readonly Activity[] => {
  const folded: Activity[] = [];
  for (const item of items) {
    const before = folded.at(-1);
    const same =
      item.type === 'files' &&
      before?.type === 'files' &&
      before.device === item.device &&
      before.folder === item.folder &&
      before.change === item.change &&
      before.at - item.at <= BURST_MS;
    if (!same) {
      folded.push(item);
      continue;
    }
    const paths = [...new Set([...before.paths, ...item.paths])];
    const known = paths.length < before.paths.length + item.paths.length;
    const count =
      known && before.count === before.paths.length && item.count === item.paths.length
        ? paths.length
        : before.count + item.count;
    folded[folded.length - 1] = { ...before, count, bytes: before.bytes + item.bytes, paths: paths.slice(0, 5) };
  }
  return folded;
};

const filesRow = (state: AppState, item: Files): Omit<ActivityRow, 'key' | 'time'> => {
  const who = deviceWordsFirst(state, item.device);
  const where = folderWords(state, item.folder);
  const [path] = item.paths;
  const what = item.count === 1 && path !== undefined ? named(lastPart(path), 60) : plural(item.count, 'file');
  const examples = item.count === 1 ? (path ?? '') : item.paths.map(lastPart).join(', ');
  const size = item.bytes > 0 && item.change !== 'moved' && item.change !== 'removed' ? bytes(item.bytes) : '';
  return {
    icon: item.change,
    text: `${who} ${VERBS[item.change]} ${what} in ${where}`,
    detail: [size, examples].filter((part) => part !== '').join(' · '),
  };
};

const rowOf = (state: AppState, item: Activity): Omit<ActivityRow, 'key' | 'time'> => {
  switch (item.type) {
    case 'files':
      return filesRow(state, item);
    case 'decision':
      return { icon: 'decision', text: decisionWords(item, deviceWordsFirst(state, item.device)), detail: '' };
    case 'master':
      return {
        icon: 'master',
        text: `${deviceWordsFirst(state, item.device)} became the master`,
        detail: `term ${item.term}`,
      };
    case 'conflict':
      return {
        icon: 'conflict',
        text: `Two versions of ${named(lastPart(item.path), 60)} met in ${folderWords(state, item.folder)}`,
        detail: item.path,
      };
  }
};

const matches = (item: Activity, filter: ActivityFilter): boolean => {
  if (filter.device !== null && item.device !== filter.device) return false;
  if (filter.folder === null) return true;
  switch (item.type) {
    case 'files':
    case 'conflict':
      return item.folder === filter.folder;
    case 'decision':
      return item.subject?.type === 'folder' && item.subject.id === filter.folder;
    case 'master':
      return false;
  }
};

/** The days with their rows, newest first. */
export const activityView = (
  state: AppState,
  items: readonly Activity[],
  filter: ActivityFilter,
  now: number,
): readonly ActivityDay[] => {
  const wanted = items.filter((item) => matches(item, filter)).sort((left, right) => right.at - left.at);
  const days: { day: string; rows: ActivityRow[] }[] = [];
  for (const item of foldBursts(wanted)) {
    const day = dayName(item.at, now);
    const row: ActivityRow = { key: item.id, time: clockTime(item.at), ...rowOf(state, item) };
    const last = days.at(-1);
    if (last?.day === day) last.rows.push(row);
    else days.push({ day, rows: [row] });
  }
  return days;
};
