import type { DeviceId, DeviceTag, FolderId, GroupId } from '../../../shared/ids.ts';
import { blake3Bytes } from '../bytes/hash.ts';
import { toHex } from '../bytes/hex.ts';
import {
  isBefore,
  isWithin,
  type NamedEnd,
  namesChanges,
  type WriteInterval,
  writeIntervals,
} from '../group/rights.ts';
import { accessOf, canWriteNow, devicesByTag, isAdmin } from '../group/select.ts';
import type { Device, GroupState } from '../group/state.ts';
import { conflictAuthor } from '../reconcile/conflict-name.ts';
import type { AuthorNames } from '../reconcile/entry-set.ts';
import type { Seen } from '../reconcile/tree-types.ts';
import type { ChangeGraph, KnownChange } from './change-graph.ts';

/** What of a shard's document tells whether a change in it was made before its author's right ended. */
export interface ChangePlace {
  readonly shard: number;
  readonly graph: Pick<ChangeGraph, 'has' | 'upTo'>;
  /** What was here of the author's when that end became known here; told where the end names a change that is missing. */
  known(author: DeviceTag, end: NamedEnd): readonly string[];
}

/** The rights in one folder. */
export interface FolderRights extends AuthorNames {
  /** Whether the change counts: its author had the right to make it. */
  counts(change: Pick<KnownChange, 'hash' | 'version' | 'seen'>, place: ChangePlace): boolean;
  /** Whether a change that the author makes now, having seen that much, would count. */
  mayStillWrite(author: DeviceTag, seen: Seen): boolean;
  /** Whether some right of the author has ended, or there never was one: only then can a change of it not count. */
  hasEnd(author: DeviceTag): boolean;
  /** The log index at which the right ended under which the author, having seen that much, wrote; 0 if there was none. */
  endedAt(author: DeviceTag, seen: Seen): number;
  /** Whether a change of the author may not count in a shard where these are its latest. */
  mayBeVoid(author: DeviceTag, shard: number, latest: readonly string[]): boolean;
  /** Of each author a text that differs whenever any answer about it could. */
  texts(): ReadonlyMap<DeviceTag, string>;
  /** Ends that name changes, by author. */
  namedEnds(): Iterable<readonly [DeviceTag, NamedEnd]>;
  /** Authors at whose end a change of the shard is named. */
  namedIn(shard: number, hash: string): readonly DeviceTag[];
}

/** What the indexes need of the committed log. */
export interface IndexGroup {
  readonly id: GroupId;
  /** How much of the log is applied here. */
  readonly seen: Seen;
  /** Whether the log knows or knew the device. */
  isKnown(device: DeviceId): boolean;
  isAdmin(device: DeviceId): boolean;
  /** Whether the device may have the folder's index now. */
  mayRead(device: DeviceId, folder: FolderId): boolean;
  /** Whether the device may publish in the folder now. */
  mayWrite(device: DeviceId, folder: FolderId): boolean;
  rights(folder: FolderId): FolderRights;
}

/** The committed state as the indexes see it. */
export function indexGroupOf(state: GroupState): IndexGroup {
  let tagged: ReadonlyMap<DeviceTag, Device> | null = null;
  const byTag = (): ReadonlyMap<DeviceTag, Device> => {
    tagged ??= devicesByTag(state);
    return tagged;
  };
  return {
    id: state.id,
    seen: { generation: state.applied.generation, index: state.applied.index },
    isKnown: (device) => state.devices.has(device),
    isAdmin: (device) => isAdmin(state, device),
    mayRead: (device, folder) => accessOf(state, folder, device) !== 'none',
    mayWrite: (device, folder) => canWriteNow(state, folder, device),
    rights: (folder) => folderRights(state, folder, byTag()),
  };
}

function folderRights(state: GroupState, folder: FolderId, devices: ReadonlyMap<DeviceTag, Device>): FolderRights {
  const intervals = new Map<DeviceTag, readonly WriteInterval[]>();
  const known = state.folders.get(folder);
  if (known !== undefined) {
    for (const [tag, device] of devices) intervals.set(tag, writeIntervals(known, device));
  }
  function* namedEnds(): Iterable<readonly [DeviceTag, NamedEnd]> {
    for (const [tag, times] of intervals) {
      for (const { end } of times) if (end !== null && namesChanges(end)) yield [tag, end];
    }
  }

  let named: ReadonlyMap<string, readonly DeviceTag[]> | null = null;
  /** By shard and change. */
  function authorsNamed(): ReadonlyMap<string, readonly DeviceTag[]> {
    if (named !== null) return named;
    const authors = new Map<string, readonly DeviceTag[]>();
    for (const [author, { latest }] of namedEnds()) {
      for (const [shard, hashes] of latest) {
        for (const hash of hashes)
          authors.set(`${shard} ${hash}`, [...(authors.get(`${shard} ${hash}`) ?? []), author]);
      }
    }
    named = authors;
    return authors;
  }

  return {
    counts({ hash, version, seen }, place) {
      const times = intervals.get(version.author);
      if (times === undefined) return false;
      const written = { counter: version.counter, seen: seen.index };
      return isWithin(times, written, (end) => {
        const last = end.latest.get(place.shard) ?? [];
        if (place.graph.upTo(last).has(hash)) return true;
        // Until all that is named is here, what stood here before the end was known goes on standing.
        if (last.every((one) => place.graph.has(one)) || !isBefore(end, written)) return false;
        return place.graph.upTo(place.known(version.author, end)).has(hash);
      });
    },
    mayStillWrite: (author, seen) =>
      intervals.get(author)?.some(({ from, end }) => end === null && seen.index >= from) === true,
    hasEnd(author) {
      const times = intervals.get(author) ?? [];
      return times.length === 0 || times.some(({ end }) => end !== null);
    },
    endedAt(author, seen) {
      const right = intervals.get(author)?.findLast(({ from }) => from <= seen.index);
      return right === undefined ? 0 : (right.end?.at ?? Number.MAX_SAFE_INTEGER);
    },
    mayBeVoid(author, shard, latest) {
      const [only, ...others] = intervals.get(author) ?? [];
      if (only === undefined || others.length > 0) return true;
      const last = only.end?.latest?.get(shard) ?? [];
      return only.end !== null && !latest.every((hash) => last.includes(hash));
    },
    texts: () => new Map([...intervals].map(([tag, times]) => [tag, textOf(times)])),
    namedEnds,
    namedIn: (shard, hash) => authorsNamed().get(`${shard} ${hash}`) ?? [],
    authorName(author) {
      const device = devices.get(author);
      return device === undefined ? author.slice(0, 6) : conflictAuthor(device.joinedName, device.id);
    },
  };
}

function textOf(times: readonly WriteInterval[]): string {
  return times
    .map(({ from, end }) => {
      if (end === null) return String(from);
      const latest = end.latest === null ? '' : toHex(blake3Bytes(Buffer.from(JSON.stringify([...end.latest]))));
      return [from, end.at, end.closing, latest.slice(0, 32)].join();
    })
    .join(';');
}
