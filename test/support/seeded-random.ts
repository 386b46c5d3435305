import type { Random } from '../../electron/engine/ports/random.ts';

/** Randomness that repeats with its seed, with the draws that random histories need. */
export interface SeededRandom extends Random {
  /** A whole number in [0, below). */
  integer(below: number): number;
  /** One of the values; the list must not be empty. */
  pick<T>(values: readonly T[]): T;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** An independent stream, so that what one device draws does not shift what another does. */
  fork(): SeededRandom;
}

/** sfc32 (PractRand's small fast counter), seeded by a 32-bit number. */
export function createSeededRandom(seed: number): SeededRandom {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed >>> 0;
  let counter = 1;

  function next(): number {
    const sum = (((a + b) >>> 0) + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) >>> 0;
    c = ((c << 21) | (c >>> 11)) >>> 0;
    c = (c + sum) >>> 0;
    return sum;
  }
  for (let round = 0; round < 15; round += 1) next();

  const random: SeededRandom = {
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at += 1) bytes[at] = next() & 0xff;
      return bytes;
    },
    fraction: () => next() / 0x1_0000_0000,
    integer: (below) => Math.floor(random.fraction() * below),
    pick<T>(values: readonly T[]): T {
      if (values.length === 0) throw new Error('nothing to pick from');
      return values[random.integer(values.length)] as T;
    },
    chance: (probability) => random.fraction() < probability,
    fork: () => createSeededRandom(next()),
  };
  return random;
}
