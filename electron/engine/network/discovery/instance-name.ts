import { blake3Bytes } from '../../bytes/hash.ts';
import { toHex } from '../../bytes/hex.ts';

const HOUR_MS = 3_600_000;

/** The hour of a wall clock time, since 1970. */
export function hourOf(now: number): number {
  return Math.floor(now / HOUR_MS);
}

/**
 * Name under which a member announces itself in an hour: 16 bytes of BLAKE3 of `flotilla/mdns-member/1`, 0, group id,
 * device key and the hour (8 bytes, big-endian), as hex.
 */
export function memberInstance(group: Uint8Array, device: Uint8Array, hour: number): string {
  return instanceName('flotilla/mdns-member/1', [group, device], hour);
}

/** Name under which a member that receives newcomers for an invite announces itself: as above, of the discovery key. */
export function pairingInstance(discoveryKey: Uint8Array, hour: number): string {
  return instanceName('flotilla/mdns-invite/1', [discoveryKey], hour);
}

/** The hours in which a record may have been made whose maker's clock differs from this one's by less than an hour. */
export function hoursAround(now: number): readonly number[] {
  const hour = hourOf(now);
  return [hour - 1, hour, hour + 1];
}

function instanceName(context: string, parts: readonly Uint8Array[], hour: number): string {
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(BigInt(hour));
  const hash = blake3Bytes(Buffer.concat([Buffer.from(`${context}\0`, 'utf8'), ...parts, time]));
  return toHex(hash.subarray(0, 16));
}
