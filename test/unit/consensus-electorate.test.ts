import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adjusted,
  nextAdjustment,
  sameElectorate,
  wantedElectorate,
} from '../../electron/engine/consensus/electorate.ts';
import { isMajority, majoritiesIntersect, majorityIndex, totalWeight } from '../../electron/engine/consensus/quorum.ts';
import type { Electorate } from '../../electron/engine/consensus/types.ts';
import type { DeviceId } from '../../shared/ids.ts';
import { MAX_WEIGHTED_DEVICES } from '../../shared/limits.ts';

const id = (name: string): DeviceId => name as DeviceId;
const weights = (text: string): Electorate =>
  new Map([...text.matchAll(/([a-z])(\d)/g)].map(([, name, weight]) => [id(name ?? ''), Number(weight)]));
const text = (electorate: Electorate): string =>
  [...electorate]
    .map(([device, weight]) => `${device}${weight}`)
    .sort()
    .join(' ');

/** Every electorate on the way, the first and the last included. */
function way(from: string, to: string, master: string): string[] {
  const steps = [from];
  let current = weights(from);
  for (let step = 0; step < 100; step++) {
    const next = nextAdjustment(current, weights(to), id(master));
    if (next === null) return steps;
    current = adjusted(current, next) as Electorate;
    steps.push(text(current));
  }
  throw new Error('the way never ends');
}

/** Every electorate of up to `devices` devices with weights from 0 to `most`. */
function everyElectorate(devices: number, most: number): Electorate[] {
  const names = 'abcde'.slice(0, devices).split('').map(id);
  const all: Electorate[] = [];
  for (let code = 1; code < (most + 1) ** devices; code++) {
    const digits = names.map((name, at): [DeviceId, number] => [
      name,
      Math.floor(code / (most + 1) ** at) % (most + 1),
    ]);
    all.push(new Map(digits.filter(([, weight]) => weight > 0)));
  }
  return all;
}

describe('majorities', () => {
  it('EL11 need more than half of the weight', () => {
    const two = weights('a2 b1');
    expect(isMajority(two, (device) => device === 'a')).toBe(true);
    expect(isMajority(two, (device) => device === 'b')).toBe(false);
    expect(isMajority(weights('a1 b1'), (device) => device === 'a')).toBe(false);
    expect(isMajority(new Map(), () => true)).toBe(false);
  });

  it('EL11 commit what more than half of the weight has', () => {
    const match: Record<string, number> = { a: 9, b: 7, c: 4 };
    const matchOf = (device: DeviceId): number => match[device] ?? 0;
    expect(majorityIndex(weights('a1 b1 c1'), matchOf)).toBe(7);
    expect(majorityIndex(weights('a2 b1'), matchOf)).toBe(9);
    expect(majorityIndex(weights('a1 b2'), matchOf)).toBe(7);
    expect(majorityIndex(weights('a2 b2'), matchOf)).toBe(7);
    expect(majorityIndex(new Map(), matchOf)).toBe(0);
  });

  it('EL15 before and after any one unit intersect, in every electorate of five devices with up to two units each', () => {
    for (const before of everyElectorate(5, 2)) {
      for (const device of ['a', 'b', 'c', 'd', 'e'].map(id))
        for (const by of [1, -1] as const) {
          const after = adjusted(before, { device, by });
          if (after !== null) expect(majoritiesIntersect(before, after)).toBe(true);
        }
    }
  });

  it('EL15 two units at once may not intersect', () => {
    expect(majoritiesIntersect(weights('a2 b1'), weights('a1 b1 c1'))).toBe(false);
    expect(majoritiesIntersect(weights('a1'), weights('b1'))).toBe(false);
  });
});

describe('one adjustment', () => {
  it('EL12 is one unit of one device, and leaves a voter', () => {
    expect(text(adjusted(weights('a1'), { device: id('b'), by: 1 }) as Electorate)).toBe('a1 b1');
    expect(text(adjusted(weights('a2 b1'), { device: id('b'), by: -1 }) as Electorate)).toBe('a2');
    expect(adjusted(weights('a1'), { device: id('a'), by: -1 })).toBeNull();
    expect(adjusted(weights('a1'), { device: id('b'), by: -1 })).toBeNull();
    expect(adjusted(weights('a1'), { device: id('b'), by: 2 as 1 })).toBeNull();
    const most = new Map(Array.from({ length: MAX_WEIGHTED_DEVICES }, (_, at) => [id(`n${at}`), 1]));
    expect(adjusted(most, { device: id('b'), by: 1 })).toBeNull();
    expect(adjusted(most, { device: id('n0'), by: 1 })?.get(id('n0'))).toBe(2);
  });
});

describe('the way to the wanted electorate', () => {
  it('EL14 from one device to two', () => expect(way('a1', 'a2 b1', 'a')).toEqual(['a1', 'a2', 'a2 b1']));
  it('EL14 from two to three', () => expect(way('a2 b1', 'a1 b1 c1', 'a')).toEqual(['a2 b1', 'a2 b1 c1', 'a1 b1 c1']));
  it('EL14 from three back to two', () =>
    expect(way('a1 b1 c1', 'a2 b1', 'a')).toEqual(['a1 b1 c1', 'a2 b1 c1', 'a2 b1']));
  it('EL14 when the heavy one of two leaves', () =>
    expect(way('a2 b1', 'b1', 'a')).toEqual(['a2 b1', 'a2 b2', 'a1 b2', 'b2', 'b1']));
  it('EL14 when the light one of two leaves', () => expect(way('a2 b1', 'a1', 'a')).toEqual(['a2 b1', 'a2', 'a1']));
  it('EL14 when one of three is replaced', () =>
    expect(way('a1 b1 c1', 'b1 c1 d1', 'b')).toEqual(['a1 b1 c1', 'a1 b1 c1 d1', 'b1 c1 d1']));
  it('EL14 stays where nobody is wanted', () => expect(nextAdjustment(weights('a1'), new Map())).toBeNull());

  it('EL14 EL15 ends at what is wanted, one intersecting unit after the other, from anywhere to anywhere', () => {
    const electorate = fc
      .dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 1, max: 2 }), { minKeys: 1 })
      .map((record) => new Map(Object.entries(record)) as unknown as Electorate);
    fc.assert(
      fc.property(electorate, electorate, (from, to) => {
        let current = from;
        for (let step = 0; step < 40; step++) {
          const next = nextAdjustment(current, to);
          if (next === null) return sameElectorate(current, to);
          const after = adjusted(current, next);
          if (after === null || totalWeight(after) === 0 || !majoritiesIntersect(current, after)) return false;
          current = after;
        }
        return false;
      }),
    );
  });

  it('EL14 wants one unit of one device, two and one of two, one each of the first three from three on', () => {
    const joined = ['a', 'b', 'c', 'd'].map(id);
    expect([1, 2, 3, 4].map((count) => text(wantedElectorate(joined.slice(0, count), 3)))).toEqual([
      'a1',
      'a2 b1',
      'a1 b1 c1',
      'a1 b1 c1',
    ]);
  });
});
