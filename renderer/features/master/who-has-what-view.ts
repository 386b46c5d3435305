/** Who has what: a row for each device, a column for each folder. Pure. */
import { bytes } from '../../../shared/model/amounts.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Holder } from '../../../shared/model/folder.ts';
import { holderWords, shareOf, shareWords } from '../../store/holders.ts';

export type Cell =
  | { readonly kind: 'none'; readonly words: string }
  /** Nothing that could be measured: paused, not heard from; or stopped, where someone has to answer. */
  | { readonly kind: 'quiet' | 'stopped'; readonly text: string; readonly words: string }
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

const cellOf = (holder: Holder | undefined): Cell => {
  const words = holderWords(holder);
  const share = shareOf(holder);
  if (holder === undefined || share.kind === 'none') return { kind: 'none', words };
  const text = shareWords(holder);
  if (share.kind === 'complete' || share.kind === 'stopped') return { kind: share.kind, text, words };
  return share.kind === 'partial'
    ? { kind: 'partial', text, share: share.share, words }
    : { kind: 'quiet', text, words };
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
        cells: folders.map((folder) => cellOf(folder.holders.find((one) => one.device === device.id))),
      })),
  };
};
