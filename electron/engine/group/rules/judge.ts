import type { ErrorCode } from '../../../../shared/errors.ts';
import { assertNever } from '../../../../shared/invariant.ts';
import type { OperationBody } from '../body.ts';
import type { Device, GroupState } from '../state.ts';
import type { At } from './at.ts';
import { judgeDeviceRename, judgeGroupCreate, judgeRemove, judgeSetRole } from './device-rules.ts';
import {
  judgeFolderCreate,
  judgeFolderRemove,
  judgeFolderRename,
  judgeSetAccess,
  judgeSetSelection,
  judgeTransferOwner,
} from './folder-rules.ts';
import { judgeInviteCreate, judgeInviteRevoke, judgeRedeem } from './invite-rules.ts';
import { judgePolicy, judgeRaise } from './policy-rules.ts';

/** Why an operation of a member is refused under rules 1, or null where it takes effect. */
export function judge(state: GroupState, at: At, author: Device, body: OperationBody): ErrorCode | null {
  switch (body.kind) {
    case 'group.create':
      return judgeGroupCreate();
    case 'device.rename':
      return judgeDeviceRename(state, author, body);
    case 'device.setRole':
      return judgeSetRole(state, author, body);
    case 'device.remove':
      return judgeRemove(state, author, body);
    case 'invite.create':
      return judgeInviteCreate(state, at, author, body);
    case 'invite.revoke':
      return judgeInviteRevoke(state, author, body);
    case 'invite.redeem':
      return judgeRedeem(state, at, author, body);
    case 'folder.create':
      return judgeFolderCreate(state, body);
    case 'folder.rename':
      return judgeFolderRename(state, author, body);
    case 'folder.remove':
      return judgeFolderRemove(state, author, body);
    case 'folder.setAccess':
      return judgeSetAccess(state, author, body);
    case 'folder.transferOwner':
      return judgeTransferOwner(state, author, body);
    case 'folder.setSelection':
      return judgeSetSelection(state, author, body);
    case 'policy.set':
      return judgePolicy(author, body);
    case 'rules.raise':
      return judgeRaise(state, author, body);
    default:
      return assertNever(body);
  }
}
