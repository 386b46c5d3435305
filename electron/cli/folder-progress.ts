/** How far folders are, as a bar and in words. */
import type { ContractClient } from '../../shared/contract/contract.ts';
import { bytes, named, percent, plural, rate } from '../../shared/model/amounts.ts';
import type { AppState } from '../../shared/model/app-state.ts';
import type { Folder } from '../../shared/model/folder.ts';
import { movingShare } from '../../shared/model/moving-share.ts';
import type { Rates } from '../../shared/model/values.ts';
import type { Follow } from './progress.ts';

const BAR_CHARACTERS = 24;

/** Full for what is there, light for what is to come. */
function bar(share: number): string {
  const full = Math.floor(share * BAR_CHARACTERS);
  return '█'.repeat(full) + '░'.repeat(BAR_CHARACTERS - full);
}

/** What the folders wait for, where nothing that has a measure is on its way. */
function waitsFor(devices: AppState['devices'], folders: readonly Folder[]): string {
  const [self] = devices.filter((device) => device.self);
  const here = new Set(devices.filter((device) => !device.self && device.online).map(({ id }) => id));
  const isHeldHere = folders.some(({ holders }) => holders.some((one) => one.holds && here.has(one.device)));
  if (isHeldHere) return 'Comparing with the other devices';
  const isOwn = folders.every(({ owner, needFiles }) => owner === self?.id && needFiles === 0);
  return isOwn ? 'Taking in what is on this disk' : 'Waiting for a device that holds it';
}

/** How far the folders are, on one line. */
export function folderProgress(
  { devices, rates }: Pick<AppState, 'devices'> & { readonly rates: Rates },
  folders: readonly Folder[],
): string {
  const scanned = folders.find(({ state }) => state === 'scanning');
  if (scanned !== undefined)
    return `Looking through ${named(scanned.name)}: ${plural(scanned.scannedFiles, 'name')} so far`;
  const share = movingShare({ devices, folders });
  if (share === null) return waitsFor(devices, folders);
  const files = folders.reduce((sum, folder) => sum + folder.needFiles, 0);
  const left = folders.reduce((sum, folder) => sum + folder.needBytes, 0);
  const what = files > 0 ? `${plural(files, 'file')} (${bytes(left)}) to come` : 'to other devices';
  // Between 0 and the whole `percent` says neither.
  return `${bar(share)} ${percent(share, 1)}  ${what}; ${rate(rates.downBps)} in, ${rate(rates.upBps)} out`;
}

/** Waits until every connected device that holds the folder has the same, and shows how far it is. Null: all folders. */
export function followFolders(
  client: ContractClient,
  follow: Follow,
  folder: string | null,
  timeoutMs: number | null = null,
): Promise<{ idle: true }> {
  return follow(client.engine.waitIdle({ folder, timeoutMs }), async () => {
    const status = await client.engine.status();
    const isMeant = ({ id, name, path }: Folder): boolean =>
      folder === null ? path !== null : name === folder || id.startsWith(folder);
    return folderProgress(status, status.folders.filter(isMeant));
  });
}
