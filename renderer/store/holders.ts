/** How much of a folder a device has, as it is shown. Pure. */
import { bytes, percent } from '../../shared/model/amounts.ts';
import type { Holder } from '../../shared/model/folder.ts';
import { isComplete } from '../../shared/model/holders.ts';

/** What a dot or a cell stands for. */
export type Share =
  | { readonly kind: 'none' }
  /** It has said nothing since this computer started. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'complete' }
  /** From 0 to 1, never quite 1. */
  | { readonly kind: 'partial'; readonly share: number }
  | { readonly kind: 'paused' }
  | { readonly kind: 'stopped' };

export const shareOf = (holder: Holder | undefined): Share => {
  if (!holder?.holds) return { kind: 'none' };
  switch (holder.state) {
    case 'unknown':
      return { kind: 'unknown' };
    case 'paused':
      return { kind: 'paused' };
    case 'halted':
    case 'failing':
      return { kind: 'stopped' };
    case 'working': {
      if (isComplete(holder)) return { kind: 'complete' };
      const whole = holder.haveBytes + holder.needBytes;
      return { kind: 'partial', share: whole === 0 ? 0.99 : Math.min(0.99, holder.haveBytes / whole) };
    }
  }
};

/** `100 %`, `82 %`, `paused`: where there is little room. */
export const shareWords = (holder: Holder): string => {
  const share = shareOf(holder);
  switch (share.kind) {
    case 'none':
      return '-';
    case 'unknown':
      return '?';
    case 'complete':
      return '100 %';
    case 'paused':
    case 'stopped':
      return share.kind;
    case 'partial':
      // All bytes that it knows of are there: what is missing has no measure yet.
      return holder.needBytes === 0 ? '99 %' : percent(holder.haveBytes, holder.haveBytes + holder.needBytes);
  }
};

/** The same as the end of a sentence that begins with the device's name. */
export const holderWords = (holder: Holder | undefined): string => {
  const share = shareOf(holder);
  switch (share.kind) {
    case 'none':
      return holder?.access === 'none' ? 'has no access' : 'does not hold it';
    case 'unknown':
      return 'was not heard from since this computer started';
    case 'complete':
      return 'has all of it';
    case 'paused':
      return 'has paused it';
    case 'stopped':
      return 'has stopped: someone has to answer there';
    case 'partial':
      if (!holder || holder.needBytes === 0) return 'does not have the latest changes';
      return `has ${shareWords(holder)}, ${bytes(holder.needBytes)} to come`;
  }
};
