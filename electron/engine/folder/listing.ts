import { LIST_PAGE_ROWS } from '../../../shared/limits.ts';
import {
  childOf,
  type DirectoryPath,
  isBelow,
  nameOf,
  parentOf,
  type RelativePath,
} from '../../../shared/relative-path.ts';
import { isCopyName, originalName } from '../reconcile/conflict-name.ts';
import type { Node, RemoteNode } from '../reconcile/tree-types.ts';
import type { FileConflict, ListedPage, ListedPath } from './folder-types.ts';
import type { FolderTables } from './tables.ts';
import type { Work } from './work.ts';

/** A page of what lies directly in a directory, directories first: what is here, what is to come, and what is wrong. */
export function listDirectory(
  work: Work,
  tables: FolderTables,
  directory: DirectoryPath,
  cursor: string | null,
  limit: number,
): ListedPage {
  const listed = new Map<string, ListedPath>();
  for (const [path, row] of tables.localChildren(directory)) listed.set(path, listedNode(work, path, row.value));
  // What is not here yet, and lies in directories that are not either, shows as the topmost of them.
  for (const path of [...work.staging.wanted().keys(), ...work.problems().keys()]) {
    const child = childTowards(path, directory);
    if (child === null || listed.has(child)) continue;
    const value = work.trees.remote(child)?.value;
    if (value !== undefined && value.kind !== 'gone') listed.set(child, listedNode(work, child, value));
  }
  for (const problem of work.scan.problems()) {
    if (listed.has(problem.path) || parentOf(problem.path as RelativePath) !== directory) continue;
    const path = problem.path as RelativePath;
    listed.set(path, { path, kind: 'file', size: 0, mtime: null, state: 'problem', problem });
  }
  // A place in the order, not an entry: the listing goes on there also if that is gone meanwhile.
  const places = [...listed.values()].map((entry) => [placeOf(entry), entry] as const);
  places.sort(([a], [b]) => (a < b ? -1 : 1));
  const from = cursor === null ? 0 : places.findIndex(([place]) => place > cursor);
  const rows = Math.min(limit, LIST_PAGE_ROWS);
  const page = from < 0 ? [] : places.slice(from, from + rows);
  const more = from >= 0 && from + rows < places.length;
  return {
    entries: page.map(([, entry]) => entry),
    next: more ? (page.at(-1)?.[0] ?? null) : null,
    total: places.length,
  };
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

function listedNode(work: Work, path: RelativePath, value: Node): ListedPath {
  const problem = work.scan.problemAt(path) ?? work.problems().get(path) ?? null;
  const state = problem !== null ? 'problem' : stateOf(work, path);
  return {
    path,
    kind: value.kind,
    size: value.kind === 'file' ? value.size : 0,
    mtime: value.kind === 'file' ? value.mtime : null,
    state,
    problem,
  };
}

function stateOf(work: Work, path: RelativePath): ListedPath['state'] {
  if (work.copies().has(path)) return 'conflict';
  if (work.staging.isWanted(path)) return 'coming';
  return work.scan.awaits(path) ? 'reading' : 'upToDate';
}

/** The path of the file that a conflict copy is a version of. */
export function originalOf(path: RelativePath, remote: RemoteNode | undefined): RelativePath {
  if (remote !== undefined && remote.copyOf !== null) return remote.copyOf.path;
  if (!isCopyName(nameOf(path))) return path;
  return childOf(parentOf(path), originalName(nameOf(path))) ?? path;
}

/** Files of which there are several versions. A copy whose original is gone is one by itself. */
export function listConflicts(work: Work): readonly FileConflict[] {
  const byOriginal = new Map<RelativePath, RelativePath[]>();
  for (const copy of work.copies()) {
    const original = originalOf(copy, work.trees.remote(copy));
    const copies = byOriginal.get(original);
    if (copies === undefined) byOriginal.set(original, [copy]);
    else copies.push(copy);
  }
  return [...byOriginal]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, copies]) => ({
      path,
      versions: [path, ...copies.sort()].flatMap((version) => {
        const remote = work.trees.remote(version);
        if (remote === undefined || remote.value.kind === 'gone') return [];
        const { value } = remote;
        const mtime = value.kind === 'file' ? value.mtime : null;
        const size = value.kind === 'file' ? value.size : 0;
        return [{ path: version, author: remote.version.author, mtime, size }];
      }),
    }));
}
