/** Questions about the state that more than one feature asks. Pure. */
import { named } from '../../shared/model/amounts.ts';
import type { AppState } from '../../shared/model/app-state.ts';
import type { Device } from '../../shared/model/device.ts';
import type { Folder } from '../../shared/model/folder.ts';

export const deviceById = (state: AppState, id: string | null): Device | null =>
  state.devices.find((device) => device.id === id) ?? null;

export const folderById = (state: AppState, id: string | null): Folder | null =>
  state.folders.find((folder) => folder.id === id) ?? null;

export const ownDevice = (state: AppState): Device | null => state.devices.find((device) => device.self) ?? null;

/** A device's name inside a sentence; "this computer" for the own one, "a device that left" for one that is unknown. */
export const deviceWords = (state: AppState, id: string | null): string => {
  const device = deviceById(state, id);
  if (!device) return 'a device that left';
  return device.self ? 'this computer' : named(device.name);
};

/** The same at the beginning of a sentence. */
export const deviceWordsFirst = (state: AppState, id: string | null): string => {
  const device = deviceById(state, id);
  if (!device) return 'A device that left';
  return device.self ? 'This computer' : named(device.name);
};

/** A folder's name inside a sentence. */
export const folderWords = (state: AppState, id: string): string =>
  named(folderById(state, id)?.name ?? 'a folder that is gone');

export const isAdmin = (state: AppState): boolean => ownDevice(state)?.role === 'admin';
