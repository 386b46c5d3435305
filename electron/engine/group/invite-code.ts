import { failure } from '../../../shared/errors.ts';
import { blake3Bytes } from '../bytes/hash.ts';
import { fromBase32, toBase32 } from './base32.ts';

/** Version of the invite code's format. */
export const INVITE_CODE_VERSION = 1;
/** Bytes of the secret, the seed of the invite's Ed25519 key pair. */
export const INVITE_SECRET_BYTES = 32;
/** Bytes of the hash of the group's first entry that the code carries. */
export const FIRST_ENTRY_HASH_BYTES = 16;
/** Bootstrap addresses in one code. */
export const MAX_CODE_BOOTSTRAP = 4;
const CHECKSUM_BYTES = 4;
const MAX_ADDRESS_BYTES = 80;
const MAX_CODE_CHARACTERS = 1_024;
const GROUP_CHARACTERS = 5;
const CONTEXT = new TextEncoder().encode('flotilla/code/1');

/** What an invite code says. */
export interface InviteCode {
  /** Seed of the invite's key pair: whoever knows it can ask to join. */
  readonly secret: Uint8Array;
  /** The first 16 bytes of the hash of the group's first log entry: the newcomer takes no other log. */
  readonly firstEntry: Uint8Array;
  /** `HOST:PORT` of the group's own DHT bootstrap nodes; empty where it uses the public ones. */
  readonly bootstrap: readonly string[];
}

/**
 * The code as text: lower-case base32 in groups of five joined by dashes. Bytes: version (1), secret (32), first entry's
 * hash (16), number of addresses (1), each as length (1) and UTF-8, then the first 4 bytes of BLAKE3 of
 * `flotilla/code/1` and all that. The QR code holds the same text.
 */
export function formatInviteCode(code: InviteCode & { readonly version?: number }): string {
  const addresses = code.bootstrap.slice(0, MAX_CODE_BOOTSTRAP).flatMap((address) => {
    const bytes = new TextEncoder().encode(address);
    return bytes.length > 0 && bytes.length <= MAX_ADDRESS_BYTES ? [bytes] : [];
  });
  const payload = Buffer.concat([
    Uint8Array.of(code.version ?? INVITE_CODE_VERSION),
    code.secret.subarray(0, INVITE_SECRET_BYTES),
    code.firstEntry.subarray(0, FIRST_ENTRY_HASH_BYTES),
    Uint8Array.of(addresses.length),
    ...addresses.flatMap((bytes) => [Uint8Array.of(bytes.length), bytes]),
  ]);
  const text = toBase32(Buffer.concat([payload, checksum(payload)]));
  return (text.match(new RegExp(`.{1,${GROUP_CHARACTERS}}`, 'g')) ?? []).join('-');
}

/**
 * Reads a code as a person typed or pasted it: case, dashes and white space do not matter. Throws `FlotillaError` with
 * `invite-malformed` (no code at all), `invite-mistyped` (the checksum differs) or `invite-version-unsupported`.
 */
export function parseInviteCode(text: string): InviteCode {
  if (text.length > MAX_CODE_CHARACTERS) throw malformed();
  const typed = text.toLowerCase().replace(/[\s\-\u2010-\u2015]/g, '');
  const nearly = /^[^/:.]{60,}$/.test(typed) ? mistyped : malformed;
  const bytes = fromBase32(typed);
  if (bytes === null || bytes.length <= CHECKSUM_BYTES) throw nearly();
  const payload = bytes.subarray(0, bytes.length - CHECKSUM_BYTES);
  if (!Buffer.from(checksum(payload)).equals(bytes.subarray(bytes.length - CHECKSUM_BYTES))) throw nearly();
  if (payload[0] !== INVITE_CODE_VERSION) {
    throw failure('invite-version-unsupported', 'The invite code was made by a newer version of Flotilla');
  }
  return readPayload(payload);
}

function readPayload(payload: Uint8Array): InviteCode {
  const secretEnd = 1 + INVITE_SECRET_BYTES;
  const hashEnd = secretEnd + FIRST_ENTRY_HASH_BYTES;
  const count = payload[hashEnd];
  if (count === undefined || count > MAX_CODE_BOOTSTRAP) throw malformed();
  const bootstrap: string[] = [];
  let at = hashEnd + 1;
  for (let number = 0; number < count; number += 1) {
    const length = payload[at];
    if (length === undefined || length === 0 || length > MAX_ADDRESS_BYTES) throw malformed();
    const end = at + 1 + length;
    if (end > payload.length) throw malformed();
    bootstrap.push(new TextDecoder().decode(payload.subarray(at + 1, end)));
    at = end;
  }
  if (at !== payload.length) throw malformed();
  return { secret: payload.slice(1, secretEnd), firstEntry: payload.slice(secretEnd, hashEnd), bootstrap };
}

function checksum(payload: Uint8Array): Uint8Array {
  return blake3Bytes(Buffer.concat([CONTEXT, payload])).subarray(0, CHECKSUM_BYTES);
}

function mistyped(): Error {
  return failure('invite-mistyped', 'The invite code is mistyped or incomplete');
}

function malformed(): Error {
  return failure('invite-malformed', 'This is not an invite code');
}
