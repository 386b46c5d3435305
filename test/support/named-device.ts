import { blake3Bytes } from '../../electron/engine/bytes/hash.ts';
import { toHex } from '../../electron/engine/bytes/hex.ts';
import { type KeyPair, keyPairFromSeed } from '../../electron/engine/bytes/signature.ts';
import type { DeviceId, InviteId } from '../../shared/ids.ts';

/** A device of a test: its name decides its key, so that failures read well and repeat. */
export interface NamedDevice {
  readonly name: string;
  readonly id: DeviceId;
  readonly keyPair: KeyPair;
}

const known = new Map<string, NamedDevice>();

/** The device of that name, always with the same key. */
export function deviceNamed(name: string): NamedDevice {
  let device = known.get(name);
  if (device === undefined) {
    const keyPair = keyPairFromSeed(blake3Bytes(new TextEncoder().encode(`test device ${name}`)));
    device = { name, id: toHex(keyPair.publicKey) as DeviceId, keyPair };
    known.set(name, device);
  }
  return device;
}

/** An invite of a test: its name decides id and key. */
export function inviteNamed(name: string): {
  readonly id: InviteId;
  readonly keyPair: KeyPair;
  readonly seed: Uint8Array;
} {
  const seed = blake3Bytes(new TextEncoder().encode(`test invite ${name}`));
  return { id: toHex(blake3Bytes(seed)) as InviteId, keyPair: keyPairFromSeed(seed), seed };
}
