import {
  type DeviceId,
  type GroupId,
  type InviteId,
  parseDeviceId,
  parseGroupId,
  parseInviteId,
} from '../../../shared/ids.ts';
import { MAX_DEVICES } from '../../../shared/limits.ts';
import { decodeValue, type Encodable, encodeValue } from '../bytes/codec.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { SIGNATURE_BYTES } from '../bytes/signature.ts';
import type { RedeemProof } from '../group/invite-proof.ts';
import { isName } from '../group/rules/names.ts';
import { parseTcpAddress, type TcpAddress } from '../network/tcp-address.ts';

const VERSION = 1;
const MAX_FIRST_ENTRY_BYTES = 64 * 1024;
const MAX_TOLD_ADDRESSES = 16;

/**
 * What a newcomer asks a member. `host`: the device key that the member told, which the phrase is made of. While it waits
 * for `redeem` it says `hello` again and again; `withdraw`, when it gives up.
 */
export type DoorAsk =
  | { readonly type: 'hello'; readonly device: DeviceId }
  | { readonly type: 'redeem' | 'withdraw'; readonly host: DeviceId; readonly proof: RedeemProof };

/** A member that a newcomer can dial. */
export interface ToldMember {
  readonly device: DeviceId;
  readonly addresses: readonly TcpAddress[];
}

/**
 * What a member answers: to `hello` which group this is, to `redeem`, once that is committed, whom to dial. `withdraw` is
 * denied with `cancelled`.
 */
export type DoorAnswer =
  | {
      readonly type: 'welcome';
      readonly group: GroupId;
      readonly firstEntry: Uint8Array;
      readonly host: DeviceId;
      readonly approval: 'ask' | 'auto';
    }
  | { readonly type: 'admitted'; readonly members: readonly ToldMember[] };

/** What members tell each other of newcomers: a request for admins to show, an admin's refusal, or that one gave up. */
export type DoorNote =
  | { readonly type: 'request'; readonly host: DeviceId; readonly since: number; readonly proof: RedeemProof }
  | { readonly type: 'denied'; readonly invite: InviteId; readonly device: DeviceId }
  | { readonly type: 'withdrawn'; readonly invite: InviteId; readonly device: DeviceId };

function proofFields(proof: RedeemProof): readonly Encodable[] {
  const { invite, device, name } = proof;
  return [fromHex(invite), fromHex(device), name, fromHex(proof.proof), fromHex(proof.consent)];
}

function bytesOf(value: unknown, length: number): Uint8Array | null {
  return value instanceof Uint8Array && value.byteLength === length ? value : null;
}

function hexOf<T>(value: unknown, length: number, parse: (text: string) => T | null): T | null {
  const bytes = bytesOf(value, length);
  return bytes === null ? null : parse(toHex(bytes));
}

function readProof(value: unknown): RedeemProof | null {
  if (!Array.isArray(value) || value.length < 5) return null;
  const [inviteBytes, deviceBytes, name, proofBytes, consentBytes] = value as unknown[];
  const invite = hexOf(inviteBytes, 32, parseInviteId);
  const device = hexOf(deviceBytes, 32, parseDeviceId);
  const proof = bytesOf(proofBytes, SIGNATURE_BYTES);
  const consent = bytesOf(consentBytes, SIGNATURE_BYTES);
  if (invite === null || device === null || proof === null || consent === null) return null;
  if (typeof name !== 'string' || !isName(name)) return null;
  return { invite, device, name, proof: toHex(proof), consent: toHex(consent) };
}

/** `[1, type, …]` in deterministic CBOR, or null where the bytes are not that. */
function readTyped(bytes: Uint8Array): readonly [string, ...unknown[]] | null {
  const value = decodeValue(bytes);
  if (!Array.isArray(value) || value[0] !== VERSION || typeof value[1] !== 'string') return null;
  return value.slice(1) as [string, ...unknown[]];
}

/** An ask's bytes: `[1, "hello", device]` or `[1, "redeem" | "withdraw", host, [invite, device, name, proof, consent]]`. */
export function encodeDoorAsk(ask: DoorAsk): Uint8Array {
  if (ask.type === 'hello') return encodeValue([VERSION, 'hello', fromHex(ask.device)]);
  return encodeValue([VERSION, ask.type, fromHex(ask.host), proofFields(ask.proof)]);
}

/** The ask, or null where the bytes are none. */
export function decodeDoorAsk(bytes: Uint8Array): DoorAsk | null {
  const [type, first, second] = readTyped(bytes) ?? [];
  const device = hexOf(first, 32, parseDeviceId);
  if (device === null) return null;
  if (type === 'hello') return { type, device };
  const proof = readProof(second);
  return (type === 'redeem' || type === 'withdraw') && proof !== null ? { type, host: device, proof } : null;
}

/** An answer's bytes. */
export function encodeDoorAnswer(answer: DoorAnswer): Uint8Array {
  if (answer.type === 'welcome') {
    const { group, firstEntry, host, approval } = answer;
    return encodeValue([VERSION, 'welcome', fromHex(group), firstEntry, fromHex(host), approval]);
  }
  const members = answer.members.map(({ device, addresses }) => [
    fromHex(device),
    addresses.slice(0, MAX_TOLD_ADDRESSES).map(({ host, port }) => [host, port]),
  ]);
  return encodeValue([VERSION, 'admitted', members]);
}

/** The answer, or null where the bytes are none. */
export function decodeDoorAnswer(bytes: Uint8Array): DoorAnswer | null {
  const [type, ...fields] = readTyped(bytes) ?? [];
  if (type === 'welcome') {
    const [groupBytes, firstEntry, hostBytes, approval] = fields;
    const group = hexOf(groupBytes, 32, parseGroupId);
    const host = hexOf(hostBytes, 32, parseDeviceId);
    if (group === null || host === null || (approval !== 'ask' && approval !== 'auto')) return null;
    if (!(firstEntry instanceof Uint8Array) || firstEntry.byteLength > MAX_FIRST_ENTRY_BYTES) return null;
    return { type, group, firstEntry, host, approval };
  }
  const [listed] = fields;
  if (type !== 'admitted' || !Array.isArray(listed) || listed.length > MAX_DEVICES) return null;
  const members = (listed as unknown[]).map(readMember);
  return members.every((member) => member !== null) ? { type, members } : null;
}

function readMember(value: unknown): ToldMember | null {
  if (!Array.isArray(value)) return null;
  const [deviceBytes, addressValues] = value as unknown[];
  const device = hexOf(deviceBytes, 32, parseDeviceId);
  if (device === null || !Array.isArray(addressValues)) return null;
  const addresses = (addressValues as unknown[])
    .slice(0, MAX_TOLD_ADDRESSES)
    .flatMap((one) => parseTcpAddress(one) ?? []);
  return { device, addresses };
}

/** A note's bytes. */
export function encodeDoorNote(note: DoorNote): Uint8Array {
  if (note.type !== 'request') return encodeValue([VERSION, note.type, fromHex(note.invite), fromHex(note.device)]);
  return encodeValue([
    VERSION,
    'request',
    fromHex(note.host),
    Math.max(0, Math.round(note.since)),
    proofFields(note.proof),
  ]);
}

/** The note, or null where the bytes are none. */
export function decodeDoorNote(bytes: Uint8Array): DoorNote | null {
  const [type, first, second, third] = readTyped(bytes) ?? [];
  if (type === 'denied' || type === 'withdrawn') {
    const invite = hexOf(first, 32, parseInviteId);
    const device = hexOf(second, 32, parseDeviceId);
    return invite === null || device === null ? null : { type, invite, device };
  }
  const host = hexOf(first, 32, parseDeviceId);
  const proof = readProof(third);
  if (type !== 'request' || host === null || proof === null || !Number.isSafeInteger(second)) return null;
  return { type, host, since: second as number, proof };
}

/** First byte of a frame about newcomers on the channel `metadata`; the metadata layer passes over what it does not know. */
const DOOR_FRAME = 32;

/** The frame that carries a note between members. */
export function encodeDoorFrame(note: DoorNote): Uint8Array {
  const payload = encodeDoorNote(note);
  const frame = new Uint8Array(payload.byteLength + 1);
  frame[0] = DOOR_FRAME;
  frame.set(payload, 1);
  return frame;
}

/** The note in a frame, or null where it carries something else. */
export function decodeDoorFrame(frame: Uint8Array): DoorNote | null {
  return frame[0] === DOOR_FRAME ? decodeDoorNote(frame.subarray(1)) : null;
}
