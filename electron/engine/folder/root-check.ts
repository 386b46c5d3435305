import { assertNever } from '../../../shared/invariant.ts';
import { type FileSystem, systemCode } from '../ports/file-system.ts';
import type { StatMark } from '../reconcile/tree-types.ts';
import { type FolderPlace, type Marker, markerPath, readMarker } from './marker.ts';

/** Why a folder stopped and asks: nothing is deduced from what is not there. Each is also an error code. */
export type HaltCause =
  | 'root-missing'
  | 'root-replaced'
  | 'root-marker-missing'
  | 'root-marker-foreign'
  | 'root-other-file-system';

/** Whether the root is the place that the database knows; null if it is. */
export function checkRoot(fs: FileSystem, place: FolderPlace): HaltCause | null {
  try {
    const stat = fs.lstat(place.root);
    if (stat === null) return 'root-missing';
    if (stat.kind !== 'directory') return 'root-replaced';
    const marker = readMarker(fs, place.root);
    if (marker === 'missing') return 'root-marker-missing';
    if (marker === null || !sameMarker(marker, place.marker)) return 'root-marker-foreign';
    return isCopy(fs, place, stat.mark) ? 'root-other-file-system' : null;
  } catch (error) {
    if (systemCode(error) === '') throw error;
    return 'root-missing';
  }
}

/** A disk may get another number at a restart; another inode of root or marker as well means that this is another disk. */
function isCopy(fs: FileSystem, place: FolderPlace, root: StatMark): boolean {
  if (root.device === place.device) return false;
  if (root.inode !== place.inode) return true;
  return place.markerInode !== null && fs.lstat(markerPath(place.root))?.mark.inode !== place.markerInode;
}

function sameMarker(a: Marker, b: Marker): boolean {
  return a.group === b.group && a.folder === b.folder && a.device === b.device && a.id === b.id;
}

/** English for a halt, for logs and the command line. */
export function haltMessage(cause: HaltCause, root: string): string {
  switch (cause) {
    case 'root-missing':
      return `${root} is not there or can't be read`;
    case 'root-replaced':
      return `${root} is no longer a directory`;
    case 'root-marker-missing':
      return `${root} does not hold this folder's marker`;
    case 'root-marker-foreign':
      return `${root} holds the marker of another place`;
    case 'root-other-file-system':
      return `${root} lies on another file system than before`;
    default:
      return assertNever(cause);
  }
}
