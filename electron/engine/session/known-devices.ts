import type { DeviceId } from '../../../shared/ids.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import type { KeptStatement } from '../network/start-registry.ts';
import type { TcpAddress } from '../network/tcp-address.ts';
import type { Store } from '../ports/store.ts';
import { knownAddressRecords, knownStartRecords } from './home-records.ts';

/** What the network wants to know again of other devices after a restart. */
export class KnownDevices {
  readonly #store: Store;
  readonly #failed: (error: unknown) => void;

  constructor(store: Store, failed: (error: unknown) => void) {
    this.#store = store;
    this.#failed = failed;
  }

  start(device: DeviceId): KeptStatement | null {
    const kept = knownStartRecords.get(this.#store, device);
    return kept === null ? null : { bytes: fromHex(kept.bytes), signature: fromHex(kept.signature) };
  }

  rememberStart(device: DeviceId, { bytes, signature }: KeptStatement): void {
    const record = { version: 1 as const, bytes: toHex(bytes), signature: toHex(signature) };
    this.#contained(() => knownStartRecords.save(this.#store, device, record));
  }

  addresses(device: DeviceId): readonly TcpAddress[] {
    return knownAddressRecords.get(this.#store, device)?.addresses ?? [];
  }

  rememberAddresses(device: DeviceId, addresses: readonly TcpAddress[]): void {
    const record = { version: 1 as const, addresses: addresses.map((one) => ({ ...one })) };
    this.#contained(() => knownAddressRecords.save(this.#store, device, record));
  }

  /** What can't be written is known for this run only. */
  #contained(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failed(error);
    }
  }
}
