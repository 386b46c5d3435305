import { MAX_NAME_SEGMENT_BYTES, MAX_PATH_BYTES } from './limits.ts';

declare const brand: unique symbol;
/** A path below a folder's root: NFC, segments joined by `/`, none empty, `.` or `..`, none a form of `.flotilla`. */
export type RelativePath = string & { readonly [brand]: 'RelativePath' };
/** A directory of a folder: a relative path, or the empty text for the root itself. */
export type DirectoryPath = RelativePath | '';

/** The directory in a folder's root in which Flotilla keeps its own things; never scanned, never taken from a peer. */
export const OWN_DIRECTORY = '.flotilla';

const encoder = new TextEncoder();

/** Whether two names are equal for a file system that folds case and Unicode form. */
export function foldName(name: string): string {
  return name.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** Whether a single segment is one that every place in the program may hold. */
export function isSegment(segment: string): boolean {
  if (segment === '' || segment === '.' || segment === '..') return false;
  if (segment.includes('/') || segment.includes('\0')) return false;
  if (foldName(segment).replace(/[. ]+$/, '') === OWN_DIRECTORY) return false;
  return encoder.encode(segment).length <= MAX_NAME_SEGMENT_BYTES && !hasLoneSurrogate(segment);
}

function hasLoneSurrogate(text: string): boolean {
  return /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
}

/** The one way from text to a relative path; null for everything that could lead elsewhere or is not in its one form. */
export function parseRelativePath(text: string): RelativePath | null {
  if (text === '' || text !== text.normalize('NFC')) return null;
  if (encoder.encode(text).length > MAX_PATH_BYTES) return null;
  return text.split('/').every(isSegment) ? (text as RelativePath) : null;
}

/** The directory that holds the path. */
export function parentOf(path: RelativePath): DirectoryPath {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : (path.slice(0, slash) as RelativePath);
}

/** The last segment of the path. */
export function nameOf(path: RelativePath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The path of a name inside a directory; null if the name is not a segment. */
export function childOf(directory: DirectoryPath, name: string): RelativePath | null {
  if (!isSegment(name.normalize('NFC'))) return null;
  const normal = name.normalize('NFC');
  return parseRelativePath(directory === '' ? normal : `${directory}/${normal}`);
}

/** Whether the path lies somewhere below the directory. */
export function isBelow(path: RelativePath, directory: DirectoryPath): boolean {
  return directory === '' || path.startsWith(`${directory}/`);
}
