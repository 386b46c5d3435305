import type { DeviceTag } from '../../../shared/ids.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';
import { type FileSystem, systemCode } from '../ports/file-system.ts';
import { sameMarkButChangeTime } from '../reconcile/compare.ts';
import type { LocalNode } from '../reconcile/tree-types.ts';
import { ChangedUnderUs, statOf, tryLink } from './disk.ts';
import { putBack } from './take-away.ts';
import type { PendingVersion, VersionStore } from './versions.ts';

/**
 * Gives what stands at `from` (as the plan saw it) the name `to`, where nothing may stand: by link, which can't
 * overwrite, where possible. Throws `ChangedUnderUs` where someone was quicker; whatever they saved stays, or is kept.
 */
export function moveSeen(
  fs: FileSystem,
  versions: VersionStore,
  seen: { readonly path: RelativePath; readonly local: LocalNode; readonly author: DeviceTag | null },
  from: string,
  to: string,
  into: PendingVersion[],
): void {
  const { path, local, author } = seen;
  if (!linkWhereNothingIs(fs, from, to)) {
    if (fs.lstat(to) !== null) throw new ChangedUnderUs(to);
    fs.rename(from, to);
    if (sameMarkButChangeTime(statOf(fs, to).mark, local.mark)) return;
    putBack(fs, to, from);
    throw new ChangedUnderUs(path);
  }
  try {
    versions.dropName(path, from, local, author, { at: to, mark: local.mark }, into);
  } catch (error) {
    const there = fs.lstat(to);
    // Written in place meanwhile: the path keeps it, and must not share it with the new name.
    const shared = there !== null && there.mark.inode === fs.lstat(from)?.mark.inode;
    if (error instanceof ChangedUnderUs && shared) {
      const { mark } = there;
      versions.dropName(path, to, { ...local, mark }, author, { at: from, mark }, into);
    }
    throw error;
  }
}

function linkWhereNothingIs(fs: FileSystem, from: string, to: string): boolean {
  try {
    return fs.lstat(from)?.kind === 'file' && tryLink(fs, from, to);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw new ChangedUnderUs(to);
    throw error;
  }
}
