/** Who has what: a row for each device, a column for each folder. Pure. */
import { bytes, percent } from '../../../shared/model/amounts.ts';
import type { AppState } from '../../../shared/model/app-state.ts';

export type Cell =
  | { readonly kind: 'none'; readonly words: string }
  | { readonly kind: 'complete'; readonly text: string; readonly words: string }
  | { readonly kind: 'partial'; readonly text: string; readonly share: number; readonly words: string };

export interface GridRow {
  readonly device: string;
  readonly name: string;
  readonly self: boolean;
  readonly online: boolean;
  readonly lastSeen: number | null;
  readonly free: string | null;
  readonly cells: readonly Cell[];
}

export interface WhoHasWhat {
  readonly folders: readonly { readonly id: string; readonly name: string; readonly copies: string }[];
  readonly rows: readonly GridRow[];
}

const cellOf = (holds: boolean, have: number, need: number, needFiles: number): Cell => {
  if (!holds) return { kind: 'none', words: 'does not hold it' };
  if (need === 0 && needFiles === 0) return { kind: 'complete', text: '100 %', words: 'has all of it' };
  const whole = have + need;
  const text = percent(Math.min(have, whole - 1), whole);
  return { kind: 'partial', text, share: whole === 0 ? 0 : have / whole, words: `${text}, ${bytes(need)} to come` };
};

/** The replication picture from the devices' own reports. */
export const whoHasWhat = (state: AppState): WhoHasWhat => {
  const folders = [...state.folders].sort((left, right) => left.name.localeCompare(right.name));
  return {
    folders: folders.map((folder) => ({
      id: folder.id,
      name: folder.name,
      copies: `${folder.copies.complete} of ${folder.copies.wanted}`,
    })),
    rows: state.devices
      .filter((device) => !device.leaving)
      .map((device) => ({
        device: device.id,
        name: device.name,
        self: device.self,
        online: device.self || device.online,
        lastSeen: device.lastSeen,
        free: device.freeBytes === null ? null : bytes(device.freeBytes),
        cells: folders.map((folder) => {
          const holder = folder.holders.find((one) => one.device === device.id);
          return cellOf(holder?.holds ?? false, holder?.haveBytes ?? 0, holder?.needBytes ?? 0, holder?.needFiles ?? 0);
        }),
      })),
  };
};
