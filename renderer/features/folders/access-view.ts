/** Who may do what in a folder. Pure. */
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Device } from '../../../shared/model/device.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import type { Access } from '../../../shared/model/values.ts';

export interface AccessRow {
  readonly device: Device;
  readonly name: string;
  readonly access: Access;
  readonly owner: boolean;
  readonly holds: string;
}

/** The owner first, then by name. */
export const accessRows = (state: AppState, folder: Folder): readonly AccessRow[] =>
  state.devices
    .filter((device) => !device.leaving)
    .map((device) => {
      const holder = folder.holders.find((one) => one.device === device.id);
      const owner = folder.owner === device.id;
      return {
        device,
        name: device.self ? 'This computer' : device.name,
        access: owner ? 'readWrite' : (holder?.access ?? folder.defaultAccess),
        owner,
        holds: holder?.holds ? 'Holds it' : 'Does not hold it',
      } satisfies AccessRow;
    })
    .sort((left, right) => Number(right.owner) - Number(left.owner) || left.name.localeCompare(right.name));
