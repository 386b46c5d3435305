/** What the list of devices shows. Pure. */
import { bytes, named, plural } from '../../../shared/model/amounts.ts';
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Device } from '../../../shared/model/device.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import { isBehind } from '../../../shared/model/holders.ts';
import type { TruthTone } from '../../../shared/model/truth.ts';
import { diskFullWords } from '../../../shared/text/disk-full.ts';
import { waitingAbout } from '../../store/selectors.ts';
import { ago } from '../../text/times.ts';
import { LINK_WORDS, ROLE_WORDS } from '../../text/words.ts';

export interface DeviceRow {
  readonly device: Device;
  readonly tone: TruthTone;
  /** Here or since when not. */
  readonly presence: string;
  /** What it still lacks. */
  readonly needs: string;
  readonly link: string;
  readonly role: string;
  /** What was asked for about it and is not decided. */
  readonly waits: readonly string[];
}

const presenceOf = (device: Device, now: number): string => {
  if (device.self) return 'This computer';
  if (device.leaving) return 'Leaving, until its votes are handed on';
  if (device.online) return 'Here';
  return device.lastSeen === null ? 'Never seen from here' : `Last seen ${ago(device.lastSeen, now)}`;
};

const needsOf = (device: Device, folders: readonly Folder[]): string => {
  const held = folders.flatMap(({ holders }) => holders.filter((one) => one.device === device.id && one.holds));
  if (held.some(({ state }) => state === 'unknown')) return 'Not heard from since this computer started';
  const where = device.self ? 'here' : 'there';
  const full = held.find(({ diskFull }) => diskFull !== null);
  if (full !== undefined && !device.self && !device.online) return 'Its disk was full when it was last here';
  if (full !== undefined) return diskFullWords(device.self ? 'this computer' : named(device.name), full);
  const stopped = held.filter(({ state }) => state === 'halted' || state === 'failing').length;
  if (stopped > 0) return `${plural(stopped, 'folder')} stopped ${where}: needs an answer`;
  const paused = held.filter(({ state }) => state === 'paused').length;
  if (paused > 0 && device.needFiles === 0) return `${plural(paused, 'folder')} paused ${where}`;
  if (held.length === 0) return 'Holds no folder';
  if (device.needFiles === 0 && held.some(isBehind)) return 'Does not have the latest changes';
  if (device.needFiles === 0 && device.needBytes === 0) return 'Has all of its folders';
  const what = device.needFiles > 0 ? plural(device.needFiles, 'file') : 'changes';
  return `Still needs ${what}${device.needBytes > 0 ? `, ${bytes(device.needBytes)}` : ''}`;
};

const linkOf = (device: Device): string => {
  if (device.self) return '';
  if (!device.link) return device.online ? 'Connected' : 'Not connected';
  const rtt = device.link.rttMs;
  if (rtt === null) return LINK_WORDS[device.link.kind];
  return `${LINK_WORDS[device.link.kind]}, ${rtt < 1 ? 'under 1' : Math.round(rtt)} ms away`;
};

const toneOf = (device: Device): TruthTone => {
  if (!device.self && !device.online) return 'quiet';
  return device.needFiles > 0 || device.needBytes > 0 ? 'moving' : 'safe';
};

/** This computer first, then those that are here, then by name. */
export const devicesView = (state: AppState, now: number): readonly DeviceRow[] =>
  [...state.devices]
    .sort(
      (left, right) =>
        Number(right.self) - Number(left.self) ||
        Number(right.online) - Number(left.online) ||
        left.name.localeCompare(right.name),
    )
    .map((device) => ({
      device,
      tone: toneOf(device),
      presence: presenceOf(device, now),
      needs: needsOf(device, state.folders),
      link: linkOf(device),
      role: ROLE_WORDS[device.role],
      waits: waitingAbout(state, device.id).map(({ text }) => `Waits for the master: ${text}`),
    }));
