import { failure } from '../../../shared/errors.ts';
import type { DeviceId } from '../../../shared/ids.ts';
import type { OperationBody } from '../group/body.ts';
import { admins, isAdmin, memberOf, members } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import type { Metadata } from '../metadata/metadata.ts';
import type { GroupSession } from './group-session.ts';

/**
 * Leaving works always, here and now, with one exception: throws `last-admin` where the group can decide and would have
 * nobody left to decide who is in it. Where it can't, its user must not be kept here.
 */
export function requireMayLeave(session: GroupSession, self: DeviceId): void {
  const { decides, quorate } = session.metadata.view();
  if ((decides || quorate) && isLastAdmin(session.state(), self))
    throw failure('last-admin', 'The last admin cannot leave while others stay. Make another device admin first.');
}

/** Asks the group to let this device go. What else it had asked for is taken back, as far as that is still possible. */
export function askToLeave(metadata: Metadata, self: DeviceId, closing: number | null): void {
  for (const { id, body, canCancel } of metadata.waiting()) {
    if (canCancel && !isRemovalOf(body, self)) metadata.cancel(id);
  }
  if (metadata.waiting().some(({ body }) => isRemovalOf(body, self))) return;
  const state = metadata.state();
  const [heir] = others(state, self);
  // Without an admin the others could never let anybody in again, nor take this device off their list.
  if (isLastAdmin(state, self) && heir !== undefined)
    metadata.submit({ kind: 'device.setRole', device: heir.id, role: 'admin' });
  metadata.submit({ kind: 'device.remove', device: self, closing });
}

/** Whether the log knows the device and says that it belongs to the group no more. */
export function isRemoved(state: GroupState, device: DeviceId): boolean {
  return state.devices.has(device) && memberOf(state, device) === null;
}

/** The devices that stay, longest-standing first. */
export function others(state: GroupState, self: DeviceId): ReturnType<typeof members> {
  return members(state).filter(({ id }) => id !== self);
}

function isLastAdmin(state: GroupState, self: DeviceId): boolean {
  return isAdmin(state, self) && admins(state).length === 1 && others(state, self).length > 0;
}

function isRemovalOf(body: OperationBody, device: DeviceId): boolean {
  return body.kind === 'device.remove' && body.device === device;
}
