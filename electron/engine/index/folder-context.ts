import type { DeviceId, DeviceTag, FolderId } from '../../../shared/ids.ts';
import { parseRelativePath, type RelativePath } from '../../../shared/relative-path.ts';
import type { Store } from '../ports/store.ts';
import { standingValues } from '../reconcile/entry-set.ts';
import type { KnownChange } from './change-graph.ts';
import type { ChangePlace, FolderRights, IndexGroup } from './index-group.ts';
import type { KnownAtEnds } from './known-at-ends.ts';
import type { DocumentValue } from './shard-document.ts';
import { FIRST_EPOCH, shardOf } from './shard-place.ts';
import type { ShardShelf } from './shard-shelf.ts';
import type { ShardPlace } from './signed-change.ts';
import { type StoredSet, type StoredValue, standingValueOf } from './stored-forms.ts';
import { readSet } from './stored-tree.ts';

/** This device, with what it signs its changes with. */
export interface IndexIdentity {
  readonly device: DeviceId;
  readonly tag: DeviceTag;
  /** libsodium's 64 bytes. */
  readonly secretKey: Uint8Array;
}

/** What the steps on one folder's index share. */
export interface FolderContext {
  readonly folder: FolderId;
  readonly store: Store;
  readonly shelf: ShardShelf;
  readonly identity: IndexIdentity;
  group(): IndexGroup;
  /** The rights by which the stored sets were made. */
  rights(): FolderRights;
  /** What was here of authors when the ends of their rights became known here. */
  readonly knownAtEnds: KnownAtEnds;
}

/** The document of which a change's signature speaks. */
export function placeOf(context: FolderContext, shard: number): ShardPlace {
  return { group: context.group().id, folder: context.folder, epoch: FIRST_EPOCH, shard };
}

/** The path that a key of the shard's document is; null for a key that no path has there, which is void. */
export function pathOfKey(key: string, shard: number): RelativePath | null {
  const path = parseRelativePath(key);
  return path !== null && shardOf(path) === shard ? path : null;
}

interface Written {
  readonly id: string;
  readonly from: DocumentValue;
  readonly value: StoredValue | null;
}

function changePlace(context: FolderContext, shard: number): ChangePlace {
  const { graph } = context.shelf.document(context.folder, shard);
  return { shard, graph, known: (author, { at }) => context.knownAtEnds.of(author, at, shard) };
}

/** Changes of this device that do not count. */
export function ownVoidChanges(context: FolderContext, shard: number): readonly KnownChange[] {
  const { tag } = context.identity;
  const rights = context.rights();
  if (!rights.hasEnd(tag)) return [];
  const { graph } = context.shelf.document(context.folder, shard);
  const latest = graph.latest().get(tag) ?? [];
  const hashes = latest.map(({ hash }) => hash);
  if (!rights.mayBeVoid(tag, shard, hashes)) return [];
  const place = changePlace(context, shard);
  return graph.by(tag).filter((change) => !rights.counts(change, place));
}

/** What stands at the path by the shard's document and the rights. `ownVoid`: of the shard. */
export function standingAt(
  context: FolderContext,
  shard: number,
  path: RelativePath,
  ownVoid = ownVoidChanges(context, shard),
): StoredSet {
  const document = context.shelf.document(context.folder, shard);
  const { rights } = context;
  const place = changePlace(context, shard);
  const written = (from: DocumentValue): Written => {
    const { version, seen } = from.change;
    return { id: from.id, from, value: standingValueOf(from.bytes, version, seen) };
  };
  const { values, voided } = standingValues<Written>({
    current: document.values(path).map(written),
    isVoid: ({ from, value }) => value === null || !rights().counts(from.change, place),
    before: ({ from }) => document.valuesBefore(path, from.change).map(written),
    follows: (later, earlier) => document.graph.follows(later.from.change.hash, earlier.from.change.hash),
    id: ({ id }) => id,
  });
  // Whoever replaced one before its right had ended replaced what counted.
  const isReplaced = ({ hash, version, seen }: KnownChange): boolean =>
    values.some(({ from: { change } }) => {
      const sawIt = change.seen.index < rights().endedAt(version.author, seen);
      return sawIt && document.graph.follows(change.hash, hash);
    });
  const takenBack = ownVoid.filter((change) => change.keys.includes(path) && !isReplaced(change));
  return {
    voided: voided.length > 0,
    takenBack: [...new Set(takenBack.map(({ version }) => version.counter))],
    values: values.flatMap(({ value }) => (value === null ? [] : [value])),
  };
}

/** Paths of the shard at which these authors' rights tell: where a value of theirs stands, or a void one was passed over. */
export function pathsOf(context: FolderContext, shard: number, authors: ReadonlySet<DeviceTag>): RelativePath[] {
  const { folder, store, shelf } = context;
  return shelf
    .document(folder, shard)
    .keys()
    .flatMap((key) => {
      const path = pathOfKey(key, shard);
      const set = path === null ? undefined : readSet(store, folder, path);
      const wasVoid = set?.voided === true || (set?.takenBack.length ?? 0) > 0;
      const tells = set === undefined || wasVoid || set.values.some(({ version }) => authors.has(version.author));
      return path !== null && tells ? [path] : [];
    });
}
