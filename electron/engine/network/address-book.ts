import type { DeviceId } from '../../../shared/ids.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import { MAX_ADDRESSES } from './protocol.ts';
import { addressKey, isLoopback, type TcpAddress } from './tcp-address.ts';

/** Addresses that changed are kept at most this often: each time is a write that is flushed. */
const REMEMBER_MS = 1_000;

type Addresses = Map<DeviceId, readonly TcpAddress[]>;

/**
 * Where devices were last known to take TCP connections, the latest first: as they said themselves on a link of theirs,
 * and apart from that as somebody announced on the local network, where anybody can announce anything.
 */
export class AddressBook {
  readonly #told: Addresses = new Map();
  readonly #found: Addresses = new Map();
  readonly #clock: Clock;
  readonly #remember: (device: DeviceId, addresses: readonly TcpAddress[]) => void;
  readonly #changed = new Set<DeviceId>();
  #timer: CancelTimer | null = null;

  /** `remember` is called a moment after what a device says of itself changed, for keeping it over a restart. */
  constructor(clock: Clock, remember: (device: DeviceId, addresses: readonly TcpAddress[]) => void) {
    this.#clock = clock;
    this.#remember = remember;
  }

  /** Takes what was kept in an earlier run. */
  restore(device: DeviceId, addresses: readonly TcpAddress[]): void {
    putInFront(this.#told, device, addresses);
  }

  /** Puts addresses in front that the device named itself; true where one of them is new. */
  add(device: DeviceId, addresses: readonly TcpAddress[]): boolean {
    if (!putInFront(this.#told, device, addresses)) return false;
    this.#changed.add(device);
    this.#timer ??= this.#clock.after(REMEMBER_MS, () => this.flush());
    return true;
  }

  /** The same for addresses that were announced. */
  addFound(device: DeviceId, addresses: readonly TcpAddress[]): boolean {
    return putInFront(this.#found, device, addresses);
  }

  /** Keeps what has changed now. */
  flush(): void {
    this.#timer?.();
    this.#timer = null;
    for (const device of this.#changed) this.#remember(device, this.#told.get(device) ?? []);
    this.#changed.clear();
  }

  /** The device's addresses to call; loopback ones only where the device seems to run on the machine with `own` addresses. */
  of(device: DeviceId, own: readonly string[]): readonly TcpAddress[] {
    const told = this.#told.get(device) ?? [];
    const known = new Set(told.map(addressKey));
    const found = (this.#found.get(device) ?? []).filter((address) => !known.has(addressKey(address)));
    const all = [...told, ...found];
    const reachable = all.filter(({ host }) => !isLoopback(host));
    const onThisMachine = reachable.length === 0 || reachable.some(({ host }) => own.includes(host));
    return onThisMachine ? all : reachable;
  }
}

/** True where one of the addresses is new. */
function putInFront(book: Addresses, device: DeviceId, addresses: readonly TcpAddress[]): boolean {
  const before = book.get(device) ?? [];
  const known = new Set(before.map(addressKey));
  if (addresses.every((address) => known.has(addressKey(address)))) return false;
  const fresh = new Set(addresses.map(addressKey));
  const rest = before.filter((address) => !fresh.has(addressKey(address)));
  book.set(device, [...addresses, ...rest].slice(0, MAX_ADDRESSES));
  return true;
}
