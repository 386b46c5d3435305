import { type DirectoryPath, nameOf, parentOf, type RelativePath } from '../../../shared/relative-path.ts';
import { familyOf } from './conflict-name.ts';
import { type AuthorNames, type SetValue, sameValue, sameVersion } from './entry-set.ts';
import { familyTree } from './remote-family.ts';
import type { RemoteNode } from './tree-types.ts';

/** What stands at each path of a folder, and the tree made of it, by families of names. */
export interface TreeTable {
  /** The values of all names of the family. */
  sets(directory: DirectoryPath, family: string): ReadonlyMap<string, readonly SetValue[]>;
  /** The nodes that the tree has for the names of the family. */
  nodes(directory: DirectoryPath, family: string): ReadonlyMap<string, RemoteNode>;
  /** Live nodes of the tree directly in the directory. */
  liveIn(directory: DirectoryPath): number;
  /** Sets a node (null for none) and, with it, the count of live ones. */
  write(path: RelativePath, node: RemoteNode | null, liveDelta: -1 | 0 | 1): void;
}

/** A path of the tree before and after an update; undefined where the tree does not hold it. */
export interface TreeChange {
  readonly before: RemoteNode | undefined;
  readonly after: RemoteNode | undefined;
}

/** Whether the node is there for a person: it makes its parent a directory. */
export function isLive(node: RemoteNode | undefined): boolean {
  return node !== undefined && (node.frozen || node.value.kind !== 'gone');
}

/** Whether two nodes are equal in everything. */
export function sameNode(a: RemoteNode | undefined, b: RemoteNode | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.frozen !== b.frozen || !sameVersion(a.version, b.version) || !sameValue(a.value, b.value)) return false;
  if (a.value.kind === 'gone' && b.value.kind === 'gone' && a.value.movedTo !== b.value.movedTo) return false;
  if (a.copyOf === null || b.copyOf === null) return a.copyOf === b.copyOf;
  return a.copyOf.path === b.copyOf.path && sameVersion(a.copyOf.version, b.copyOf.version);
}

/**
 * Brings the tree up to date where the sets of these paths changed: their families and, where a directory gains its
 * first live child or loses its last, the directory's own family, up to the root. The outcome equals a computation of
 * the whole. Answers every path whose node differs.
 */
export function updateTree(
  table: TreeTable,
  changed: Iterable<RelativePath>,
  rights: AuthorNames,
): Map<RelativePath, TreeChange> {
  const dirty = new Map<number, Map<string, RelativePath>>();
  const changes = new Map<RelativePath, TreeChange>();
  const mark = (path: RelativePath): void => {
    const depth = path.split('/').length;
    const level = dirty.get(depth) ?? new Map<string, RelativePath>();
    dirty.set(depth, level);
    const key = `${parentOf(path)}/${familyOf(nameOf(path))}`;
    // One path stands for its family; a directory without a set of its own has to be named itself.
    level.set(`${key}/${nameOf(path)}`, path);
  };
  for (const path of changed) mark(path);
  while (dirty.size > 0) {
    const depth = Math.max(...dirty.keys());
    const level = dirty.get(depth) ?? new Map<string, RelativePath>();
    dirty.delete(depth);
    for (const [directory, families] of byFamily(level.values())) {
      const live = table.liveIn(directory) > 0;
      for (const [family, names] of families) updateFamily(table, directory, family, names, rights, changes);
      if (directory !== '' && table.liveIn(directory) > 0 !== live) mark(directory);
    }
  }
  return changes;
}

function byFamily(paths: Iterable<RelativePath>): Map<DirectoryPath, Map<string, Set<string>>> {
  const directories = new Map<DirectoryPath, Map<string, Set<string>>>();
  for (const path of paths) {
    const families = directories.get(parentOf(path)) ?? new Map<string, Set<string>>();
    directories.set(parentOf(path), families);
    const names = families.get(familyOf(nameOf(path))) ?? new Set<string>();
    families.set(familyOf(nameOf(path)), names);
    names.add(nameOf(path));
  }
  return directories;
}

function updateFamily(
  table: TreeTable,
  directory: DirectoryPath,
  family: string,
  named: ReadonlySet<string>,
  rights: AuthorNames,
  changes: Map<RelativePath, TreeChange>,
): void {
  const inside = (name: string): RelativePath => (directory === '' ? name : `${directory}/${name}`) as RelativePath;
  const before = table.nodes(directory, family);
  const sets = new Map(table.sets(directory, family));
  for (const name of [...before.keys(), ...named]) if (!sets.has(name)) sets.set(name, []);
  const after = familyTree({
    directory,
    sets,
    isParent: (name) => table.liveIn(inside(name)) > 0,
    authorName: (author) => rights.authorName(author),
  });
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const was = before.get(name);
    const is = after.get(name);
    if (sameNode(was, is)) continue;
    const liveDelta = (Number(isLive(is)) - Number(isLive(was))) as -1 | 0 | 1;
    const path = inside(name);
    table.write(path, is ?? null, liveDelta);
    changes.set(path, { before: changes.has(path) ? changes.get(path)?.before : was, after: is });
  }
}

/** The whole tree of the sets, computed at once: what every order of updates must come to. */
export function remoteTree(
  sets: ReadonlyMap<RelativePath, readonly SetValue[]>,
  rights: AuthorNames,
): Map<RelativePath, RemoteNode> {
  const table = createMemoryTree(sets);
  updateTree(table, sets.keys(), rights);
  return new Map(table.tree);
}

/** A tree in memory. */
export interface MemoryTree extends TreeTable {
  readonly tree: ReadonlyMap<RelativePath, RemoteNode>;
}

/** A table over sets in memory, to which they may be written at any time before the next update. */
export function createMemoryTree(sets: ReadonlyMap<RelativePath, readonly SetValue[]>): MemoryTree {
  const tree = new Map<RelativePath, RemoteNode>();
  const live = new Map<DirectoryPath, number>();
  const family = <T>(from: ReadonlyMap<RelativePath, T>, directory: DirectoryPath, wanted: string): Map<string, T> => {
    const found = new Map<string, T>();
    for (const [path, value] of from) {
      if (parentOf(path) === directory && familyOf(nameOf(path)) === wanted) found.set(nameOf(path), value);
    }
    return found;
  };
  return {
    tree,
    sets: (directory, wanted) => family(sets, directory, wanted),
    nodes: (directory, wanted) => family(tree, directory, wanted),
    liveIn: (directory) => live.get(directory) ?? 0,
    write(path, node, liveDelta) {
      if (node === null) tree.delete(path);
      else tree.set(path, node);
      live.set(parentOf(path), (live.get(parentOf(path)) ?? 0) + liveDelta);
    },
  };
}
