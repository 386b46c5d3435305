import type { DeviceId } from '../../../shared/ids.ts';
import type { Access } from './body.ts';
import type { Device, Folder, RightEnd } from './state.ts';

/** A time in which a device may write in a folder: `from` a log index, 0 for a first right, which holds from the beginning. */
export interface WriteInterval {
  readonly from: number;
  readonly end: RightEnd | null;
}

/** When an index entry was written: its author's counter of changes, and the log index that the author had applied. */
export interface WrittenAt {
  readonly counter: number;
  readonly seen: number;
}

type Step =
  | { readonly at: number; readonly type: 'joined' }
  | { readonly at: number; readonly type: 'removed'; readonly closing: number | null }
  | { readonly at: number; readonly type: 'access'; readonly access: Access; readonly closing: number | null };

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
  const { at, closing } = step;
  if (last.end === null) {
    intervals[intervals.length - 1] = { from: last.from, end: { at, closing } };
  } else if (step.type === 'access' && last.end.closing !== null && closing !== null && closing > last.end.closing) {
    // The owner may raise a closing number when changes turn up that were seen in time; a leaver's own word never does.
    intervals[intervals.length - 1] = { from: last.from, end: { at: last.end.at, closing } };
  }
}

function stepsOf(folder: Folder, device: Device): readonly Step[] {
  const steps: Step[] = [];
  for (const { from, end } of device.memberships) {
    if (end !== null && end.at <= folder.createdAt) continue;
    steps.push({ at: from, type: 'joined' });
    if (end !== null) steps.push({ at: end.at, type: 'removed', closing: end.closing });
  }
  for (const { at, access, closing } of folder.accessEvents.get(device.id) ?? []) {
    steps.push({ at, type: 'access', access, closing });
  }
  return steps.sort((a, b) => a.at - b.at);
}

/**
 * Whether an entry written then was written with right. A first right holds from the beginning, a later one for what
 * was written after seeing it; a right ends at its closing number, or, where none was named, for what had seen the end.
 */
export function isWithin(intervals: readonly WriteInterval[], written: WrittenAt): boolean {
  return intervals.some(({ from, end }) => {
    if (written.seen < from) return false;
    if (end === null) return true;
    return end.closing === null ? written.seen < end.at : written.counter <= end.closing;
  });
}

/** The access that was last given to the device in the folder, or the default; membership is not looked at. */
export function grantedAccess(folder: Folder, device: DeviceId): Access {
  return folder.accessEvents.get(device)?.at(-1)?.access ?? folder.defaultAccess;
}
