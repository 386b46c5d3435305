import { failure } from '../../../shared/errors.ts';
import type { DeviceId, FolderId } from '../../../shared/ids.ts';
import { liveFolders, members } from './select.ts';
import type { Device, Folder, GroupState } from './state.ts';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** The one thing that a reference means: its id, a unique beginning of it (from 4 digits), or its unique name. */
function resolveReference<T extends Named>(things: readonly T[], reference: string, what: string): T {
  const exact = things.find((thing) => thing.id === reference);
  if (exact !== undefined) return exact;
  const named = things.filter((thing) => thing.name === reference);
  const begun = /^[0-9a-f]{4,}$/.test(reference) ? things.filter((thing) => thing.id.startsWith(reference)) : [];
  const found = [...new Set([...named, ...begun])];
  const [first] = found;
  if (first === undefined) throw failure('not-found', `There is no ${what} called "${reference}".`);
  if (found.length > 1) throw failure('ambiguous-name', `Several ${what}s are called "${reference}": use the id.`);
  return first;
}

/** The member device that a person means. Throws `not-found` or `ambiguous-name`. */
export function resolveDevice(state: GroupState, reference: string): Device {
  return resolveReference(members(state), reference, 'device');
}

/** The shared folder that a person means. Throws `not-found` or `ambiguous-name`. */
export function resolveFolder(state: GroupState, reference: string): Folder {
  return resolveReference(liveFolders(state), reference, 'folder');
}

/** The id of the member device that a person means. */
export function deviceIdOf(state: GroupState, reference: string): DeviceId {
  return resolveDevice(state, reference).id;
}

/** The id of the shared folder that a person means. */
export function folderIdOf(state: GroupState, reference: string): FolderId {
  return resolveFolder(state, reference).id;
}
