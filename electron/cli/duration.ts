import { InvalidArgumentError } from 'commander';

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration such as `90s`, `24h` or `7d`. */
export function durationMs(text: string): number {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  const value = match === null ? 0 : Number(match[1]) * (MILLISECONDS[match[2] ?? ''] ?? 0);
  if (value <= 0) throw new InvalidArgumentError('Write a duration such as 90s, 24h or 7d.');
  return value;
}

/** Milliseconds of a number of seconds. */
export function secondsMs(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0)) throw new InvalidArgumentError('Write a number of seconds.');
  return Math.round(seconds * 1_000);
}

/** Milliseconds as a whole number. */
export function wholeMs(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Write a whole number of milliseconds.');
  return Number(text);
}
