/** Where the devices stand on the map and which lines join them. Pure; places in percent of the map. */
import { plural, rate } from '../../../shared/model/amounts.ts';
import type { Device } from '../../../shared/model/device.ts';

export interface MapNode {
  readonly device: Device;
  readonly x: number;
  readonly y: number;
}

export interface MapLine {
  readonly device: string;
  readonly kind: 'lan' | 'direct' | 'relayed' | 'none';
  readonly from: { readonly x: number; readonly y: number };
  readonly to: { readonly x: number; readonly y: number };
  /** What flows, with its direction seen from here; null while nothing does. */
  readonly flow: string | null;
}

export interface DeviceMap {
  readonly nodes: readonly MapNode[];
  readonly lines: readonly MapLine[];
  /** Devices for which there is no room. */
  readonly more: number;
}

const MOST = 8;
/** Below this flows only what keeps a link alive, in bytes per second. */
const FLOWS_FROM = 1_000;
const MIDDLE = { x: 50, y: 50 } as const;

const placeOf = (index: number, count: number): { readonly x: number; readonly y: number } => {
  if (count === 1) return { x: 80, y: 50 };
  const start = count === 2 ? Math.PI : -Math.PI / 2 - (count % 2 === 0 ? Math.PI / count : 0);
  const angle = start + (index * 2 * Math.PI) / count;
  return { x: 50 + 37 * Math.cos(angle), y: 50 + 36 * Math.sin(angle) };
};

/** What stands under a device's name: what it lacks, else whether it is here. */
export const nodeWords = (device: Device): string => {
  if (device.needFiles > 0) return `needs ${plural(device.needFiles, 'file')}`;
  if (device.self) return 'this computer';
  return device.online ? 'here' : 'away';
};

const flowOf = (device: Device): string | null => {
  const { downBps, upBps } = device.rates;
  const parts: string[] = [];
  if (upBps >= FLOWS_FROM) parts.push(`↑ ${rate(upBps)}`);
  if (downBps >= FLOWS_FROM) parts.push(`↓ ${rate(downBps)}`);
  return parts.length > 0 ? parts.join('  ') : null;
};

/** This computer in the middle, the others around it, those that are here first. */
export const mapOf = (devices: readonly Device[]): DeviceMap => {
  const self = devices.find((device) => device.self);
  if (!self) return { nodes: [], lines: [], more: 0 };
  const others = devices
    .filter((device) => !device.self)
    .sort((left, right) => Number(right.online) - Number(left.online) || left.joinedAt - right.joinedAt);
  const shown = others.slice(0, MOST);
  const middle = shown.length === 1 ? { x: 20, y: 50 } : MIDDLE;
  const around = shown.map((device, index) => ({ device, ...placeOf(index, shown.length) }));
  return {
    nodes: [{ device: self, ...middle }, ...around],
    lines: around.map(({ device, x, y }) => ({
      device: device.id,
      kind: device.online ? (device.link?.kind ?? 'direct') : 'none',
      from: middle,
      to: { x, y },
      flow: device.online ? flowOf(device) : null,
    })),
    more: others.length - shown.length,
  };
};
