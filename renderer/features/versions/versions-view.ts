/** Kept versions as rows, and why none can be restored. Pure. */
import { bytes, named } from '../../../shared/model/amounts.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import type { KeptVersion } from '../../../shared/model/kept-version.ts';
import { moment } from '../../text/times.ts';
import { REASON_WORDS } from '../../text/words.ts';

export interface VersionRow {
  readonly version: KeptVersion;
  readonly name: string;
  /** The directories on the way to it; empty at the folder's root. */
  readonly place: string;
  /** Why and when it was put aside, who made it, how large it is. */
  readonly words: string;
}

/** The rows, newest first. `who`: the author's name in words. */
export const versionRows = (
  versions: readonly KeptVersion[],
  who: (device: string | null) => string,
  now: number,
): readonly VersionRow[] =>
  [...versions]
    .sort((left, right) => right.time - left.time)
    .map((version) => {
      const parts = [`${REASON_WORDS[version.reason]} ${moment(version.time, now)}`];
      if (version.device !== null) parts.push(`made by ${who(version.device)}`);
      if (version.kind === 'file') parts.push(bytes(version.size));
      const { path } = version;
      const cut = path.lastIndexOf('/');
      return { version, name: path.slice(cut + 1), place: path.slice(0, Math.max(0, cut)), words: parts.join(' · ') };
    });

/** Why nothing can be restored now. */
export interface Rest {
  readonly title: string;
  readonly text: string;
  /** It goes on as soon as its user says so. */
  readonly canGoOn: boolean;
}

/** Null where what is kept can be restored. */
export const restOf = ({ name, state }: Pick<Folder, 'name' | 'state'>): Rest | null => {
  switch (state) {
    case 'paused':
      return { title: `${named(name)} is paused`, text: 'A version can be restored once it goes on.', canGoOn: true };
    case 'halted':
      return {
        title: `${named(name)} has stopped`,
        text: 'A version can be restored once it goes on: choose above what is to be done.',
        canGoOn: false,
      };
    case 'error':
      return {
        title: `${named(name)} can’t work at the moment`,
        text: 'A version can be restored once it works again. What is wrong stands under Activity.',
        canGoOn: false,
      };
    default:
      return null;
  }
};
