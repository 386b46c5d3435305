import { assertNever } from '../../../shared/invariant.ts';
import type { Activity } from '../../../shared/model/activity.ts';
import type { OperationBody } from '../group/body.ts';
import { displayName, tellsEndAlone } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import type { Decision } from '../metadata/applied-log.ts';

type Subject = Extract<Activity, { readonly type: 'decision' }>['subject'];

function folderName(state: GroupState, body: { readonly folder: string }): string {
  return [...state.folders.values()].find(({ id }) => id === body.folder)?.name ?? 'a folder';
}

/** What an own change that waits is about, in English: for the command line and the window. */
export function operationText(state: GroupState, body: OperationBody): string {
  switch (body.kind) {
    case 'group.create':
      return `Start the group "${body.name}"`;
    case 'device.rename':
      return `Rename ${displayName(state, body.device)} to "${body.name}"`;
    case 'device.setRole':
      return `Make ${displayName(state, body.device)} ${body.role === 'admin' ? 'an admin' : 'a member'}`;
    case 'device.remove':
      return `Remove ${displayName(state, body.device)}`;
    case 'invite.create':
      return 'Make an invite';
    case 'invite.revoke':
      return 'Revoke an invite';
    case 'invite.redeem':
      return `Let ${body.name} in`;
    case 'folder.create':
      return `Share "${body.name}"`;
    case 'folder.rename':
      return `Rename "${folderName(state, body)}" to "${body.name}"`;
    case 'folder.remove':
      return `Stop sharing "${folderName(state, body)}"`;
    case 'folder.setAccess':
      return tellsEndAlone(state, body)
        ? `Note up to where ${displayName(state, body.device)} could write in "${folderName(state, body)}"`
        : `Change what ${displayName(state, body.device)} may do in "${folderName(state, body)}"`;
    case 'folder.transferOwner':
      return `Make ${displayName(state, body.device)} the owner of "${folderName(state, body)}"`;
    case 'folder.setSelection':
      return `${body.selection === 'all' ? 'Hold' : 'Stop holding'} "${folderName(state, body)}" here`;
    case 'policy.set':
      return `Set the latency budget to ${body.budgetMs / 1000} s`;
    case 'rules.raise':
      return 'Raise the rules of the group';
    default:
      return assertNever(body);
  }
}

/** Id of the device, folder or invite that a change is about; null where it is the group as a whole. */
export function operationSubject(body: OperationBody): string | null {
  if ('folder' in body) return body.folder;
  if ('device' in body) return body.device;
  return 'invite' in body ? body.invite : null;
}

function subjectOf(decision: Decision): Subject {
  const { body, before } = decision;
  const device = (id: string): Subject => {
    const name = [...before.devices.values()].find((one) => one.id === id)?.name ?? id.slice(0, 6);
    return { type: 'device', id, name };
  };
  const folder = (id: string): Subject => ({ type: 'folder', id, name: folderName(before, { folder: id }) });
  switch (body.kind) {
    case 'group.create':
      return { type: 'group', id: before.id, name: body.name };
    case 'device.rename':
    case 'device.setRole':
    case 'device.remove':
      return device(body.device);
    case 'invite.redeem':
      return { type: 'device', id: body.device, name: body.name };
    case 'invite.create':
    case 'invite.revoke':
      return { type: 'invite', id: body.invite, name: body.invite.slice(0, 8) };
    case 'folder.create':
      return { type: 'folder', id: body.folder, name: body.name };
    case 'folder.rename':
    case 'folder.remove':
    case 'folder.setAccess':
    case 'folder.transferOwner':
    case 'folder.setSelection':
      return folder(body.folder);
    case 'policy.set':
      return { type: 'group', id: before.id, name: before.name };
    case 'rules.raise':
      return null;
    default:
      return assertNever(body);
  }
}

function valueText({ body, before }: Decision): string | null {
  switch (body.kind) {
    case 'device.rename':
    case 'folder.rename':
      return body.name;
    case 'device.setRole':
      return body.role;
    case 'folder.setAccess':
      return tellsEndAlone(before, body) ? 'end' : body.access;
    case 'folder.setSelection':
      return body.selection;
    case 'policy.set':
      return String(body.budgetMs);
    default:
      return null;
  }
}

function roleGiven(decision: Decision, invite: string): string | null {
  return [...decision.before.invites.values()].find(({ id }) => id === invite)?.role ?? null;
}

/** A decision of the log as a line of what happened. */
export function decisionActivity(decision: Decision): Extract<Activity, { readonly type: 'decision' }> {
  return {
    type: 'decision',
    id: `decision-${decision.index}`,
    at: decision.stamp,
    device: decision.author,
    kind: decision.body.kind,
    index: decision.index,
    subject: subjectOf(decision),
    value: decision.body.kind === 'invite.redeem' ? roleGiven(decision, decision.body.invite) : valueText(decision),
    outcome: 'accepted',
    code: null,
  };
}
