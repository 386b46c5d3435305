import { failure } from '../../../shared/errors.ts';
import { type DeviceId, type GroupId, parseDeviceId } from '../../../shared/ids.ts';
import { MAX_DEVICES } from '../../../shared/limits.ts';
import { decodeValue, encodeValue } from '../bytes/codec.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { isBytes, openLogEntry } from '../bytes/log-entry.ts';
import type { KeyPair } from '../bytes/signature.ts';
import { GROUP_NONCE_BYTES } from '../group/body-codec.ts';
import { groupIdOf } from '../group/group-id.ts';
import { FIRST_ENTRY_HASH_BYTES } from '../group/invite-code.ts';
import { signOperation } from '../group/operation.ts';
import { isName } from '../group/rules/names.ts';
import { FIRST_GENERATION } from '../group/state.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { Reader, Store, Transaction } from '../ports/store.ts';
import { putPending } from './pending-store.ts';
import { BEGINNING_TABLE, groupRow, METADATA_TABLES } from './tables.ts';

const VERSION = 1;

/** How this device came into the group. */
export interface Beginning {
  /** Whether this device founds the group. */
  readonly founding: boolean;
  /** The first 16 bytes of the hash of the log's first entry, which no other log has; null at the founder. */
  readonly firstEntry: Uint8Array | null;
  /** Members that let this device in; admitted until the own log names this device as a member. */
  readonly introduced: readonly DeviceId[];
}

/**
 * Begins a group: names it, and keeps the founding operation, durable before anything else happens. The group exists as
 * soon as its `Metadata` is opened and started. Throws `name-invalid`.
 */
export function recordFounding(input: {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly keyPair: KeyPair;
  readonly name: string;
  readonly deviceName: string;
}): GroupId {
  const { store, clock, random, keyPair, name, deviceName } = input;
  if (!isName(name) || !isName(deviceName))
    throw failure('name-invalid', 'This cannot be the name of a group or device');
  const self = toHex(keyPair.publicKey) as DeviceId;
  const nonce = toHex(random.bytes(GROUP_NONCE_BYTES));
  const group = groupIdOf(self, nonce);
  const body = { kind: 'group.create', name, deviceName, nonce } as const;
  const header = { generation: FIRST_GENERATION, device: self, sequence: 1, dependsOn: [], time: clock.now() };
  const signed = signOperation({ ...header, body }, group, keyPair.secretKey);
  const id = toHex(random.bytes(8));
  store.transaction((tx) => {
    putBeginning(tx, group, { founding: true, firstEntry: null, introduced: [] });
    putPending(tx, group, { order: 1, id, since: clock.now(), sentTerm: null, signed });
  });
  return group;
}

/**
 * Prepares joining: what pairing brought. `firstEntry` are the bytes of the log's first entry, `codeHash` the hash that
 * the invite code carries; `introduced` the members that are known to be in. Returns the group's id, durable. Throws
 * `invite-wrong-group` where the entry is not the one that the code means.
 */
export function recordJoining(input: {
  readonly store: Store;
  readonly group: GroupId;
  readonly firstEntry: Uint8Array;
  readonly codeHash: Uint8Array;
  readonly introduced: readonly DeviceId[];
}): void {
  const { store, group, firstEntry, codeHash, introduced } = input;
  if (!isFirstEntry(group, firstEntry, codeHash)) {
    throw failure('invite-wrong-group', 'The group that answered is not the one of the invite');
  }
  const beginning: Beginning = { founding: false, firstEntry: codeHash, introduced };
  store.transaction((tx) => putBeginning(tx, group, beginning));
}

/** Whether the bytes are the first entry of the group's log, and the one that an invite code's hash means. */
export function isFirstEntry(group: GroupId, bytes: Uint8Array, codeHash: Uint8Array): boolean {
  const entry = openLogEntry(group, bytes);
  if (entry === null || entry.index !== 1 || entry.previousHash !== (group as string)) return false;
  return codeHash.byteLength === FIRST_ENTRY_HASH_BYTES && entry.hash.startsWith(toHex(codeHash));
}

/** How the group began here; throws `no-group` where this home does not know it, `log-damaged` where it is unreadable. */
export function loadBeginning(reader: Reader, group: GroupId): Beginning {
  const bytes = reader.get(BEGINNING_TABLE, groupRow(group));
  if (bytes === undefined) throw failure('no-group', 'This device is not in that group');
  const value = decodeValue(bytes);
  if (!Array.isArray(value) || value.length !== 4 || value[0] !== VERSION) throw damaged();
  const [, founding, firstEntry, introduced]: unknown[] = value;
  if (typeof founding !== 'boolean' || !Array.isArray(introduced) || introduced.length > MAX_DEVICES) throw damaged();
  if (firstEntry !== null && !isBytes(firstEntry, FIRST_ENTRY_HASH_BYTES)) throw damaged();
  return { founding, firstEntry, introduced: introduced.map(readDevice) };
}

/** Forgets everything about a group once nothing is left to be done in it, in a transaction of the caller's. */
export function forgetGroup(tx: Transaction, group: GroupId): void {
  for (const table of METADATA_TABLES) {
    for (const { key } of [...tx.range(table, { prefix: group })]) tx.remove(table, key);
  }
}

function putBeginning(tx: Transaction, group: GroupId, beginning: Beginning): void {
  const { founding, firstEntry, introduced } = beginning;
  const keys = introduced.map((device) => fromHex(device));
  tx.put(BEGINNING_TABLE, groupRow(group), encodeValue([VERSION, founding, firstEntry, keys]));
}

function readDevice(value: unknown): DeviceId {
  const device = isBytes(value, 32) ? parseDeviceId(toHex(value)) : null;
  if (device === null) throw damaged();
  return device;
}

function damaged(): Error {
  return failure('log-damaged', 'What this disk holds about the group is damaged');
}
