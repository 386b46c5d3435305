import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import { blake3Bytes } from '../bytes/hash.ts';
import { fromHex, toHex } from '../bytes/hex.ts';

const CONTEXT = new TextEncoder().encode('flotilla/group/1');

/** The id of the group that the device founds with the nonce (16 bytes as hex). */
export function groupIdOf(founder: DeviceId, nonce: string): GroupId {
  const key = fromHex(founder);
  const salt = fromHex(nonce);
  const bytes = new Uint8Array(CONTEXT.length + key.length + salt.length);
  bytes.set(CONTEXT);
  bytes.set(key, CONTEXT.length);
  bytes.set(salt, CONTEXT.length + key.length);
  return toHex(blake3Bytes(bytes)) as GroupId;
}
