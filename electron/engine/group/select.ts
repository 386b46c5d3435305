import type { DeviceId, DeviceTag, FolderId } from '../../../shared/ids.ts';
import { MAX_VOTERS } from '../../../shared/limits.ts';
import { deviceTag } from '../bytes/hash.ts';
import { wantedElectorate as wantedFor } from '../consensus/electorate.ts';
import type { Access, BodyOf } from './body.ts';
import { grantedAccess } from './rights.ts';
import type { Device, Folder, GroupState, Invite } from './state.ts';

/** Whether the device belongs to the group now. */
export function isMember(device: Device | undefined): device is Device {
  return device !== undefined && device.memberships.at(-1)?.end === null;
}

/** The device if it belongs to the group now. */
export function memberOf(state: GroupState, device: DeviceId): Device | null {
  const known = state.devices.get(device);
  return isMember(known) ? known : null;
}

/** Devices that belong to the group, longest-standing first. */
export function members(state: GroupState): readonly Device[] {
  return [...state.devices.values()].filter(isMember).sort((a, b) => a.joinedAt - b.joinedAt);
}

/** Admins that belong to the group, longest-standing first. */
export function admins(state: GroupState): readonly Device[] {
  return members(state).filter((device) => device.role === 'admin');
}

/** Whether the device belongs to the group and is an admin. */
export function isAdmin(state: GroupState, device: DeviceId): boolean {
  return memberOf(state, device)?.role === 'admin';
}

/** The name of a device for people: its current one, or the beginning of its id where the log does not know it. */
export function displayName(state: GroupState, device: DeviceId): string {
  return state.devices.get(device)?.name ?? device.slice(0, 6);
}

/** Folders that are shared now, oldest first. */
export function liveFolders(state: GroupState): readonly Folder[] {
  return [...state.folders.values()].filter((folder) => folder.removedAt === null);
}

/** The folder if it is shared now. */
export function liveFolder(state: GroupState, folder: FolderId): Folder | null {
  const known = state.folders.get(folder);
  return known !== undefined && known.removedAt === null ? known : null;
}

/** What the device may do in the folder now; none where either is not there (any more). */
export function accessOf(state: GroupState, folder: FolderId, device: DeviceId): Access {
  const live = liveFolder(state, folder);
  if (live === null || memberOf(state, device) === null) return 'none';
  return grantedAccess(live, device);
}

/** Whether the operation gives and takes nothing: it tells more exactly where a right that had ended ended. */
export function tellsEndAlone(state: GroupState, body: BodyOf<'folder.setAccess'>): boolean {
  const known = state.folders.get(body.folder);
  if (known === undefined) return false;
  return memberOf(state, body.device) === null || grantedAccess(known, body.device) === body.access;
}

/** Whether the device may write in the folder now. */
export function canWriteNow(state: GroupState, folder: FolderId, device: DeviceId): boolean {
  return accessOf(state, folder, device) === 'readWrite';
}

/** Devices that may read the folder, longest-standing first. */
export function membersOf(state: GroupState, folder: FolderId): readonly Device[] {
  return members(state).filter((device) => accessOf(state, folder, device.id) !== 'none');
}

/** Devices that said they hold the folder and may, longest-standing first. */
export function holdersOf(state: GroupState, folder: FolderId): readonly Device[] {
  const selections = liveFolder(state, folder)?.selections;
  return membersOf(state, folder).filter((device) => selections?.get(device.id) === 'all');
}

/** Whether a device accepted the folder, gave it up, or has not answered the offer; null: it has no access. */
export function selectionOf(state: GroupState, folder: FolderId, device: DeviceId): 'all' | 'none' | 'offered' | null {
  if (accessOf(state, folder, device) === 'none') return null;
  return state.folders.get(folder)?.selections.get(device) ?? 'offered';
}

/** The electorate that the group should have: of the devices not removed the earliest joined (consensus/electorate.ts). */
export function wantedElectorate(state: GroupState): ReadonlyMap<DeviceId, number> {
  return wantedFor(
    members(state).map((device) => device.id),
    MAX_VOTERS,
  );
}

/** Weight of the device in the committed electorate. */
export function weightIn(state: GroupState, device: DeviceId): number {
  return state.electorate.get(device) ?? 0;
}

/** How far a device is let in: one that was removed keeps a bare metadata link while it has a vote to hand on. */
export function admissionOf(state: GroupState, device: DeviceId): 'member' | 'metadataOnly' | 'refused' {
  if (memberOf(state, device) !== null) return 'member';
  return weightIn(state, device) > 0 && state.devices.has(device) ? 'metadataOnly' : 'refused';
}

/** What an invite is good for at a stamp of the log (milliseconds since 1970). */
export function inviteStatus(invite: Invite, stamp: number): 'open' | 'used' | 'revoked' | 'expired' {
  if (invite.status.type !== 'open') return invite.status.type;
  return stamp > invite.expiresStamp ? 'expired' : 'open';
}

/** Every known device by the short name that index entries carry. */
export function devicesByTag(state: GroupState): ReadonlyMap<DeviceTag, Device> {
  return new Map([...state.devices.values()].map((device) => [deviceTag(device.id), device]));
}
