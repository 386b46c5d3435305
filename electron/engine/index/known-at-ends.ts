import type { DeviceTag, FolderId } from '../../../shared/ids.ts';
import type { Store } from '../ports/store.ts';
import type { FolderRights } from './index-group.ts';
import type { ShardShelf } from './shard-shelf.ts';

/** `folder/ends`: JSON, author and log index of the end -> shard -> changes. */
const ENDS = 'index-end';

/** Names of the tables that hold what was known at ends, keyed by the folder's id and `/` first. */
export const END_TABLES = [ENDS] as const;

type ByShard = Readonly<Record<string, readonly string[]>>;

/**
 * What was here of an author when the end of its right to write became known here: its latest changes, of each shard in
 * which a change that the end names was missing then. They go on counting until it has come, so that nothing vanishes
 * meanwhile; what comes from the author after that does not, so that no missing change lets it go on writing.
 */
export interface KnownAtEnds {
  of(author: DeviceTag, at: number, shard: number): readonly string[];
  /** Notes what is here now, for ends that are new here. */
  note(rights: FolderRights): void;
  /** This device has received the folder only now: what came with it counts as known before. Authors that it concerns. */
  noteAgain(rights: FolderRights): ReadonlySet<DeviceTag>;
}

/** What the store holds of it for one folder. */
export function createKnownAtEnds(store: Store, shelf: ShardShelf, folder: FolderId): KnownAtEnds {
  const key = `${folder}/ends`;
  const row = store.get(ENDS, key);
  let ends = new Map<string, ByShard>(
    row === undefined ? [] : Object.entries(JSON.parse(Buffer.from(row).toString('utf8')) as Record<string, ByShard>),
  );
  const nameOf = (author: DeviceTag, at: number): string => `${author} ${at}`;

  function here(author: DeviceTag, named: ReadonlyMap<number, readonly string[]>): ByShard {
    const shards: Record<string, readonly string[]> = {};
    for (const [shard, hashes] of named) {
      const { latest, arrivals } = shelf.summary(folder, shard);
      const own = (latest.get(author) ?? []).map(({ hash }) => hash);
      if (arrivals === 0 || hashes.every((hash) => own.includes(hash))) continue;
      const { graph } = shelf.document(folder, shard);
      if (!hashes.every((hash) => graph.has(hash))) shards[shard] = own;
    }
    return shards;
  }

  /** Authors of which something was noted. */
  function note(rights: FolderRights, known: ReadonlyMap<string, ByShard>): ReadonlySet<DeviceTag> {
    const next = new Map(known);
    const authors = new Set<DeviceTag>();
    for (const [author, { at, latest }] of rights.namedEnds()) {
      if (next.has(nameOf(author, at))) continue;
      const shards = here(author, latest);
      next.set(nameOf(author, at), shards);
      if (Object.keys(shards).length > 0) authors.add(author);
    }
    if (next.size === known.size) return authors;
    store.transaction((tx) => tx.put(ENDS, key, Buffer.from(JSON.stringify(Object.fromEntries(next)), 'utf8')));
    ends = next;
    return authors;
  }

  return {
    of: (author, at, shard) => ends.get(nameOf(author, at))?.[shard] ?? [],
    note: (rights) => void note(rights, ends),
    noteAgain: (rights) => note(rights, new Map()),
  };
}
