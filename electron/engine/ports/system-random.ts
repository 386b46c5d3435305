import { randomBytes } from 'node:crypto';
import type { Random } from './random.ts';

/** The operating system's secure entropy. */
export const systemRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  fraction: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
};
