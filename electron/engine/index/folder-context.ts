import type { DeviceId, DeviceTag, FolderId } from '../../../shared/ids.ts';
import { parseRelativePath, type RelativePath } from '../../../shared/relative-path.ts';
import type { Store } from '../ports/store.ts';
import { standingValues } from '../reconcile/entry-set.ts';
import type { FolderRights, IndexGroup } from './index-group.ts';
import type { DocumentValue, ShardDocument } from './shard-document.ts';
import { FIRST_EPOCH, shardOf } from './shard-place.ts';
import type { ShardShelf } from './shard-shelf.ts';
import type { ShardPlace } from './signed-change.ts';
import { type StoredSet, type StoredValue, standingValueOf } from './stored-forms.ts';

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

/** What stands at the path by the document and the rights. */
export function standingAt(document: ShardDocument, path: RelativePath, rights: FolderRights): StoredSet {
  const written = (from: DocumentValue): Written => {
    const { version, seen } = from.change;
    return { id: from.id, from, value: standingValueOf(from.bytes, version, seen) };
  };
  const { values, voided } = standingValues<Written>({
    current: document.values(path).map(written),
    isVoid: ({ from, value }) => {
      const { version, seen } = from.change;
      return value === null || !rights.counts(version.author, version.counter, seen);
    },
    before: ({ from }) => document.valuesBefore(path, from.change).map(written),
    follows: (later, earlier) => document.graph.follows(later.from.change.hash, earlier.from.change.hash),
    id: ({ id }) => id,
  });
  return { voided, values: values.flatMap(({ value }) => (value === null ? [] : [value])) };
}
