import type { ContentHash, DeviceId } from '../../../../shared/ids.ts';
import type { BodyOf } from '../body.ts';
import type { At } from '../rules/at.ts';
import { admins } from '../select.ts';
import { type Device, type Folder, type GroupState, withKey, withoutKey } from '../state.ts';
import { grant } from './folder-transforms.ts';

/** The group with its founder, the first admin. */
export function createGroup(state: GroupState, at: At, founder: DeviceId, body: BodyOf<'group.create'>): GroupState {
  return { ...admit(state, at, { id: founder, name: body.deviceName, role: 'admin' }), name: body.name };
}

/** Lets a device in; one that was a member before goes on with its numbers and keeps the name it first joined with. */
export function admit(state: GroupState, at: At, newcomer: Pick<Device, 'id' | 'name' | 'role'>): GroupState {
  const before = state.devices.get(newcomer.id);
  const device: Device = {
    id: newcomer.id,
    name: newcomer.name,
    joinedName: before?.joinedName ?? newcomer.name,
    role: newcomer.role,
    joinedAt: at.index,
    joinedStamp: at.stamp,
    memberships: [...(before?.memberships ?? []), { from: at.index, end: null }],
    lastSequence: before?.lastSequence ?? 0,
    lastHash: before?.lastHash ?? null,
  };
  return { ...state, devices: withKey(state.devices, device.id, device) };
}

export function renameDevice(state: GroupState, body: BodyOf<'device.rename'>): GroupState {
  return updateDevice(state, body.device, (device) => ({ ...device, name: body.name }));
}

export function setRole(state: GroupState, body: BodyOf<'device.setRole'>): GroupState {
  return updateDevice(state, body.device, (device) => ({ ...device, role: body.role }));
}

/** Ends a device's membership; what it owned goes to the longest-standing admin, what it held is not counted any more. */
export function removeDevice(state: GroupState, at: At, body: BodyOf<'device.remove'>): GroupState {
  const removed = updateDevice(state, body.device, (device) => {
    const last = device.memberships.at(-1);
    if (last === undefined) return device;
    const ended = { from: last.from, end: { at: at.index, closing: body.closing, latest: body.latest ?? null } };
    return { ...device, memberships: [...device.memberships.slice(0, -1), ended] };
  });
  const heir = admins(removed)[0];
  const folders = new Map<Folder['id'], Folder>();
  for (const [id, folder] of removed.folders) folders.set(id, withoutDevice(folder, at, body.device, heir?.id ?? null));
  return { ...removed, folders };
}

function withoutDevice(folder: Folder, at: At, device: DeviceId, heir: DeviceId | null): Folder {
  const selections = withoutKey(folder.selections, device);
  const kept = selections === folder.selections ? folder : { ...folder, selections };
  if (folder.owner !== device || heir === null) return kept;
  return { ...grant(kept, at, heir), owner: heir };
}

/** Notes that an operation of the device was judged, whatever came of it. */
export function recordJudged(state: GroupState, device: DeviceId, sequence: number, hash: ContentHash): GroupState {
  return updateDevice(state, device, (known) => ({ ...known, lastSequence: sequence, lastHash: hash }));
}

function updateDevice(state: GroupState, id: DeviceId, update: (device: Device) => Device): GroupState {
  const device = state.devices.get(id);
  return device === undefined ? state : { ...state, devices: withKey(state.devices, id, update(device)) };
}
