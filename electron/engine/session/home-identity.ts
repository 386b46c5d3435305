import { hostname } from 'node:os';
import { failure } from '../../../shared/errors.ts';
import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import { parseGroupId } from '../../../shared/ids.ts';
import type { OwnSettings } from '../../../shared/model/settings.ts';
import { toHex } from '../bytes/hex.ts';
import { isName } from '../group/rules/names.ts';
import type { OwnStart } from '../network/start-registry.ts';
import { INSTANCE_BYTES } from '../network/start-statement.ts';
import type { Random } from '../ports/random.ts';
import type { Store, Transaction } from '../ports/store.ts';
import {
  type GroupRecord,
  groupRecords,
  inviteRecords,
  knownAddressRecords,
  knownStartRecords,
  lastSeenRecords,
  leavingRecords,
  ownStartRecords,
  pageTokenRecords,
  refusalRecords,
  SINGLE,
  settingsRecords,
  startRecords,
} from './home-records.ts';

const DEFAULTS: OwnSettings = { bootstrap: [], lan: true, dht: true, acceptDirectory: null };

/** What a home knows of itself: name, settings, start number, group. */
export class HomeIdentity {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** This start, durable when this returns: others recognise a restored home by its number. */
  nextStart(random: Random): OwnStart {
    const before = this.#starts();
    const number = before.start + 1;
    const instance = random.bytes(INSTANCE_BYTES);
    this.#store.transaction((tx) => {
      startRecords.put(tx, SINGLE, { ...before, version: 1, start: number });
      ownStartRecords.put(tx, String(number), { version: 1, instance: toHex(instance) });
    });
    const isOwn = (start: number, of: Uint8Array): boolean =>
      ownStartRecords.get(this.#store, String(start))?.instance === toHex(of);
    return { number, instance, isOwn };
  }

  /** Up to which start of this device it is settled that this home goes on, whoever made them. */
  settledStart(): number {
    return this.#starts().settled ?? 0;
  }

  /** Settles that this home goes on, above that start and its own. */
  settleStart(start: number): void {
    this.goOnAbove(start);
    const { start: settled } = this.#starts();
    startRecords.save(this.#store, SINGLE, { version: 1, start: settled, settled });
  }

  /** Later starts count from above that number. */
  goOnAbove(start: number): void {
    const before = this.#starts();
    startRecords.save(this.#store, SINGLE, { ...before, version: 1, start: Math.max(before.start, start) });
  }

  #starts(): { readonly start: number; readonly settled?: number | undefined } {
    return startRecords.get(this.#store, SINGLE) ?? { start: 0 };
  }

  /** The device's name: what its user gave it, else the computer's. */
  name(): string {
    const own = settingsRecords.get(this.#store, SINGLE)?.name ?? null;
    if (own !== null) return own;
    const computer = hostname().split('.')[0] ?? '';
    return isName(computer) ? computer : 'Computer';
  }

  /** Throws `name-invalid`. */
  setName(name: string): void {
    const trimmed = name.trim();
    if (!isName(trimmed)) throw failure('name-invalid', 'This cannot be the name of a device.');
    const settings = settingsRecords.get(this.#store, SINGLE)?.settings ?? {};
    settingsRecords.save(this.#store, SINGLE, { version: 1, name: trimmed, settings });
  }

  settings(): OwnSettings {
    const own = settingsRecords.get(this.#store, SINGLE)?.settings ?? {};
    const given = Object.entries(own).filter(([, value]) => value !== undefined);
    return { ...DEFAULTS, ...Object.fromEntries(given) };
  }

  setSettings(change: Partial<OwnSettings>): void {
    const name = settingsRecords.get(this.#store, SINGLE)?.name ?? null;
    settingsRecords.save(this.#store, SINGLE, { version: 1, name, settings: { ...this.settings(), ...change } });
  }

  /** The group that this home belongs to. */
  group(): { readonly id: GroupId; readonly record: GroupRecord } | null {
    const record = groupRecords.get(this.#store, SINGLE);
    if (record === null) return null;
    const id = parseGroupId(record.group);
    if (id === null) throw failure('database-damaged', 'The group of this home cannot be read.');
    return { id, record };
  }

  /** The group becomes this home's, also where it was just being left. */
  enterGroup(group: GroupId, bootstrap: readonly string[]): void {
    this.#store.transaction((tx) => {
      leavingRecords.remove(tx, group);
      // Of another group, written while it was being left.
      refusalRecords.clear(tx);
      groupRecords.put(tx, SINGLE, { version: 1, group, bootstrap: [...bootstrap] });
    });
  }

  /** From now on the home is in no group, and hands on what it has in the one that it was in. */
  leaveGroup(since: number): void {
    const group = groupRecords.get(this.#store, SINGLE);
    if (group === null) return;
    this.#store.transaction((tx) => {
      groupRecords.clear(tx);
      inviteRecords.clear(tx);
      refusalRecords.clear(tx);
      leavingRecords.put(tx, group.group, { version: 1, since, bootstrap: group.bootstrap });
    });
  }

  /** The groups in which something is still to be handed on. */
  leaving(): readonly { readonly id: GroupId; readonly since: number; readonly bootstrap: readonly string[] }[] {
    return leavingRecords.all(this.#store).flatMap(([key, { since, bootstrap }]) => {
      const id = parseGroupId(key);
      return id === null ? [] : [{ id, since, bootstrap }];
    });
  }

  /** Forgets a group that was left and what is known of its devices, in a transaction of the caller's. */
  forgetGroup(tx: Transaction, group: GroupId, devices: readonly DeviceId[]): void {
    leavingRecords.remove(tx, group);
    for (const device of devices) {
      for (const table of [knownAddressRecords, knownStartRecords, lastSeenRecords]) table.remove(tx, device);
    }
  }

  /** The secret of the page's address; made once. */
  pageToken(random: Random): string {
    const kept = pageTokenRecords.get(this.#store, SINGLE);
    if (kept !== null) return kept.token;
    const token = toHex(random.bytes(24));
    pageTokenRecords.save(this.#store, SINGLE, { version: 1, token });
    return token;
  }

  lastSeen(device: DeviceId): number | null {
    return lastSeenRecords.get(this.#store, device)?.at ?? null;
  }

  noteSeen(devices: readonly DeviceId[], at: number): void {
    this.#store.transaction((tx) => {
      for (const device of devices) lastSeenRecords.put(tx, device, { version: 1, at });
    });
  }
}
