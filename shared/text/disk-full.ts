import { FREE_SPACE_RESERVE_BYTES } from '../limits.ts';
import { bytes } from '../model/amounts.ts';
import type { Holder } from '../model/folder.ts';

/**
 * What is said of a disk that is too full for what is to come: `The disk of Studio is full (200 MB left, 3.1 GB needed)`,
 * without what is never filled. The figures are left out where they would not explain it: there is room again, or it is
 * another disk.
 */
export const diskFullWords = (
  whose: string,
  { diskFull, needBytes }: Pick<Holder, 'diskFull' | 'needBytes'>,
): string => {
  const what = `The disk of ${whose} is full`;
  if (diskFull === null) return what;
  const left = Math.max(0, diskFull - FREE_SPACE_RESERVE_BYTES);
  return needBytes > left ? `${what} (${bytes(left)} left, ${bytes(needBytes)} needed)` : what;
};
