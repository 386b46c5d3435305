import type { ErrorCode } from '../../../../shared/errors.ts';
import type { DeviceId } from '../../../../shared/ids.ts';
import type { BodyOf } from '../body.ts';
import { admins, memberOf, members } from '../select.ts';
import type { Device, GroupState } from '../state.ts';
import { isName } from './names.ts';

/** A second founding: the first was judged by `judgeFounding` (found.ts). */
export function judgeGroupCreate(): ErrorCode {
  return 'group-exists';
}

/** Each device names itself; admins may name all. */
export function judgeDeviceRename(state: GroupState, author: Device, body: BodyOf<'device.rename'>): ErrorCode | null {
  const missing = missingMember(state, body.device);
  if (missing !== null) return missing;
  if (author.id !== body.device && author.role !== 'admin') return 'not-admin';
  return isName(body.name) ? null : 'name-invalid';
}

/** Admins give roles; the last admin stays one. */
export function judgeSetRole(state: GroupState, author: Device, body: BodyOf<'device.setRole'>): ErrorCode | null {
  if (author.role !== 'admin') return 'not-admin';
  const missing = missingMember(state, body.device);
  if (missing !== null) return missing;
  return body.role === 'member' && isLastAdmin(state, body.device) ? 'last-admin' : null;
}

/** Admins remove; each device may leave; the last admin may do so only as the last device. */
export function judgeRemove(state: GroupState, author: Device, body: BodyOf<'device.remove'>): ErrorCode | null {
  if (author.id !== body.device && author.role !== 'admin') return 'not-admin';
  const missing = missingMember(state, body.device);
  if (missing !== null) return missing;
  return isLastAdmin(state, body.device) && members(state).length > 1 ? 'last-admin' : null;
}

/** Why the device cannot be meant, or null where it is a member. */
export function missingMember(state: GroupState, device: DeviceId): ErrorCode | null {
  if (memberOf(state, device) !== null) return null;
  return state.devices.has(device) ? 'device-removed' : 'device-unknown';
}

function isLastAdmin(state: GroupState, device: DeviceId): boolean {
  const all = admins(state);
  return all.length === 1 && all[0]?.id === device;
}
