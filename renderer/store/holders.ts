/** How much of a folder a device has. Pure. */
import { bytes, percent } from '../../shared/model/amounts.ts';
import type { Holder } from '../../shared/model/folder.ts';

/** Nothing is missing there, and its index is ours: a device that missed a change is not complete, however many bytes it has. */
export const isComplete = (holder: Holder): boolean =>
  holder.headsEqual && holder.needBytes === 0 && holder.needFiles === 0;

/** From 0 to 1; 1 only when it is complete. */
export const shareOf = (holder: Holder): number => {
  if (isComplete(holder)) return 1;
  const whole = holder.haveBytes + holder.needBytes;
  return whole === 0 ? 0.99 : Math.min(0.99, holder.haveBytes / whole);
};

/** `100 %`, `82 %`. */
export const shareWords = (holder: Holder): string => {
  const whole = holder.haveBytes + holder.needBytes;
  if (isComplete(holder)) return '100 %';
  return whole === 0 ? '99 %' : percent(Math.min(holder.haveBytes, whole - 1), whole);
};

/** The same as the end of a sentence that begins with the device's name. */
export const holderWords = (holder: Holder): string => {
  if (isComplete(holder)) return 'has all of it';
  if (holder.needBytes === 0) return 'does not have the latest changes';
  return `has ${shareWords(holder)}, ${bytes(holder.needBytes)} to come`;
};
