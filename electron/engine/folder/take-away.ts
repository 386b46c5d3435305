import { type FileSystem, systemCode } from '../ports/file-system.ts';
import { sameMarkButChangeTime } from '../reconcile/compare.ts';
import type { StatMark } from '../reconcile/tree-types.ts';
import { ChangedUnderUs, moveWhereNothingIs, statOf } from './disk.ts';

/**
 * What became of a name that was to go. `taken`: it is gone, and what stood there has the other name. `back`: something
 * else stood there, and stands there again. `stuck`: the same, but it could not go back, and has the other name.
 */
export type TakenAway = 'taken' | 'back' | 'stuck';

/**
 * Takes a name away from what the plan saw, and from nothing else. Between a look and an `unlink` someone may save: so
 * the name is moved into Flotilla's own place, where nobody writes, and looked at there.
 */
export function takeAway(fs: FileSystem, at: string, own: string, mark: StatMark): TakenAway {
  try {
    fs.rename(at, own);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw new ChangedUnderUs(at);
    throw error;
  }
  if (sameMarkButChangeTime(statOf(fs, own).mark, mark)) return 'taken';
  return putBack(fs, own, at) ? 'back' : 'stuck';
}

/** Gives it its old name again; false where something stands there by now. */
export function putBack(fs: FileSystem, own: string, at: string): boolean {
  try {
    moveWhereNothingIs(fs, own, at);
    return true;
  } catch (error) {
    if (systemCode(error) === '' && !(error instanceof ChangedUnderUs)) throw error;
    return false;
  }
}
