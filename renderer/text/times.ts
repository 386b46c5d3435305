/** Moments in words. `now` is given, so that these are pure. */
import { duration, plural } from '../../shared/model/amounts.ts';

const two = (value: number): string => String(value).padStart(2, '0');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const DAY_MS = 86_400_000;

/** `14:02`. */
export const clockTime = (at: number): string => {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
};

const dayNumber = (at: number): number => {
  const date = new Date(at);
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / DAY_MS);
};

/** `Today`, `Yesterday`, `3 Mar`, `3 Mar 2025`. */
export const dayName = (at: number, now: number): string => {
  const days = dayNumber(now) - dayNumber(at);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  const date = new Date(at);
  const year = date.getFullYear() === new Date(now).getFullYear() ? '' : ` ${date.getFullYear()}`;
  return `${date.getDate()} ${MONTHS[date.getMonth()]}${year}`;
};

/** `14:02`, `yesterday 14:02`, `3 Mar 14:02`. */
export const moment = (at: number, now: number): string => {
  const day = dayName(at, now);
  return day === 'Today' ? clockTime(at) : `${day === 'Yesterday' ? 'yesterday' : day} ${clockTime(at)}`;
};

/** `14:02`, `9 Mar 12:32`: where there is little room. */
export const shortMoment = (at: number, now: number): string => {
  if (dayName(at, now) === 'Today') return clockTime(at);
  const date = new Date(at);
  return `${date.getDate()} ${MONTHS[date.getMonth()]} ${clockTime(at)}`;
};

/** `just now`, `3 minutes ago`, `yesterday 14:02`. */
export const ago = (at: number, now: number): string => {
  const passed = now - at;
  if (passed < 45_000) return 'just now';
  if (passed < 60 * 60_000) return `${plural(Math.max(1, Math.round(passed / 60_000)), 'minute')} ago`;
  return moment(at, now);
};

/** `in 22 hours`, or null when it is past. */
export const until = (at: number, now: number): string | null => (at <= now ? null : `in ${duration(at - now)}`);
