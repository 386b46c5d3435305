import type { DeviceId, FolderId } from '../../../../shared/ids.ts';
import type { BodyOf } from '../body.ts';
import { grantedAccess } from '../rights.ts';
import type { At } from '../rules/at.ts';
import { memberOf } from '../select.ts';
import { type AccessEvent, FIRST_RULES, type Folder, type GroupState, withKey, withoutKey } from '../state.ts';

/** A new folder: its owner writes and holds it. */
export function createFolder(state: GroupState, at: At, owner: DeviceId, body: BodyOf<'folder.create'>): GroupState {
  const folder: Folder = {
    id: body.folder,
    name: body.name,
    owner,
    createdAt: at.index,
    createdStamp: at.stamp,
    defaultAccess: body.access,
    accessEvents: new Map([[owner, [{ at: at.index, access: 'readWrite', closing: null, latest: null }]]]),
    indexBits: body.indexBits,
    selections: new Map([[owner, 'all']]),
    rules: FIRST_RULES,
    removedAt: null,
  };
  return { ...state, folders: withKey(state.folders, folder.id, folder) };
}

export function renameFolder(state: GroupState, body: BodyOf<'folder.rename'>): GroupState {
  return updateFolder(state, body.folder, (folder) => ({ ...folder, name: body.name }));
}

/** Ends the sharing. The folder stays known, so that its id is never used again. */
export function removeFolder(state: GroupState, at: At, body: BodyOf<'folder.remove'>): GroupState {
  return updateFolder(state, body.folder, (folder) => ({ ...folder, removedAt: at.index, selections: new Map() }));
}

/** Of a device that is gone the end of its right is told more exactly: what it had, it has if it comes back. */
export function setAccess(state: GroupState, at: At, body: BodyOf<'folder.setAccess'>): GroupState {
  return updateFolder(state, body.folder, (folder) => {
    const granted = grantedAccess(folder, body.device);
    const access = memberOf(state, body.device) === null ? granted : body.access;
    const latest = body.latest ?? null;
    const changes = granted !== access || body.closing !== null || latest !== null;
    const changed = changes
      ? withEvent(folder, body.device, { at: at.index, access, closing: body.closing, latest })
      : folder;
    if (access !== 'none') return changed;
    return { ...changed, selections: withoutKey(changed.selections, body.device) };
  });
}

/** The new owner may write from now on; the old one keeps the access it has, which the new one can take. */
export function transferOwner(state: GroupState, at: At, body: BodyOf<'folder.transferOwner'>): GroupState {
  return updateFolder(state, body.folder, (folder) => ({ ...grant(folder, at, body.device), owner: body.device }));
}

export function setSelection(state: GroupState, body: BodyOf<'folder.setSelection'>): GroupState {
  return updateFolder(state, body.folder, (folder) => ({
    ...folder,
    selections: withKey(folder.selections, body.device, body.selection),
  }));
}

export function raiseTreeRules(state: GroupState, id: FolderId, rules: number): GroupState {
  return updateFolder(state, id, (folder) => ({ ...folder, rules }));
}

/** The folder with the right to write given to the device, if it has not got it. */
export function grant(folder: Folder, at: At, device: DeviceId): Folder {
  const explicit = folder.accessEvents.get(device)?.at(-1)?.access;
  if (explicit === 'readWrite') return folder;
  return withEvent(folder, device, { at: at.index, access: 'readWrite', closing: null, latest: null });
}

function withEvent(folder: Folder, device: DeviceId, event: AccessEvent): Folder {
  const events = [...(folder.accessEvents.get(device) ?? []), event];
  return { ...folder, accessEvents: withKey(folder.accessEvents, device, events) };
}

function updateFolder(state: GroupState, id: FolderId, update: (folder: Folder) => Folder): GroupState {
  const folder = state.folders.get(id);
  return folder === undefined ? state : { ...state, folders: withKey(state.folders, id, update(folder)) };
}
