import type { RelativePath } from '../../../shared/relative-path.ts';
import type { FolderIndex } from '../index/folder-index.ts';
import type { FolderTables } from './tables.ts';

/** Every path that any of the three trees holds, some of them more than once. */
export function* everyPath(
  tables: Pick<FolderTables, 'allPaths'>,
  index: Pick<FolderIndex, 'remoteBelow'>,
): Iterable<RelativePath> {
  yield* tables.allPaths();
  for (const [path] of index.remoteBelow('')) yield path;
}
