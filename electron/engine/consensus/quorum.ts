import type { DeviceId } from '../../../shared/ids.ts';
import type { LogIndex } from './entry.ts';
import type { Electorate } from './types.ts';

/** Weight of a device; 0 for an observer. */
export function weightOf(electorate: Electorate, device: DeviceId): number {
  return electorate.get(device) ?? 0;
}

/** Sum of all weights. */
export function totalWeight(electorate: Electorate): number {
  let total = 0;
  for (const weight of electorate.values()) total += weight;
  return total;
}

/** Whether the devices for which `has` holds have more than half of the total weight (design rule: half is not enough). */
export function isMajority(electorate: Electorate, has: (device: DeviceId) => boolean): boolean {
  let weight = 0;
  for (const [device, own] of electorate) if (has(device)) weight += own;
  return weight * 2 > totalWeight(electorate);
}

/** The highest index that a majority of the weight has in its log (Raft thesis, 3.6.2, with weights). */
export function majorityIndex(electorate: Electorate, matchOf: (device: DeviceId) => LogIndex): LogIndex {
  const total = totalWeight(electorate);
  const matches = [...electorate].map(([device, weight]) => ({ match: matchOf(device), weight }));
  matches.sort((a, b) => b.match - a.match);
  let weight = 0;
  for (const one of matches) {
    weight += one.weight;
    if (weight * 2 > total) return one.match;
  }
  return 0;
}

/** Devices with a weight, in the order of their ids. */
export function votersOf(electorate: Electorate): DeviceId[] {
  return [...electorate]
    .filter(([, weight]) => weight > 0)
    .map(([device]) => device)
    .sort();
}

/** Whether every majority of `a` has a device in common with every majority of `b`, by enumeration of all subsets. */
export function majoritiesIntersect(a: Electorate, b: Electorate): boolean {
  const devices = [...new Set([...a.keys(), ...b.keys()])];
  for (let mask = 0; mask < 2 ** devices.length; mask++) {
    const inside = new Set(devices.filter((_, bit) => Math.floor(mask / 2 ** bit) % 2 === 1));
    if (isMajority(a, (device) => inside.has(device)) && isMajority(b, (device) => !inside.has(device))) return false;
  }
  return true;
}
