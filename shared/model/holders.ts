/** What the devices that hold a folder have of it. Pure; one rule for the engine's counts and for what is shown. */
import type { Holder } from './folder.ts';

/**
 * Nothing is missing there, its index is ours, and the folder is at work: a device that missed a change, has stopped, or
 * was not heard of is no complete copy, however many bytes it has.
 */
export const isComplete = (holder: Holder): boolean =>
  holder.holds && holder.state === 'working' && holder.headsEqual && holder.needFiles === 0 && holder.needBytes === 0;

/** It holds the folder, and something is still on its way to it by itself. */
export const isBehind = (holder: Holder): boolean => holder.holds && holder.state === 'working' && !isComplete(holder);

/** A person has to do something at that device. */
export const needsItsUser = (holder: Holder): boolean =>
  holder.holds && (holder.state === 'halted' || holder.state === 'failing' || holder.problems > 0);
