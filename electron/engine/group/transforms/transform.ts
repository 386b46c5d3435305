import type { DeviceId } from '../../../../shared/ids.ts';
import { assertNever } from '../../../../shared/invariant.ts';
import type { OperationBody } from '../body.ts';
import type { At } from '../rules/at.ts';
import type { GroupState } from '../state.ts';
import { createGroup, removeDevice, renameDevice, setRole } from './device-transforms.ts';
import {
  createFolder,
  raiseTreeRules,
  removeFolder,
  renameFolder,
  setAccess,
  setSelection,
  transferOwner,
} from './folder-transforms.ts';
import { createInvite, redeemInvite, revokeInvite, revokeInvitesOf } from './invite-transforms.ts';

/** The state after an operation that was judged to take effect. */
export function transform(state: GroupState, at: At, author: DeviceId, body: OperationBody): GroupState {
  switch (body.kind) {
    case 'group.create':
      return createGroup(state, at, author, body);
    case 'device.rename':
      return renameDevice(state, body);
    case 'device.setRole':
      return body.role === 'admin' ? setRole(state, body) : revokeInvitesOf(setRole(state, body), at, body.device);
    case 'device.remove':
      return revokeInvitesOf(removeDevice(state, at, body), at, body.device);
    case 'invite.create':
      return createInvite(state, at, author, body);
    case 'invite.revoke':
      return revokeInvite(state, at, body);
    case 'invite.redeem':
      return redeemInvite(state, at, body);
    case 'folder.create':
      return createFolder(state, at, author, body);
    case 'folder.rename':
      return renameFolder(state, body);
    case 'folder.remove':
      return removeFolder(state, at, body);
    case 'folder.setAccess':
      return setAccess(state, at, body);
    case 'folder.transferOwner':
      return transferOwner(state, at, body);
    case 'folder.setSelection':
      return setSelection(state, body);
    case 'policy.set':
      return { ...state, policy: { ...state.policy, budgetMs: body.budgetMs } };
    case 'rules.raise':
      return body.folder === null ? { ...state, rules: body.rules } : raiseTreeRules(state, body.folder, body.rules);
    default:
      return assertNever(body);
  }
}
