/** Amounts in words, the same in the window, the tray and the command line. Pure; English. */

const groups = new Intl.NumberFormat('en-US');

/** `1,204`. */
export const count = (value: number): string => groups.format(value);

/** `1 file`, `1,204 files`; the plural adds an s unless it is given. */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `812 bytes`, `3.1 GB`: powers of 1000, as disks are sold and file managers count. */
export const bytes = (value: number): string => {
  let unit = 0;
  let amount = value;
  while (amount >= 999.5 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  if (unit === 0) return value === 1 ? '1 byte' : `${count(Math.round(amount))} bytes`;
  return `${amount < 9.95 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[unit]}`;
};

/** `0 kB/s`, `0.4 kB/s`, `12 MB/s`. */
export const rate = (bytesPerSecond: number): string => {
  if (bytesPerSecond < 50) return '0 kB/s';
  return bytesPerSecond < 950 ? `${(bytesPerSecond / 1000).toFixed(1)} kB/s` : `${bytes(Math.round(bytesPerSecond))}/s`;
};

/** `a few seconds`, `40 seconds`, `2 minutes`, `3 hours`, `5 days`: how long something will take or lasts. */
export const duration = (ms: number): string => {
  const seconds = ms / 1000;
  if (seconds < 5) return 'a few seconds';
  if (seconds < 55) return plural(Math.round(seconds / 5) * 5, 'second');
  if (seconds < 3_540) return plural(Math.max(1, Math.round(seconds / 60)), 'minute');
  if (seconds < 84_600) return plural(Math.max(1, Math.round(seconds / 3_600)), 'hour');
  return plural(Math.max(1, Math.round(seconds / 86_400)), 'day');
};

/** `1.9 s`, `240 ms`: a measured time. */
export const measured = (ms: number): string => (ms < 995 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** `42 %`; below the whole never 100, above nothing never 0. */
export const percent = (have: number, whole: number): string => {
  if (whole <= 0 || have >= whole) return '100 %';
  if (have <= 0) return '0 %';
  return `${Math.min(99, Math.max(1, Math.round((have / whole) * 100)))} %`;
};

/** A name inside a sentence: cut to `most` characters, and kept from turning the direction of what stands around it. */
export const named = (name: string, most = 40): string => {
  const characters = [...name];
  const cut = characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : name;
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/.test(cut) ? `\u2068${cut}\u2069` : cut;
};

/** `Studio`, `Studio and Pi`, `Studio, Pi and Work`; the word before the last can be given. */
export const listed = (names: readonly string[], word = 'and'): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
