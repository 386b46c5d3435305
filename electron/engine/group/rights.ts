import type { DeviceId } from '../../../shared/ids.ts';
import type { Access } from './body.ts';
import { joinLatest, type LatestChanges } from './latest-changes.ts';
import type { Device, Folder } from './state.ts';

/** A time in which a device may write in a folder: `from` a log index, 0 for a first right, which holds from the beginning. */
export interface WriteInterval {
  readonly from: number;
  readonly end: RightEnd | null;
}

/**
 * Where the right to write in a folder ended: at which log index, with which change counter of the device (null: not
 * named), and with which changes of it (null: not named). Where changes are named they alone tell.
 */
export interface RightEnd {
  readonly at: number;
  readonly closing: number | null;
  readonly latest: LatestChanges | null;
}

/** An end that names changes. */
export interface NamedEnd extends RightEnd {
  readonly latest: LatestChanges;
}

/** When an index entry was written: its author's counter of changes, and the log index that the author had applied. */
export interface WrittenAt {
  readonly counter: number;
  readonly seen: number;
}

type Step =
  | { readonly at: number; readonly type: 'joined' }
  | (RightEnd & { readonly type: 'removed' })
  | (RightEnd & { readonly type: 'access'; readonly access: Access });

/** All times in which the device may or might write in the folder, in log order. */
export function writeIntervals(folder: Folder, device: Device): readonly WriteInterval[] {
  const intervals: WriteInterval[] = [];
  let member = false;
  let access = folder.defaultAccess;
  for (const step of stepsOf(folder, device)) {
    if (step.type === 'joined') member = true;
    else if (step.type === 'removed') member = false;
    else access = step.access;
    if (member && access === 'readWrite') begin(intervals, step.at);
    else if (step.type !== 'joined') finish(intervals, step);
  }
  return intervals;
}

function begin(intervals: WriteInterval[], at: number): void {
  const last = intervals.at(-1);
  if (last === undefined) intervals.push({ from: 0, end: null });
  else if (last.end !== null) intervals.push({ from: at, end: null });
}

function finish(intervals: WriteInterval[], step: Exclude<Step, { type: 'joined' }>): void {
  const last = intervals.at(-1);
  if (last === undefined) return;
  const { at, closing, latest } = step;
  if (last.end === null) {
    intervals[intervals.length - 1] = { from: last.from, end: { at, closing, latest } };
  } else if (step.type === 'access') {
    // The owner may name more when changes turn up that were seen in time; a leaver's own word never does.
    intervals[intervals.length - 1] = { from: last.from, end: toldMore(last.end, step) };
  }
}

function toldMore(end: RightEnd, { closing, latest }: Pick<RightEnd, 'closing' | 'latest'>): RightEnd {
  const raised = end.closing !== null && closing !== null && closing > end.closing;
  return {
    at: end.at,
    closing: raised ? closing : end.closing,
    latest: end.latest === null || latest === null ? (end.latest ?? latest) : joinLatest(end.latest, latest),
  };
}

function stepsOf(folder: Folder, device: Device): readonly Step[] {
  const steps: Step[] = [];
  for (const { from, end } of device.memberships) {
    if (end !== null && end.at <= folder.createdAt) continue;
    steps.push({ at: from, type: 'joined' });
    if (end === null) continue;
    steps.push({ at: end.at, type: 'removed', closing: end.closing, latest: end.latest?.get(folder.id) ?? null });
  }
  for (const event of folder.accessEvents.get(device.id) ?? []) steps.push({ type: 'access', ...event });
  return steps.sort((a, b) => a.at - b.at);
}

/**
 * Whether an entry written then was written with right. A first right holds from the beginning, a later one for what
 * was written after seeing it. It ends with the changes that its end names: `isNamed` says whether the entry's change is
 * one of them or one on which they build.
 */
export function isWithin(
  intervals: readonly WriteInterval[],
  written: WrittenAt,
  isNamed: (end: NamedEnd) => boolean,
): boolean {
  return intervals.some(({ from, end }) => {
    if (written.seen < from) return false;
    if (end === null) return true;
    return namesChanges(end) ? isNamed(end) : isBefore(end, written);
  });
}

/** Whether the end names changes. */
export function namesChanges(end: RightEnd): end is NamedEnd {
  return end.latest !== null;
}

/**
 * Whether an entry written then was written before the end, as far as its author is to be believed: up to the closing
 * number, or, where none was named, without having seen the end.
 */
export function isBefore(end: RightEnd, written: WrittenAt): boolean {
  return end.closing === null ? written.seen < end.at : written.counter <= end.closing;
}

/** The access that was last given to the device in the folder, or the default; membership is not looked at. */
export function grantedAccess(folder: Folder, device: DeviceId): Access {
  return folder.accessEvents.get(device)?.at(-1)?.access ?? folder.defaultAccess;
}
