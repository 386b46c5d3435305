import { blake3 } from '@napi-rs/blake-hash';
import type { ContentHash, DeviceId, DeviceTag } from '../../../shared/ids.ts';
import { fromHex, toHex } from './hex.ts';

/** BLAKE3 of the bytes, 32 bytes long. */
export function blake3Bytes(bytes: Uint8Array): Uint8Array {
  return blake3(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** BLAKE3 of the bytes, as the text by which content is named. */
export function contentHash(bytes: Uint8Array): ContentHash {
  return toHex(blake3Bytes(bytes)) as ContentHash;
}

/** The short name of a device in index entries and Automerge actors: 16 bytes of BLAKE3 of its key. */
export function deviceTag(device: DeviceId): DeviceTag {
  return toHex(blake3Bytes(fromHex(device)).subarray(0, 16)) as DeviceTag;
}
