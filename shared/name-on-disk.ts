/** What names a disk can hold: those of Windows are fewer, and some lead elsewhere or name a device. */
export type NameRules = 'posix' | 'windows';

/** Names of devices, in every directory, whatever follows the first dot. */
const DEVICES = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3]) *(\.|$)/i;
/** Separators, the colon of drives and streams, and what stands for other characters. */
const FORBIDDEN = /[\\/:*?"<>|]/;
/** The short names that Windows gives to `.flotilla`: FLOTIL~1, or FL with four digits of a hash. */
const SHORT_OWN = /^fl[0-9a-z]{0,6}~[0-9]+$/i;

/** Whether a disk with these rules can hold the segment of a path as it is written, there and nowhere else. */
export function canHoldName(segment: string, rules: NameRules): boolean {
  if (rules === 'posix') return true;
  if (FORBIDDEN.test(segment) || DEVICES.test(segment) || SHORT_OWN.test(segment)) return false;
  return !/[. ]$/.test(segment) && [...segment].every((character) => character >= ' ');
}
