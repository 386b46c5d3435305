import type { FolderId } from '../../../shared/ids.ts';
import { decodeValue, encodeValue } from '../bytes/codec.ts';
import type { Clock } from '../ports/clock.ts';
import type { Reader, Store } from '../ports/store.ts';

const TIMES = 'version-days';
const DAY_MS = 86_400_000;

/**
 * HA5: days of 24 hours for which the folder was at work, over all its runs. No clock on the wall can make versions older
 * than they are, neither one that jumps nor midnight; what a crash loses makes them younger.
 */
export interface RunningTime {
  /** The number of the day that it is now. */
  today(): number;
  /** Makes what has passed durable. */
  note(): void;
}

/** The running time of a folder that begins to work now. */
export function createRunningTime(deps: {
  readonly folder: FolderId;
  readonly store: Store;
  readonly clock: Clock;
}): RunningTime {
  const { folder, store, clock } = deps;
  const before = noted(store, folder);
  const begun = clock.monotonic();
  const passed = (): number => before + clock.monotonic() - begun;
  return {
    today: () => Math.floor(passed() / DAY_MS),
    note: () => store.transaction((tx) => tx.put(TIMES, folder, encodeValue([Math.floor(passed())]))),
  };
}

/** The number of a folder's day as last noted: never later than it is. */
export function notedDay(store: Reader, folder: FolderId): number {
  return Math.floor(noted(store, folder) / DAY_MS);
}

function noted(store: Reader, folder: FolderId): number {
  const bytes = store.get(TIMES, folder);
  if (bytes === undefined) return 0;
  const [first, second] = decodeValue(bytes) as readonly [number, number?];
  // Two fields: days by the calendar, as they were counted at first.
  return second === undefined ? first : first * DAY_MS;
}
