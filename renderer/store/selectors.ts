/** Questions about the state that more than one feature asks. Pure. */
import { named } from '../../shared/model/amounts.ts';
import type { AppState } from '../../shared/model/app-state.ts';
import type { Device } from '../../shared/model/device.ts';
import type { Folder } from '../../shared/model/folder.ts';
import type { WaitingChange } from '../../shared/model/group-view.ts';

export const deviceById = (state: Pick<AppState, 'devices'>, id: string | null): Device | null =>
  state.devices.find((device) => device.id === id) ?? null;

export const folderById = (state: AppState, id: string | null): Folder | null =>
  state.folders.find((folder) => folder.id === id) ?? null;

export const ownDevice = (state: AppState): Device | null => state.devices.find((device) => device.self) ?? null;

/** A device's name inside a sentence; "this computer" for the own one, "a device that left" for one that is unknown. */
export const deviceWords = (state: Pick<AppState, 'devices'>, id: string | null): string => {
  const device = deviceById(state, id);
  if (!device) return 'a device that left';
  return device.self ? 'this computer' : named(device.name);
};

/** The same at the beginning of a sentence. */
export const deviceWordsFirst = (state: Pick<AppState, 'devices'>, id: string | null): string => {
  const device = deviceById(state, id);
  if (!device) return 'A device that left';
  return device.self ? 'This computer' : named(device.name);
};

/** What a folder that is not there any more was called last, as far as the activity tells. */
const nameOnceOf = (state: AppState, id: string): string | null => {
  const told = state.activity.findLast((line) => line.type === 'decision' && line.subject?.id === id);
  return told?.type === 'decision' ? (told.subject?.name ?? null) : null;
};

/** A folder's name inside a sentence. */
export const folderWords = (state: AppState, id: string): string =>
  named(folderById(state, id)?.name ?? nameOnceOf(state, id) ?? 'a folder that is gone');

/** Changes about a device, folder or invite that wait for the master. */
export const waitingAbout = (state: AppState, subject: string): readonly WaitingChange[] =>
  state.waiting.filter((change) => change.subject === subject);

export const isAdmin = (state: AppState): boolean => ownDevice(state)?.role === 'admin';
