import type { ErrorCode } from '../../../../shared/errors.ts';
import type { FolderId } from '../../../../shared/ids.ts';
import { INDEX_BITS, MAX_FOLDERS } from '../../../../shared/limits.ts';
import type { BodyOf } from '../body.ts';
import { accessOf, liveFolders, memberOf } from '../select.ts';
import type { Device, GroupState } from '../state.ts';
import { missingMember } from './device-rules.ts';
import { isFolderName } from './names.ts';

/** Every member shares folders and owns what it shares. */
export function judgeFolderCreate(state: GroupState, body: BodyOf<'folder.create'>): ErrorCode | null {
  if (state.folders.has(body.folder)) return 'folder-exists';
  if (!isFolderName(body.name)) return 'name-invalid';
  if (body.indexBits !== INDEX_BITS) return 'operation-malformed';
  return liveFolders(state).length >= MAX_FOLDERS ? 'too-many-folders' : null;
}

export function judgeFolderRename(state: GroupState, author: Device, body: BodyOf<'folder.rename'>): ErrorCode | null {
  return notOwned(state, author, body.folder) ?? (isFolderName(body.name) ? null : 'name-invalid');
}

export function judgeFolderRemove(state: GroupState, author: Device, body: BodyOf<'folder.remove'>): ErrorCode | null {
  return notOwned(state, author, body.folder);
}

/** The owner gives and takes access; its own is fixed. Of a device that is gone only the end can be told more exactly. */
export function judgeSetAccess(state: GroupState, author: Device, body: BodyOf<'folder.setAccess'>): ErrorCode | null {
  const refused = notOwned(state, author, body.folder);
  if (refused !== null) return refused;
  if (body.device === author.id) return 'owner-access-fixed';
  const names = body.closing !== null || body.latest !== undefined;
  if (body.access === 'readWrite' && names) return 'operation-malformed';
  const tellsEnd = body.access === 'none' && names && state.devices.has(body.device);
  return tellsEnd ? null : missingMember(state, body.device);
}

export function judgeTransferOwner(
  state: GroupState,
  author: Device,
  body: BodyOf<'folder.transferOwner'>,
): ErrorCode | null {
  return notOwned(state, author, body.folder) ?? missingMember(state, body.device);
}

/** Each device says for itself what it holds. */
export function judgeSetSelection(
  state: GroupState,
  author: Device,
  body: BodyOf<'folder.setSelection'>,
): ErrorCode | null {
  const missing = missingFolder(state, body.folder);
  if (missing !== null) return missing;
  if (body.device !== author.id || memberOf(state, body.device) === null) return 'no-access';
  const readable = accessOf(state, body.folder, body.device) !== 'none';
  return body.selection === 'none' || readable ? null : 'no-access';
}

/** Why the folder cannot be meant, or null where it is shared. */
export function missingFolder(state: GroupState, folder: FolderId): ErrorCode | null {
  const known = state.folders.get(folder);
  if (known === undefined) return 'folder-unknown';
  return known.removedAt === null ? null : 'folder-removed';
}

function notOwned(state: GroupState, author: Device, folder: FolderId): ErrorCode | null {
  const missing = missingFolder(state, folder);
  if (missing !== null) return missing;
  return state.folders.get(folder)?.owner === author.id ? null : 'not-owner';
}
