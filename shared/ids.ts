/**
 * Branded identifiers. All are lower-case hexadecimal text, so that they can be keys, log fields and JSON alike;
 * binary formats carry the raw bytes. One parser each, to be called where a value enters the program.
 */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Ed25519 public key of a device: 64 hex digits. */
export type DeviceId = Branded<'DeviceId'>;
/** BLAKE3 of the founding device's key and a nonce: 64 hex digits. */
export type GroupId = Branded<'GroupId'>;
/** 16 random bytes chosen by the device that shares the folder: 32 hex digits. */
export type FolderId = Branded<'FolderId'>;
/** blind-pairing invite id (32 bytes): 64 hex digits. */
export type InviteId = Branded<'InviteId'>;
/** BLAKE3 of a file's whole content, of a symlink's target, or of an operation: 64 hex digits. */
export type ContentHash = Branded<'ContentHash'>;
/** BLAKE3 of an encoded, signed log entry; before the first entry the group's id stands in its place: 64 hex digits. */
export type EntryHash = Branded<'EntryHash'>;
/** First 16 bytes of BLAKE3 of a device key, as index entries and Automerge actors carry it: 32 hex digits. */
export type DeviceTag = Branded<'DeviceTag'>;

function hexParser<T extends string>(digits: number): (text: string) => T | null {
  const pattern = new RegExp(`^[0-9a-f]{${digits}}$`);
  return (text) => (pattern.test(text) ? (text as T) : null);
}

export const parseDeviceId: (text: string) => DeviceId | null = hexParser(64);
export const parseGroupId: (text: string) => GroupId | null = hexParser(64);
export const parseFolderId: (text: string) => FolderId | null = hexParser(32);
export const parseInviteId: (text: string) => InviteId | null = hexParser(64);
export const parseContentHash: (text: string) => ContentHash | null = hexParser(64);
