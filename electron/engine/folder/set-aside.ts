import { dirname } from 'node:path';
import { invariant } from '../../../shared/invariant.ts';
import { sameMark, sameMarkButChangeTime } from '../reconcile/compare.ts';
import type { Operation } from '../reconcile/operations.ts';
import type { StatMark, SyncedNode } from '../reconcile/tree-types.ts';
import { type ApplyDeps, type ApplyGroup, authorOf, create, finishFile, prepare, rowAt } from './apply.ts';
import { ChangedUnderUs, statOf, tryLink } from './disk.ts';
import { isThere } from './other-name.ts';
import type { LocalRow } from './rows.ts';

type Conflict = Extract<Operation, { type: 'conflict' }>;

/** A local version that stands under its conflict name as well. */
export interface SetAside {
  /** What is on disk at the conflict name. */
  readonly row: LocalRow;
  /** What its own path showed right after: it is given up only if that has not changed. */
  readonly seen: StatMark;
}

/**
 * RC5, first half: the local version gets its conflict name, replacing nothing, and that name is durable when this
 * returns.
 */
export function setAside(deps: ApplyDeps, { path, copy, local }: Conflict): SetAside {
  const { fs } = deps.disk;
  const from = deps.disk.safeAs(path, local.mark);
  const to = deps.disk.safe(copy);
  const there = fs.lstat(to);
  if (there === null) {
    // A second name of a link would be one of its target on some systems.
    if (local.value.kind === 'symlink') fs.makeLink(local.value.target, to);
    else if (!tryLink(fs, from, to)) {
      fs.copy(from, to);
      if (local.value.kind === 'file') fs.setMtime(to, local.value.mtime);
    }
  } else {
    const known = deps.tables.local(copy);
    if (known === undefined || !sameMarkButChangeTime(known.mark, there.mark)) throw new ChangedUnderUs(copy);
  }
  const row = rowAt(deps, to, copy, local.value);
  const seen = statOf(fs, from).mark;
  // Giving a file another name moves its change time; a copy leaves it, and is whole only if it stayed.
  const linked = row.mark.inode === seen.inode;
  if (!(linked ? sameMarkButChangeTime(seen, local.mark) : sameMark(seen, local.mark))) throw new ChangedUnderUs(path);
  // Whoever was at the copy before its stat was taken has made it another version.
  if (local.value.kind === 'file' && row.mark.size !== local.value.size) throw new ChangedUnderUs(copy);
  fs.flushDirectory(dirname(to));
  return { row, seen };
}

/** RC5, second half: the local version stands under its conflict name, and the remote one takes the path. */
export function takeOverAside(
  deps: ApplyDeps,
  operation: Conflict,
  aside: SetAside & { readonly synced: SyncedNode | null },
  staged: string | null,
  group: ApplyGroup,
): void {
  const { fs } = deps.disk;
  const { path, copy, local, remote } = operation;
  const at = deps.disk.safe(path);
  const second = { at: deps.disk.safe(copy), mark: aside.row.mark };
  if (remote.value.kind === 'file') {
    invariant(staged !== null, 'a file is applied from its staged content');
    const { mark } = prepare(deps, staged, remote.value.mode, remote.value.mtime, local);
    if (!isThere(fs, second)) throw new ChangedUnderUs(copy);
    if (!sameMark(statOf(fs, at).mark, aside.seen)) throw new ChangedUnderUs(path);
    fs.rename(staged, at);
    finishFile(deps, path, at, { mark, unsure: false }, remote, group);
  } else {
    const first = { ...local, mark: aside.seen };
    deps.versions.dropName(path, at, first, authorOf(deps.tables, path), second, group.versions);
    group.directories.add(dirname(at));
    if (remote.value.kind === 'gone') group.rows.push({ path, local: null, synced: null });
    else create(deps, path, remote, null, local, group);
  }
  // Taking the first name away moved the change time of the second.
  const row = rowAt(deps, second.at, copy, aside.row.value);
  if (!sameMarkButChangeTime(row.mark, aside.row.mark)) throw new ChangedUnderUs(copy);
  const synced = aside.synced === null ? {} : { synced: { ...aside.synced, mark: row.mark } };
  group.rows.push({ path: copy, local: row, ...synced });
}
