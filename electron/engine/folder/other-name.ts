import type { FileSystem } from '../ports/file-system.ts';
import type { StatMark } from '../reconcile/tree-types.ts';

/** Another name, or a copy, of a file or link that is about to lose its first name. */
export interface OtherName {
  /** Absolute. */
  readonly at: string;
  readonly mark: StatMark;
}

/** Whether it still stands, whatever was written into it: a person may have taken it away. */
export function isThere(fs: FileSystem, { at, mark }: OtherName): boolean {
  const found = fs.lstat(at)?.mark;
  return found?.inode === mark.inode && found.device === mark.device;
}
