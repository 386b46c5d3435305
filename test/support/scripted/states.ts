/** The states that pictures and page tests show, by name. */
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import { folder, leaving, minutesAgo, state } from './builders.ts';
import { empty, hundredThousand, member, normal, rightToLeft } from './states-calm.ts';
import { longNames, removed, trouble } from './states-hard.ts';
import { busy, failoverLive, request, twoWithoutHeavier } from './states-moving.ts';

/** As normal, but for the folder Work. */
const withWork = (changes: Partial<Folder>): AppState => {
  const base = normal();
  const work = folder(
    2,
    'Work',
    base.devices,
    { 1: 1, 2: 1, 3: 1 },
    { bytes: 2_310_000_000, files: 3_204, ...changes },
  );
  return { ...base, folders: base.folders.map((of) => (of.id === work.id ? work : of)) };
};

const halted = (code: NonNullable<Folder['halt']>['code']): AppState =>
  withWork({ state: 'halted', halt: { code, path: '/home/anna/Work', since: minutesAgo(3) } });

/** Makes each state anew, so that one test's changes are not another's. */
export const STATES = {
  'first-run': () => state('Work laptop'),
  joining: () =>
    state('Work laptop', {
      joining: { type: 'waitingForApproval', since: minutesAgo(0.2), phrase: 'amber river seven' },
    }),
  empty,
  normal,
  busy,
  request,
  trouble,
  'long-names': longNames,
  'right-to-left': rightToLeft,
  'hundred-thousand': hundredThousand,
  'two-without-heavier': twoWithoutHeavier,
  'failover-live': failoverLive,
  paused: () => withWork({ state: 'paused' }),
  failing: () =>
    withWork({
      state: 'error',
      problems: [{ path: '', code: 'path-not-readable', message: 'EACCES' }],
    }),
  'halted-foreign': () => halted('root-marker-foreign'),
  'halted-replaced': () => halted('root-replaced'),
  'halted-unmarked': () => halted('root-marker-missing'),
  'halted-other-disk': () => halted('root-other-file-system'),
  member,
  restart: () => {
    const base = normal();
    return { ...base, settings: { ...base.settings, lan: false, restartNeeded: true } };
  },
  cloned: () => ({ ...normal(), home: 'cloned' as const }),
  left: () => state('Work laptop', { leaving: [leaving('Home group')] }),
  removed,
  restored: () => ({ ...normal(), home: 'confirm' as const }),
} satisfies Record<string, () => AppState>;

export type StateName = keyof typeof STATES;
