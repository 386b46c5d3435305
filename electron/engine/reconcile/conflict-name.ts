import type { ContentHash, DeviceId } from '../../../shared/ids.ts';
import { MAX_NAME_SEGMENT_BYTES } from '../../../shared/limits.ts';

/** Characters of a device's name that a conflict copy's name shows. */
const AUTHOR_CHARACTERS = 20;
/** Digits of a device's id that stand for a name without any usable character. */
const ID_DIGITS = 6;
/** Digits of the content, and to how many they are lengthened where two things want one name. */
const CONTENT_DIGITS = [8, 16, 32, 64] as const;
/** Bytes of the longest ` (conflict AUTHOR CONTENT)`, with a number after 64 digits. */
const MAX_SUFFIX_BYTES = 101;
const SUFFIX = / \(conflict [A-Za-z0-9_-]{1,20} [0-9a-f]{8,64}(?:-[0-9]{1,3})?\)$/;

/** How a conflict copy names its author: from the name the device joined with, so that it never changes. */
export function conflictAuthor(joinedName: string, device: DeviceId): string {
  const usable = joinedName.replace(/[^A-Za-z0-9_-]/g, '').slice(0, AUTHOR_CHARACTERS);
  return usable === '' ? device.slice(0, ID_DIGITS) : usable;
}

interface NameParts {
  readonly stem: string;
  /** From the last dot that is not the first character; empty where that would leave no room for a stem. */
  readonly extension: string;
}

function splitName(name: string): NameParts {
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? name.slice(dot) : '';
  const tooLong = Buffer.byteLength(extension) > MAX_NAME_SEGMENT_BYTES - MAX_SUFFIX_BYTES - 1;
  return dot > 0 && !tooLong ? { stem: name.slice(0, dot), extension } : { stem: name, extension: '' };
}

/** The parts of the original's name, also where the name is that of a copy. */
function originalParts(name: string): NameParts {
  let { stem, extension } = splitName(name);
  for (let shorter = stem.replace(SUFFIX, ''); shorter !== stem && shorter !== ''; shorter = stem.replace(SUFFIX, '')) {
    stem = shorter;
  }
  return { stem, extension };
}

/** Whether the name has the form of a conflict copy's. */
export function isCopyName(name: string): boolean {
  return originalParts(name).stem !== splitName(name).stem;
}

/** The name of which the name is a copy, or the name itself. A stem that was cut stays cut. */
export function originalName(name: string): string {
  const { stem, extension } = originalParts(name);
  return stem + extension;
}

/** The longest start of the text with at most that many bytes of UTF-8, cut between characters. */
function cutToBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  let cut = '';
  let used = 0;
  for (const character of text) {
    used += Buffer.byteLength(character);
    if (used > bytes) break;
    cut += character;
  }
  return cut;
}

/**
 * The `attempt`-th name (from 0) of a conflict copy: `stem (conflict AUTHOR CONTENT8).ext`, the content lengthened at
 * each further attempt and at last numbered, so that there is always another.
 */
export function copyName(name: string, author: string, content: ContentHash, attempt: number): string {
  const { stem, extension } = originalParts(name);
  const digits = CONTENT_DIGITS[attempt] ?? 64;
  const number = attempt < CONTENT_DIGITS.length ? '' : `-${attempt - CONTENT_DIGITS.length + 2}`;
  const end = ` (conflict ${author} ${content.slice(0, digits)}${number})${extension}`;
  return cutToBytes(stem, MAX_NAME_SEGMENT_BYTES - Buffer.byteLength(end)) + end;
}

/** Whether the name is one of those that a copy of this loser may have. */
export function isCopyNameOf(candidate: string, name: string, author: string, content: ContentHash): boolean {
  return CONTENT_DIGITS.some((_, attempt) => copyName(name, author, content, attempt) === candidate);
}

/**
 * What all names share that may bear on one another in a directory: an original, its copies, and theirs. It is a name
 * with the longest suffix's room cut off, so that copies of a long name fall to their original.
 */
export function familyOf(name: string): string {
  const { stem, extension } = originalParts(name);
  const room = MAX_NAME_SEGMENT_BYTES - MAX_SUFFIX_BYTES - Buffer.byteLength(extension);
  return cutToBytes(stem, room) + extension;
}
