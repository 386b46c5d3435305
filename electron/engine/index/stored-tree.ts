import type { DeviceTag, FolderId } from '../../../shared/ids.ts';
import { type DirectoryPath, nameOf, parentOf, type RelativePath } from '../../../shared/relative-path.ts';
import type { Reader, Row, Transaction } from '../ports/store.ts';
import { familyOf } from '../reconcile/conflict-name.ts';
import type { TreeTable } from '../reconcile/remote-tree.ts';
import type { RemoteNode } from '../reconcile/tree-types.ts';
import { createByteReader, createByteWriter } from './byte-cursor.ts';
import { directoryKey, shardOfDirectoryKey } from './shard-place.ts';
import { decodeNode, decodeSet, encodeNode, encodeSet, type StoredSet } from './stored-forms.ts';

const SETS = 'index-set';
const TREE = 'index-tree';
const LIVE = 'index-live';

/** Names of the tables that hold a folder's sets and tree, all keyed by the folder's id and `/` first. */
export const TREE_TABLES = [SETS, TREE, LIVE] as const;

const familyKey = (folder: FolderId, directory: string, family: string): string => `${folder}/${directory}/${family}/`;

function keyOf(folder: FolderId, path: RelativePath): string {
  const name = nameOf(path);
  return familyKey(folder, directoryKey(parentOf(path)), familyOf(name)) + name;
}

/** Paths of one directory from which on reading all of it is cheaper, if it has not many more. */
const PREFETCH_PATHS = 8;

const nameOfKey = (key: string): string => key.slice(key.lastIndexOf('/') + 1);

/** The node of the path in the stored tree. */
export function readNode(reader: Reader, folder: FolderId, path: RelativePath): RemoteNode | undefined {
  const row = reader.get(TREE, keyOf(folder, path));
  return row === undefined ? undefined : decodeNode(row);
}

/** The values that stand at the path. */
export function readSet(reader: Reader, folder: FolderId, path: RelativePath): StoredSet | undefined {
  const row = reader.get(SETS, keyOf(folder, path));
  return row === undefined ? undefined : decodeSet(row);
}

/** Shards in which a set may have to be judged otherwise: something void was passed over, or what may be void stands. */
export function shardsToJudge(
  reader: Reader,
  folder: FolderId,
  mayBeVoid: (author: DeviceTag, shard: number) => boolean,
): ReadonlySet<number> {
  const shards = new Set<number>();
  for (const { key, value } of reader.range(SETS, { prefix: `${folder}/` })) {
    const shard = shardOfDirectoryKey(key.slice(folder.length + 1));
    if (shards.has(shard)) continue;
    const { voided, takenBack, values } = decodeSet(value);
    if (voided || takenBack.length > 0 || values.some(({ version }) => mayBeVoid(version.author, shard)))
      shards.add(shard);
  }
  return shards;
}

/** Whether what this device wrote at the path, or at one that bears on it, with that counter was passed over as void. */
export function isTakenBack(reader: Reader, folder: FolderId, path: RelativePath, counter: number): boolean {
  const prefix = familyKey(folder, directoryKey(parentOf(path)), familyOf(nameOf(path)));
  for (const { value } of reader.range(SETS, { prefix })) {
    if (decodeSet(value).takenBack.includes(counter)) return true;
  }
  return false;
}

/** Whether there ever was anything in the path, so that it was a directory. */
export function wasParent(reader: Reader, folder: FolderId, path: RelativePath): boolean {
  return reader.get(LIVE, `${folder}/${directoryKey(path)}`) !== undefined;
}

/** Everything at and below the directory, parents before children, names of one directory in code unit order. */
export function* nodesBelow(
  reader: Reader,
  folder: FolderId,
  directory: DirectoryPath,
): Iterable<readonly [RelativePath, RemoteNode]> {
  if (directory !== '') {
    const own = readNode(reader, folder, directory);
    if (own !== undefined) yield [directory, own];
  }
  yield* nodesInside(reader, folder, directory);
}

function* nodesInside(
  reader: Reader,
  folder: FolderId,
  directory: DirectoryPath,
): Iterable<readonly [RelativePath, RemoteNode]> {
  const key = `${folder}/${directoryKey(directory)}`;
  // Asked of files and of what is gone too: either may have been a directory, and its children's removals are here.
  if (reader.get(LIVE, key) === undefined) return;
  const names: [string, RemoteNode][] = [];
  for (const row of reader.range(TREE, { prefix: `${key}/` })) names.push([nameOfKey(row.key), decodeNode(row.value)]);
  names.sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, node] of names) {
    const path = (directory === '' ? name : `${directory}/${name}`) as RelativePath;
    yield [path, node];
    yield* nodesInside(reader, folder, path);
  }
}

/** The stored sets and tree with changes on top that are not written yet. */
export interface TreeDraft extends TreeTable {
  node(path: RelativePath): RemoteNode | undefined;
  set(path: RelativePath): StoredSet | undefined;
  /** Sets what stands at the path; a set without values is forgotten. */
  putSet(path: RelativePath, set: StoredSet): void;
  /** Reads directories of which many paths are about to be asked for at once, rather than path by path. */
  prefetch(paths: Iterable<RelativePath>): void;
  /** Writes all changes. */
  flush(tx: Transaction): void;
}

/** A draft over what the store holds. */
export function createTreeDraft(reader: Reader, folder: FolderId): TreeDraft {
  const sets = new Map<string, StoredSet>();
  const nodes = new Map<string, RemoteNode | null>();
  const live = new Map<string, number>();
  const setNames = new Map<string, Set<string>>();
  const nodeNames = new Map<string, Set<string>>();
  // Hashing a directory's path for each of its files would cost more than all else here.
  const keys = new Map<DirectoryPath, string>();

  const directory = (path: DirectoryPath): string => {
    let key = keys.get(path);
    if (key === undefined) {
      key = directoryKey(path);
      keys.set(path, key);
    }
    return key;
  };
  const families = new Map<RelativePath, string>();
  const family = (path: RelativePath): string => {
    let key = families.get(path);
    if (key === undefined) {
      key = familyKey(folder, directory(parentOf(path)), familyOf(nameOf(path)));
      families.set(path, key);
    }
    return key;
  };
  const remember = (names: Map<string, Set<string>>, path: RelativePath): void => {
    const prefix = family(path);
    const known = names.get(prefix);
    if (known === undefined) names.set(prefix, new Set([prefix + nameOf(path)]));
    else known.add(prefix + nameOf(path));
  };

  // Rows of whole directories that were read ahead: prefix of the family -> rows.
  const ahead = new Map<string, Map<string, Row[]>>();

  function* familyRows(table: typeof SETS | typeof TREE, prefix: string): Iterable<Row> {
    const families = ahead.get(table + prefix.slice(0, prefix.indexOf('/', folder.length + 1) + 1));
    if (families === undefined) yield* reader.range(table, { prefix });
    else yield* families.get(prefix) ?? [];
  }

  function readAhead(table: typeof SETS | typeof TREE, prefix: string): void {
    const families = new Map<string, Row[]>();
    for (const row of reader.range(table, { prefix })) {
      const of = row.key.slice(0, row.key.lastIndexOf('/') + 1);
      const rows = families.get(of);
      if (rows === undefined) families.set(of, [row]);
      else rows.push(row);
    }
    ahead.set(table + prefix, families);
  }

  const liveIn = (key: string): number => {
    const drafted = live.get(key);
    if (drafted !== undefined) return drafted;
    const row = reader.get(LIVE, key);
    return row === undefined ? 0 : createByteReader(row).unsigned();
  };

  return {
    sets(of, wanted) {
      const prefix = familyKey(folder, directory(of), wanted);
      const found = new Map<string, StoredSet['values']>();
      for (const { key, value } of familyRows(SETS, prefix)) found.set(nameOfKey(key), decodeSet(value).values);
      for (const key of setNames.get(prefix) ?? []) {
        const values = sets.get(key)?.values ?? [];
        if (values.length > 0) found.set(nameOfKey(key), values);
        else found.delete(nameOfKey(key));
      }
      return found;
    },
    nodes(of, wanted) {
      const prefix = familyKey(folder, directory(of), wanted);
      const found = new Map<string, RemoteNode>();
      for (const { key, value } of familyRows(TREE, prefix)) found.set(nameOfKey(key), decodeNode(value));
      for (const key of nodeNames.get(prefix) ?? []) {
        const node = nodes.get(key) ?? null;
        if (node !== null) found.set(nameOfKey(key), node);
        else found.delete(nameOfKey(key));
      }
      return found;
    },
    liveIn: (of) => liveIn(`${folder}/${directory(of)}`),
    node(path) {
      const key = family(path) + nameOf(path);
      const drafted = nodes.get(key);
      if (drafted !== undefined) return drafted ?? undefined;
      const row = reader.get(TREE, key);
      return row === undefined ? undefined : decodeNode(row);
    },
    set(path) {
      const key = family(path) + nameOf(path);
      const drafted = sets.get(key);
      if (drafted !== undefined) return drafted;
      const row = reader.get(SETS, key);
      return row === undefined ? undefined : decodeSet(row);
    },
    putSet(path, set) {
      sets.set(family(path) + nameOf(path), set);
      remember(setNames, path);
    },
    write(path, node, liveDelta) {
      const inside = `${folder}/${directory(parentOf(path))}`;
      live.set(inside, liveIn(inside) + liveDelta);
      nodes.set(family(path) + nameOf(path), node);
      remember(nodeNames, path);
    },
    prefetch(paths) {
      const counts = new Map<DirectoryPath, number>();
      for (const path of paths) counts.set(parentOf(path), (counts.get(parentOf(path)) ?? 0) + 1);
      for (const [of, count] of counts) {
        const inside = `${folder}/${directory(of)}`;
        if (count < PREFETCH_PATHS || liveIn(inside) > count * 4) continue;
        readAhead(SETS, `${inside}/`);
        readAhead(TREE, `${inside}/`);
      }
    },
    flush(tx) {
      for (const [key, set] of sets) {
        if (set.values.length === 0 && !set.voided) tx.remove(SETS, key);
        else tx.put(SETS, key, encodeSet(set));
      }
      for (const [key, node] of nodes) {
        if (node === null) tx.remove(TREE, key);
        else tx.put(TREE, key, encodeNode(node));
      }
      for (const [key, count] of live) {
        const out = createByteWriter();
        out.unsigned(count);
        tx.put(LIVE, key, out.done());
      }
    },
  };
}
