/** Kept versions as rows. Pure. */
import { bytes } from '../../../shared/model/amounts.ts';
import type { KeptVersion } from '../../../shared/model/kept-version.ts';
import { moment } from '../../text/times.ts';
import { REASON_WORDS } from '../../text/words.ts';

export interface VersionRow {
  readonly version: KeptVersion;
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
      return { version, words: parts.join(' · ') };
    });
