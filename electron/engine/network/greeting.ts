import { decodeValue, encodeValue } from '../bytes/codec.ts';
import { MAX_ADDRESSES, MAX_CONTROL_BYTES, MAX_FEATURES } from './protocol.ts';
import { readStartStatement, type StartStatement } from './start-statement.ts';
import { parseTcpAddress, type TcpAddress } from './tcp-address.ts';

/** What a connection carries: everything, or of a pair of connections the content alone or all the rest. */
export type ConnectionPart = 'all' | 'main' | 'content';

const PARTS: readonly ConnectionPart[] = ['all', 'main', 'content'];
const LINK_ID_BYTES = 16;

/**
 * The first message of both sides on every connection. Bytes: deterministic CBOR map of text keys: `version` and
 * `oldest` (protocol versions spoken), `features` (texts), `group` (32 bytes), `start` and `startSignature` (the start
 * statement's bytes), `link` (16 random bytes of the caller that tie a pair of connections together; empty from the
 * side that was called), `part`, `linked` (whether the sender has a link to the other already) and `addresses`
 * (`[host, port]` of its TCP listeners). Unknown keys are passed over, so that later versions can add some. The device's
 * identity is the static key of the Noise connection and is not repeated.
 */
export interface Greeting {
  readonly version: number;
  readonly oldest: number;
  readonly features: readonly string[];
  readonly group: Uint8Array;
  readonly statement: StartStatement;
  readonly link: Uint8Array;
  readonly part: ConnectionPart;
  readonly linked: boolean;
  readonly addresses: readonly TcpAddress[];
}

/** The versions that a greeting names; readable whatever the rest of a later version's greeting looks like. */
export interface GreetedVersions {
  readonly version: number;
  readonly oldest: number;
}

/** The greeting's bytes. */
export function encodeGreeting(greeting: Greeting): Uint8Array {
  return encodeValue({
    version: greeting.version,
    oldest: greeting.oldest,
    features: greeting.features,
    group: greeting.group,
    start: greeting.statement.bytes,
    startSignature: greeting.statement.signature,
    link: greeting.link,
    part: greeting.part,
    linked: greeting.linked,
    addresses: greeting.addresses.map(({ host, port }) => [host, port]),
  });
}

function fieldsOf(bytes: Uint8Array): Record<string, unknown> | null {
  if (bytes.byteLength > MAX_CONTROL_BYTES) return null;
  const value = decodeValue(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) return null;
  return value as Record<string, unknown>;
}

/** The versions in a greeting, or null where the bytes are no greeting of any version. */
export function readVersions(bytes: Uint8Array): GreetedVersions | null {
  const fields = fieldsOf(bytes);
  if (fields === null) return null;
  const { version, oldest } = fields;
  if (!Number.isSafeInteger(version) || !Number.isSafeInteger(oldest)) return null;
  return { version: version as number, oldest: oldest as number };
}

/** The group that a greeting names, or null. */
export function readGreetedGroup(bytes: Uint8Array): Uint8Array | null {
  const group = fieldsOf(bytes)?.group;
  return group instanceof Uint8Array && group.byteLength === 32 ? group : null;
}

/** The greeting in `bytes` if it is one of `device` for `group`, else null. */
export function decodeGreeting(bytes: Uint8Array, group: Uint8Array, device: Uint8Array): Greeting | null {
  const fields = fieldsOf(bytes);
  const versions = readVersions(bytes);
  if (fields === null || versions === null) return null;
  const greetedGroup = readGreetedGroup(bytes);
  if (greetedGroup === null || !Buffer.from(greetedGroup).equals(Buffer.from(group))) return null;
  const statement = readStartStatement(fields.start, fields.startSignature, group, device);
  const { features, link, part, linked, addresses } = fields;
  if (statement === null || typeof linked !== 'boolean') return null;
  if (!Array.isArray(features) || features.length > MAX_FEATURES) return null;
  if (!features.every((feature) => typeof feature === 'string')) return null;
  if (!(link instanceof Uint8Array) || (link.byteLength !== LINK_ID_BYTES && link.byteLength !== 0)) return null;
  if (!PARTS.includes(part as ConnectionPart)) return null;
  return {
    ...versions,
    features: features as string[],
    group: greetedGroup,
    statement,
    link,
    part: part as ConnectionPart,
    linked,
    addresses: parseAddresses(addresses),
  };
}

/** The dialable addresses of a list of `[host, port]`; others are passed over. */
export function parseAddresses(value: unknown): readonly TcpAddress[] {
  if (!Array.isArray(value)) return [];
  const addresses: TcpAddress[] = [];
  for (const item of value.slice(0, MAX_ADDRESSES)) {
    const address = parseTcpAddress(item);
    if (address !== null) addresses.push(address);
  }
  return addresses;
}
