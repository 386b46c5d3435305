import type { DeviceTag } from '../../../shared/ids.ts';
import { LIST_PAGE_ROWS } from '../../../shared/limits.ts';
import {
  childOf,
  type DirectoryPath,
  isBelow,
  nameOf,
  parentOf,
  type RelativePath,
} from '../../../shared/relative-path.ts';
import type { FolderIndex } from '../index/folder-index.ts';
import { isCopyName, originalName } from '../reconcile/conflict-name.ts';
import type { Node, RemoteNode } from '../reconcile/tree-types.ts';
import type { FileConflict, ListedPage, ListedPath } from './folder-types.ts';
import type { Problem } from './problems.ts';
import type { Resting } from './resting.ts';
import type { FolderTables } from './tables.ts';
import type { Work } from './work.ts';

/** What a listing is made from. */
export interface ListingSources {
  readonly tables: FolderTables;
  readonly index: FolderIndex;
  /** What the folder does; while it rests, what was found to wait in it. */
  readonly doing: Pick<Work, 'scan' | 'staging' | 'problems' | 'copies'> | Pick<Resting, 'found'>;
  /** Verified bytes so far of what is being fetched, by path. */
  readonly arrived: ReadonlyMap<RelativePath, number>;
}

/** A page of what lies directly in a directory, directories first: what is here, what is to come, and what is wrong. */
export function listDirectory(
  from: ListingSources,
  directory: DirectoryPath,
  cursor: string | null,
  limit: number,
): ListedPage {
  const listed = new Map<string, ListedPath>();
  const found = mostUrgent(from.doing, directory);
  for (const [path, row] of from.tables.localChildren(directory)) {
    listed.set(path, listedNode(from, path, row.value, found.get(path)));
  }
  // What is not here yet, and lies in directories that are not either, shows as the topmost of them.
  for (const [path, state] of found) {
    if (listed.has(path)) continue;
    const value = from.index.remote(path)?.value;
    if (value !== undefined && value.kind !== 'gone') listed.set(path, listedNode(from, path, value, state));
    else if (state.problem?.path === path) listed.set(path, unknownKind(path, state));
  }
  // A place in the order, not an entry: the listing goes on there also if that is gone meanwhile.
  const places = [...listed.values()].map((entry) => [placeOf(entry), entry] as const);
  places.sort(([a], [b]) => (a < b ? -1 : 1));
  const start = cursor === null ? 0 : places.findIndex(([place]) => place > cursor);
  const rows = Math.min(limit, LIST_PAGE_ROWS);
  const page = start < 0 ? [] : places.slice(start, start + rows);
  const more = start >= 0 && start + rows < places.length;
  return {
    entries: page.map(([, entry]) => entry),
    next: more ? (page.at(-1)?.[0] ?? null) : null,
    total: places.length,
  };
}

/** What is going on at a path, or at the most urgent of the paths below it. */
interface Found {
  readonly state: Exclude<ListedPath['state'], 'upToDate'>;
  readonly problem: Problem | null;
}

/** The more urgent, the higher. */
const URGENCY = { reading: 1, coming: 2, conflict: 3, problem: 4 } as const satisfies Record<Found['state'], number>;

/** What is going on in a directory: by what lies directly in it, each told by the most urgent of all below it. */
function mostUrgent(doing: ListingSources['doing'], directory: DirectoryPath): ReadonlyMap<RelativePath, Found> {
  const found = new Map<RelativePath, Found>();
  const note = (path: RelativePath, state: Found['state'], problem: Problem | null): void => {
    const child = childTowards(path, directory);
    if (child === null) return;
    const known = found.get(child);
    if (known === undefined || URGENCY[state] > URGENCY[known.state]) found.set(child, { state, problem });
  };
  if ('found' in doing) {
    for (const [path, state] of doing.found) note(path, state, null);
    return found;
  }
  const work = doing;
  for (const path of work.scan.awaited()) note(path, 'reading', null);
  for (const problem of [...work.scan.problems(), ...work.problems().values()]) {
    note(problem.path as RelativePath, stateOfProblem(problem), problem);
  }
  for (const path of work.copies()) note(path, 'conflict', null);
  for (const path of work.staging.wanted().keys()) note(path, 'coming', null);
  return found;
}

/** Some problems only say why something is not done yet. */
function stateOfProblem({ code }: Problem): Found['state'] {
  if (code === 'content-not-available') return 'coming';
  return code === 'file-changing' ? 'reading' : 'problem';
}

function unknownKind(path: RelativePath, { state, problem }: Found): ListedPath {
  return { path, kind: 'file', size: 0, mtime: null, state, problem, arrived: null };
}

function placeOf({ kind, path }: ListedPath): string {
  return `${kind === 'directory' ? 'd' : 'f'}${path}`;
}

function childTowards(path: RelativePath, directory: DirectoryPath): RelativePath | null {
  if (!isBelow(path, directory)) return null;
  const rest = directory === '' ? path : path.slice(directory.length + 1);
  const first = rest.split('/')[0] as string;
  return childOf(directory, first);
}

function listedNode(from: ListingSources, path: RelativePath, value: Node, found: Found | undefined): ListedPath {
  return {
    path,
    kind: value.kind,
    size: value.kind === 'file' ? value.size : 0,
    mtime: value.kind === 'file' ? value.mtime : null,
    state: found?.state ?? 'upToDate',
    problem: found?.problem ?? null,
    arrived: from.arrived.get(path) ?? null,
  };
}

/** The path of the file that a conflict copy is a version of. */
export function originalOf(path: RelativePath, remote: RemoteNode | undefined): RelativePath {
  if (remote !== undefined && remote.copyOf !== null) return remote.copyOf.path;
  if (!isCopyName(nameOf(path))) return path;
  return childOf(parentOf(path), originalName(nameOf(path))) ?? path;
}

function deleterOf(remote: RemoteNode | undefined): DeviceTag | null {
  return remote?.value.kind === 'gone' ? remote.version.author : null;
}

/** Files of which there are several versions. A copy whose original is gone is one by itself. */
export function listConflicts(
  copies: Iterable<RelativePath>,
  remoteAt: (path: RelativePath) => RemoteNode | undefined,
): readonly FileConflict[] {
  const byOriginal = new Map<RelativePath, RelativePath[]>();
  for (const copy of copies) {
    const original = originalOf(copy, remoteAt(copy));
    const known = byOriginal.get(original);
    if (known === undefined) byOriginal.set(original, [copy]);
    else known.push(copy);
  }
  return [...byOriginal]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, others]) => ({
      path,
      deletedBy: deleterOf(remoteAt(path)),
      versions: [path, ...others.sort()].flatMap((version) => {
        const remote = remoteAt(version);
        if (remote === undefined || remote.value.kind === 'gone') return [];
        const { value } = remote;
        const mtime = value.kind === 'file' ? value.mtime : null;
        const size = value.kind === 'file' ? value.size : 0;
        return [{ path: version, author: remote.version.author, mtime, size }];
      }),
    }));
}
