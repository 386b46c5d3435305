import { basename, join } from 'node:path';
import { FlotillaError } from '../../../shared/errors.ts';
import type { ContentHash } from '../../../shared/ids.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';
import type { FileStat } from '../ports/file-system.ts';
import type { Jobs } from '../ports/jobs.ts';
import type { FolderDisk } from './disk.ts';
import type { FolderTables } from './tables.ts';

/** What is known of a kept version that the database does not know. */
export interface Orphan {
  readonly content: ContentHash | null;
  readonly path: RelativePath;
}

/**
 * What a file among the kept versions is: a death came between it and its row. Null: nothing that is ever kept. While the
 * file that it was to be kept of still stands it has two names; then it gets bytes of its own, so that it keeps them.
 */
export async function identifyOrphan(
  deps: { readonly disk: FolderDisk; readonly jobs: Jobs; readonly tables: FolderTables },
  file: string,
): Promise<Orphan | null> {
  const stat = deps.disk.fs.lstat(file);
  // Where the death came before the database knew of it nobody can say what it was called.
  const unknown: Orphan = { content: null, path: `Recovered ${basename(file)}` as RelativePath };
  if (stat?.kind === 'symlink') return unknown;
  if (stat?.kind !== 'file') return null;
  try {
    const { file: hashed } = await deps.jobs.run('hashFile', { path: file, size: stat.mark.size });
    if (stat.links > 1) await separate(deps, file, stat, hashed.content);
    return { content: hashed.content, path: deps.tables.pathsOf(hashed.content)[0] ?? unknown.path };
  } catch (error) {
    // Being changed under its other name, or not to be read now: listed all the same.
    if (error instanceof FlotillaError && error.code !== 'engine-stopping') return unknown;
    throw error;
  }
}

async function separate(
  { disk, jobs }: { readonly disk: FolderDisk; readonly jobs: Jobs },
  file: string,
  { mark, mtime }: FileStat,
  content: ContentHash,
): Promise<void> {
  const target = join(disk.tmp, `alone-${basename(file)}`);
  if (!(await jobs.run('copyWhole', { from: file, target, content, size: mark.size }))) return;
  disk.fs.setMtime(target, mtime);
  disk.fs.rename(target, file);
}
