import type { ErrorCode } from '../../../../shared/errors.ts';
import { MAX_DEVICES, MAX_INVITE_DURATION_MS, MAX_INVITES } from '../../../../shared/limits.ts';
import type { BodyOf } from '../body.ts';
import { isRedeemProofGood } from '../invite-proof.ts';
import { inviteStatus, memberOf, members } from '../select.ts';
import type { Device, GroupState } from '../state.ts';
import type { At } from './at.ts';
import { isName } from './names.ts';

/** Admins invite. */
export function judgeInviteCreate(
  state: GroupState,
  at: At,
  author: Device,
  body: BodyOf<'invite.create'>,
): ErrorCode | null {
  if (author.role !== 'admin') return 'not-admin';
  if (state.invites.has(body.invite)) return 'invite-exists';
  if (body.durationMs < 1 || body.durationMs > MAX_INVITE_DURATION_MS) return 'operation-malformed';
  const open = [...state.invites.values()].filter((invite) => inviteStatus(invite, at.stamp) === 'open');
  return open.length >= MAX_INVITES ? 'too-many-invites' : null;
}

/** Admins revoke, whoever made the invite; revoking one that is used or revoked already says so. */
export function judgeInviteRevoke(state: GroupState, author: Device, body: BodyOf<'invite.revoke'>): ErrorCode | null {
  if (author.role !== 'admin') return 'not-admin';
  const invite = state.invites.get(body.invite);
  if (invite === undefined) return 'invite-unknown';
  if (invite.status.type === 'used') return 'invite-used';
  return invite.status.type === 'revoked' ? 'invite-revoked' : null;
}

/**
 * A member lets a newcomer in; where the invite asks, an admin. The device that used the invite is answered again, so
 * that a crash in the middle of joining locks nobody out.
 */
export function judgeRedeem(
  state: GroupState,
  at: At,
  author: Device,
  body: BodyOf<'invite.redeem'>,
): ErrorCode | null {
  const invite = state.invites.get(body.invite);
  if (invite === undefined) return 'invite-unknown';
  if (!isRedeemProofGood(state.id, invite.publicKey, body)) return 'invite-proof-bad';
  const status = inviteStatus(invite, at.stamp);
  const isIn = memberOf(state, body.device) !== null;
  if (invite.status.type === 'used') return isIn && invite.status.device === body.device ? null : 'invite-used';
  if (status === 'revoked') return 'invite-revoked';
  if (status === 'expired') return 'invite-expired';
  if (invite.approval === 'ask' && author.role !== 'admin') return 'not-admin';
  if (isIn) return 'device-already-member';
  if (!isName(body.name)) return 'name-invalid';
  return members(state).length >= MAX_DEVICES ? 'too-many-devices' : null;
}
