import type { DeviceId, InviteId } from '../../../../shared/ids.ts';
import { MAX_KEPT_INVITES } from '../../../../shared/limits.ts';
import type { BodyOf } from '../body.ts';
import type { At } from '../rules/at.ts';
import { inviteStatus, memberOf } from '../select.ts';
import { type GroupState, type Invite, withKey } from '../state.ts';
import { admit } from './device-transforms.ts';

export function createInvite(state: GroupState, at: At, author: DeviceId, body: BodyOf<'invite.create'>): GroupState {
  const invite: Invite = {
    id: body.invite,
    publicKey: body.publicKey,
    role: body.role,
    approval: body.approval,
    createdBy: author,
    createdAt: at.index,
    createdStamp: at.stamp,
    expiresStamp: at.stamp + body.durationMs,
    status: { type: 'open' },
  };
  return { ...state, invites: forgetOldest(withKey(state.invites, invite.id, invite), at) };
}

/** Past the bound the oldest that cannot be used any more is forgotten: so the state stays bounded. */
function forgetOldest(invites: ReadonlyMap<InviteId, Invite>, at: At): ReadonlyMap<InviteId, Invite> {
  if (invites.size <= MAX_KEPT_INVITES) return invites;
  const kept = new Map(invites);
  for (const invite of invites.values()) {
    if (inviteStatus(invite, at.stamp) === 'open') continue;
    kept.delete(invite.id);
    break;
  }
  return kept;
}

export function revokeInvite(state: GroupState, at: At, body: BodyOf<'invite.revoke'>): GroupState {
  return withStatus(state, body.invite, { type: 'revoked', at: at.index });
}

/** What an admin's open invites promised ends with its being one: else it could let itself in again. */
export function revokeInvitesOf(state: GroupState, at: At, maker: DeviceId): GroupState {
  const open = [...state.invites.values()].filter(
    (invite) => invite.createdBy === maker && inviteStatus(invite, at.stamp) === 'open',
  );
  return open.reduce((before, { id }) => withStatus(before, id, { type: 'revoked', at: at.index }), state);
}

/** Lets the newcomer in; nothing changes where the invite answers its device once more. */
export function redeemInvite(state: GroupState, at: At, body: BodyOf<'invite.redeem'>): GroupState {
  const invite = state.invites.get(body.invite);
  if (invite === undefined || memberOf(state, body.device) !== null) return state;
  const used = withStatus(state, body.invite, { type: 'used', device: body.device, at: at.index });
  return admit(used, at, { id: body.device, name: body.name, role: invite.role });
}

function withStatus(state: GroupState, id: InviteId, status: Invite['status']): GroupState {
  const invite = state.invites.get(id);
  return invite === undefined ? state : { ...state, invites: withKey(state.invites, id, { ...invite, status }) };
}
