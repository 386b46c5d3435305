import type { DeviceId } from '../../../shared/ids.ts';
import { MAX_ADDRESSES } from './protocol.ts';
import { addressKey, isLoopback, type TcpAddress } from './tcp-address.ts';

/** Where devices were last known to take TCP connections, the latest first. */
export class AddressBook {
  readonly #addresses = new Map<DeviceId, TcpAddress[]>();
  readonly #remember: (device: DeviceId, addresses: readonly TcpAddress[]) => void;

  /** `remember` is called when a device's addresses changed, for keeping them over a restart. */
  constructor(remember: (device: DeviceId, addresses: readonly TcpAddress[]) => void) {
    this.#remember = remember;
  }

  /** Puts addresses in front; true where one of them is new. */
  add(device: DeviceId, addresses: readonly TcpAddress[]): boolean {
    if (addresses.length === 0) return false;
    const before = this.#addresses.get(device) ?? [];
    const known = new Set(before.map(addressKey));
    const added = addresses.some((address) => !known.has(addressKey(address)));
    if (!added) return false;
    const fresh = new Set(addresses.map(addressKey));
    const rest = before.filter((address) => !fresh.has(addressKey(address)));
    const all = [...addresses, ...rest].slice(0, MAX_ADDRESSES);
    this.#addresses.set(device, all);
    this.#remember(device, all);
    return true;
  }

  /** The device's addresses to call; loopback ones only where the device seems to run on the machine with `own` addresses. */
  of(device: DeviceId, own: readonly string[]): readonly TcpAddress[] {
    const all = this.#addresses.get(device) ?? [];
    const reachable = all.filter(({ host }) => !isLoopback(host));
    const onThisMachine = reachable.length === 0 || reachable.some(({ host }) => own.includes(host));
    return onThisMachine ? all : reachable;
  }
}
