import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import { fromHex } from '../bytes/hex.ts';
import type { SoughtMembers } from './discovery/member-names.ts';

/** Who a device is to this one, by the registry. */
export type Admission = 'member' | 'metadataOnly' | 'refused';

/** A group that this device has links for, and what its log says of the others. */
export interface LinkedGroup {
  readonly id: GroupId;
  /** The other devices that there should be links to. */
  members(): readonly DeviceId[];
  admission(device: DeviceId): Admission;
  /** Whether the device was a member and is not let in any more. */
  wasRemoved(device: DeviceId): boolean;
}

/**
 * The groups of this device: the one it is in, and those that it leaves and still has a vote to hand on in. A link is for
 * one group; a device that is in several is linked for the first.
 */
export class LinkedGroups {
  readonly #self: DeviceId;
  readonly #groups: () => readonly LinkedGroup[];

  constructor(self: DeviceId, groups: () => readonly LinkedGroup[]) {
    this.#self = self;
    this.#groups = groups;
  }

  /** All of them, the one that goes before first. */
  ids(): readonly GroupId[] {
    return this.#groups().map(({ id }) => id);
  }

  /** The group that the device is linked for; null: for none. */
  with(device: DeviceId): GroupId | null {
    return this.#with(device)?.id ?? null;
  }

  admission(device: DeviceId): Admission {
    return this.#with(device)?.admission(device) ?? 'refused';
  }

  /** All devices that there should be links to. */
  members(): readonly DeviceId[] {
    const all = new Set(this.#groups().flatMap((group) => group.members()));
    all.delete(this.#self);
    return [...all];
  }

  /** The same, by the group that they are linked for. */
  sought(): readonly SoughtMembers[] {
    const members = this.members();
    return this.ids().map((id) => ({
      group: fromHex(id),
      members: members.filter((device) => this.with(device) === id),
    }));
  }

  /** The group that the device was removed from; null where it was in none, or is in one still. */
  removedFrom(device: DeviceId): GroupId | null {
    if (this.#with(device) !== null) return null;
    return this.#groups().find((group) => group.wasRemoved(device))?.id ?? null;
  }

  #with(device: DeviceId): LinkedGroup | null {
    return this.#groups().find((group) => group.admission(device) !== 'refused') ?? null;
  }
}
