import type { DeviceId, DeviceTag, FolderId, GroupId } from '../../../shared/ids.ts';
import { isWithin, type WriteInterval, writeIntervals } from '../group/rights.ts';
import { accessOf, canWriteNow, devicesByTag } from '../group/select.ts';
import type { Device, GroupState } from '../group/state.ts';
import { conflictAuthor } from '../reconcile/conflict-name.ts';
import type { Rights } from '../reconcile/entry-set.ts';
import type { Seen } from '../reconcile/tree-types.ts';

/** The rights in one folder, and a text that differs whenever any answer of theirs could. */
export interface FolderRights extends Rights {
  readonly fingerprint: string;
}

/** What the indexes need of the committed log. */
export interface IndexGroup {
  readonly id: GroupId;
  /** How much of the log is applied here. */
  readonly seen: Seen;
  /** Whether the log knows or knew the device. */
  isKnown(device: DeviceId): boolean;
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
  const told = [...intervals].map(([tag, times]) => [
    tag,
    times.map(({ from, end }) => (end === null ? [from] : [from, end.at, end.closing])),
  ]);
  return {
    counts(author, counter, seen) {
      const times = intervals.get(author);
      return times !== undefined && isWithin(times, { counter, seen: seen.index });
    },
    authorName(author) {
      const device = devices.get(author);
      return device === undefined ? author.slice(0, 6) : conflictAuthor(device.joinedName, device.id);
    },
    fingerprint: JSON.stringify([known?.rules ?? 0, told]),
  };
}
