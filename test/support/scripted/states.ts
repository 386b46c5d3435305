/** The states that pictures and page tests show, by name. */
import type { AppState } from '../../../shared/model/app-state.ts';
import { minutesAgo, state } from './builders.ts';
import { empty, hundredThousand, normal, rightToLeft } from './states-calm.ts';
import { longNames, trouble } from './states-hard.ts';
import { busy, failoverLive, request, twoWithoutHeavier } from './states-moving.ts';

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
  cloned: () => ({ ...normal(), home: 'cloned' as const }),
  restored: () => ({ ...normal(), home: 'confirm' as const }),
} satisfies Record<string, () => AppState>;

export type StateName = keyof typeof STATES;
