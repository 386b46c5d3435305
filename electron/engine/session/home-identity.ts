import { hostname } from 'node:os';
import { failure } from '../../../shared/errors.ts';
import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import { parseGroupId } from '../../../shared/ids.ts';
import type { OwnSettings } from '../../../shared/model/settings.ts';
import { toHex } from '../bytes/hex.ts';
import { isName } from '../group/rules/names.ts';
import type { Random } from '../ports/random.ts';
import type { Store } from '../ports/store.ts';
import {
  type GroupRecord,
  groupRecords,
  inviteRecords,
  knownAddressRecords,
  knownStartRecords,
  lastSeenRecords,
  mountRecords,
  pageTokenRecords,
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

  /** The number of this start, durable when this returns: others recognise a restored home by it. */
  nextStart(): number {
    const start = (startRecords.get(this.#store, SINGLE)?.start ?? 0) + 1;
    this.goOnAbove(start - 1);
    return start;
  }

  /** Later starts count from above that number. */
  goOnAbove(start: number): void {
    const own = startRecords.get(this.#store, SINGLE)?.start ?? 0;
    startRecords.save(this.#store, SINGLE, { version: 1, start: Math.max(own, start + 1) });
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

  enterGroup(group: GroupId, bootstrap: readonly string[]): void {
    groupRecords.save(this.#store, SINGLE, { version: 1, group, bootstrap: [...bootstrap] });
  }

  /** Forgets the group and what is known of its devices; the folders were released before. */
  forgetGroup(): void {
    this.#store.transaction((tx) => {
      const tables = [
        groupRecords,
        inviteRecords,
        knownAddressRecords,
        knownStartRecords,
        lastSeenRecords,
        mountRecords,
      ];
      for (const table of tables) table.clear(tx);
    });
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

  noteSeen(device: DeviceId, at: number): void {
    lastSeenRecords.save(this.#store, device, { version: 1, at });
  }
}
