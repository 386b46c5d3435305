import { MAX_NAME_BYTES } from '../../../../shared/limits.ts';

// Ranges are written out: what \p{...} or trim() cover changes with the runtime's Unicode version, and every device
// must judge alike. Control characters, and marks that turn the direction of text around them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a name must not hold
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffd]/;
const FORBIDDEN_IN_FOLDER = /[/\\]/;

/** Whether people can be shown the text as the name of a device or group: not empty, bounded, on one line. */
export function isName(text: string): boolean {
  if (text.length === 0 || new TextEncoder().encode(text).length > MAX_NAME_BYTES) return false;
  return !FORBIDDEN.test(text) && !text.startsWith(' ') && !text.endsWith(' ');
}

/** Whether the text can name a folder: it becomes the name of a directory where folders are accepted without asking. */
export function isFolderName(text: string): boolean {
  return isName(text) && !FORBIDDEN_IN_FOLDER.test(text) && text !== '.' && text !== '..' && text !== '.flotilla';
}
