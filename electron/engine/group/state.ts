import type { ContentHash, DeviceId, FolderId, GroupId, InviteId } from '../../../shared/ids.ts';
import { DEFAULT_BUDGET_MS } from '../../../shared/limits.ts';
import type { Access, Approval, Role, Selection } from './body.ts';
import type { LatestChanges } from './latest-changes.ts';

/** The number of the reducer's rules, and of a remote tree's, that this program knows and a new group starts with. */
export const FIRST_RULES = 1;
/** The highest numbers that this program can judge by. */
export const KNOWN_REDUCER_RULES = 1;
export const KNOWN_TREE_RULES = 1;
/** Generation of a group that nobody took over. */
export const FIRST_GENERATION = 1;

/** What the log has decided, as plain readonly data: a pure function of the entries applied so far. */
export interface GroupState {
  readonly id: GroupId;
  /** Empty before `group.create`. */
  readonly name: string;
  /** Number of the reducer's rules by which the next entry is judged. */
  readonly rules: number;
  readonly generation: number;
  /** Every device that ever joined, removed ones too, in the order of joining. */
  readonly devices: ReadonlyMap<DeviceId, Device>;
  /** Device -> weight; only `electorate.adjust` entries change it after the first entry. */
  readonly electorate: ReadonlyMap<DeviceId, number>;
  readonly invites: ReadonlyMap<InviteId, Invite>;
  /** Every folder that was ever shared, removed ones too, in the order of sharing. */
  readonly folders: ReadonlyMap<FolderId, Folder>;
  readonly policy: Policy;
  readonly applied: AppliedPosition;
}

/** The last entry that was applied; index 0 before the first. `stamp` is the group's time in milliseconds since 1970. */
export interface AppliedPosition {
  readonly generation: number;
  readonly index: number;
  readonly term: number;
  readonly stamp: number;
}

export interface Policy {
  /** Latency budget in milliseconds. */
  readonly budgetMs: number;
}

/** One device. Its key is its id. */
export interface Device {
  readonly id: DeviceId;
  readonly name: string;
  /** The name with which it first joined; conflict copies are named after it, so it never changes. */
  readonly joinedName: string;
  readonly role: Role;
  /** Log index at which it joined, the last time. */
  readonly joinedAt: number;
  /** Stamp of that entry, for people to read. */
  readonly joinedStamp: number;
  /** Its times as a member, in order; it is one now while the last has no end. Never empty. */
  readonly memberships: readonly Membership[];
  /** The last operation of it that was judged; 0 and null before the first. */
  readonly lastSequence: number;
  readonly lastHash: ContentHash | null;
}

/** From a log index on. */
export interface Membership {
  readonly from: number;
  readonly end: MembershipEnd | null;
}

/** At which log index a membership ended; `closing` and `latest` as in `device.remove`. */
export interface MembershipEnd {
  readonly at: number;
  readonly closing: number | null;
  readonly latest: ReadonlyMap<FolderId, LatestChanges> | null;
}

export interface Invite {
  readonly id: InviteId;
  /** Ed25519 key of the invite, 64 hex digits. */
  readonly publicKey: string;
  readonly role: Role;
  readonly approval: Approval;
  readonly createdBy: DeviceId;
  readonly createdAt: number;
  readonly createdStamp: number;
  /** Entries stamped later than this find it expired. */
  readonly expiresStamp: number;
  readonly status:
    | { readonly type: 'open' }
    | { readonly type: 'used'; readonly device: DeviceId; readonly at: number }
    | { readonly type: 'revoked'; readonly at: number };
}

export interface Folder {
  readonly id: FolderId;
  readonly name: string;
  readonly owner: DeviceId;
  readonly createdAt: number;
  readonly createdStamp: number;
  /** What all have to whom no access was given or taken. */
  readonly defaultAccess: Access;
  /** What single devices were given, in log order; the owner is always among them. */
  readonly accessEvents: ReadonlyMap<DeviceId, readonly AccessEvent[]>;
  /** The index has 2^indexBits shards. */
  readonly indexBits: number;
  /** What each device holds; a device that is not in it was offered the folder and has not answered. */
  readonly selections: ReadonlyMap<DeviceId, Selection>;
  /** Number of the rules of its remote tree. */
  readonly rules: number;
  /** Log index of `folder.remove`. */
  readonly removedAt: number | null;
}

/** From a log index on the device has that access; `closing` and `latest` as in `folder.setAccess`. */
export interface AccessEvent {
  readonly at: number;
  readonly access: Access;
  readonly closing: number | null;
  readonly latest: LatestChanges | null;
}

/** The state before the first entry. */
export function emptyGroup(id: GroupId): GroupState {
  return {
    id,
    name: '',
    rules: FIRST_RULES,
    generation: FIRST_GENERATION,
    devices: new Map(),
    electorate: new Map(),
    invites: new Map(),
    folders: new Map(),
    policy: { budgetMs: DEFAULT_BUDGET_MS },
    applied: { generation: FIRST_GENERATION, index: 0, term: 0, stamp: 0 },
  };
}

/** A copy of the map with one key set: states share what did not change. */
export function withKey<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  const copy = new Map(map);
  copy.set(key, value);
  return copy;
}

/** A copy of the map without one key; the map itself where it did not have it. */
export function withoutKey<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  if (!map.has(key)) return map;
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
