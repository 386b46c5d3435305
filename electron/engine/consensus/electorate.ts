import type { DeviceId } from '../../../shared/ids.ts';
import { MAX_WEIGHTED_DEVICES } from '../../../shared/limits.ts';
import { totalWeight, votersOf, weightOf } from './quorum.ts';
import type { Electorate } from './types.ts';

/** One unit of weight given to or taken from one device. */
export interface Adjustment {
  readonly device: DeviceId;
  readonly by: 1 | -1;
}

/** The electorate after one adjustment, or null where that is not one unit of one device, or leaves no voter or too many. */
export function adjusted(current: Electorate, adjustment: Adjustment): Electorate | null {
  if (adjustment.by !== 1 && adjustment.by !== -1) return null;
  const weight = weightOf(current, adjustment.device) + adjustment.by;
  if (weight < 0) return null;
  const next = new Map(current);
  if (weight === 0) next.delete(adjustment.device);
  else next.set(adjustment.device, weight);
  return totalWeight(next) > 0 && next.size <= MAX_WEIGHTED_DEVICES ? next : null;
}

/**
 * The electorate that is wanted for the devices that are not removed, in the order in which they joined: one alone has one
 * unit, of two the first has two and the second one, from three on the first `maxVoters` have one each.
 */
export function wantedElectorate(joined: readonly DeviceId[], maxVoters: number): Electorate {
  const [first, second, third] = joined;
  if (first !== undefined && second !== undefined && third === undefined) {
    return new Map([
      [first, 2],
      [second, 1],
    ]);
  }
  return new Map(joined.slice(0, maxVoters).map((device) => [device, 1]));
}

/**
 * What the electorate goes towards at the moment. While a single device is wanted and others still have weight, that is two
 * units for the one: at {1,1} either device could block the other, at {1,2} the one that stays decides alone.
 */
function goalOf(current: Electorate, wanted: Electorate): Electorate {
  const stay = votersOf(wanted);
  const only = stay[0];
  if (stay.length !== 1 || only === undefined) return wanted;
  const others = votersOf(current).some((device) => device !== only);
  return others ? new Map([[only, Math.max(2, weightOf(wanted, only))]]) : wanted;
}

/**
 * The next unit on the way from `current` to `wanted`, or null when it is reached. Weight is given before it is taken;
 * given first to who has some already, taken first from who keeps none, and from `master` last, so that a master that goes
 * can finish the rest before it hands over.
 */
export function nextAdjustment(
  current: Electorate,
  wanted: Electorate,
  master: DeviceId | null = null,
): Adjustment | null {
  if (totalWeight(wanted) === 0) return null;
  const goal = goalOf(current, wanted);
  const short = votersOf(goal).filter((device) => weightOf(current, device) < weightOf(goal, device));
  short.sort((a, b) => Number(weightOf(current, a) === 0) - Number(weightOf(current, b) === 0));
  const give = short[0];
  if (give !== undefined) return { device: give, by: 1 };
  const over = votersOf(current).filter((device) => weightOf(current, device) > weightOf(goal, device));
  const lateness = (device: DeviceId): number => (device === master ? 2 : 0) + (weightOf(goal, device) === 0 ? 0 : 1);
  over.sort((a, b) => lateness(a) - lateness(b));
  const take = over[0];
  return take === undefined ? null : { device: take, by: -1 };
}

/** Whether two electorates give every device the same weight. */
export function sameElectorate(a: Electorate, b: Electorate): boolean {
  const devices = new Set([...a.keys(), ...b.keys()]);
  return [...devices].every((device) => weightOf(a, device) === weightOf(b, device));
}
