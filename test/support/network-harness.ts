import { randomBytes } from 'node:crypto';
import { toHex } from '../../electron/engine/bytes/hex.ts';
import { keyPairFromSeed } from '../../electron/engine/bytes/signature.ts';
import type { Admission } from '../../electron/engine/network/greeter.ts';
import { createNetwork, type Network, type NetworkOptions } from '../../electron/engine/network/network.ts';
import type { NetworkEvent } from '../../electron/engine/network/network-events.ts';
import type { KeptStatement } from '../../electron/engine/network/start-registry.ts';
import type { ChannelName, PeerEvent } from '../../electron/engine/ports/peers.ts';
import { systemClock } from '../../electron/engine/ports/system-clock.ts';
import { systemRandom } from '../../electron/engine/ports/system-random.ts';
import type { DeviceId, GroupId } from '../../shared/ids.ts';

/** A device on the real network of this machine's loopback, with what it was told so far. */
export interface TestDevice {
  readonly id: DeviceId;
  readonly network: Network;
  readonly events: PeerEvent[];
  readonly notices: NetworkEvent[];
  /** Messages received on a channel. */
  received(channel: ChannelName): readonly Uint8Array[];
}

/** What a test device may differ in. */
export interface TestDeviceOptions {
  readonly seed?: Uint8Array;
  readonly group?: GroupId | null;
  readonly startNumber?: number;
  readonly admission?: (device: DeviceId) => Admission;
  readonly knownStart?: (device: DeviceId) => KeptStatement | null;
  readonly network?: Partial<NetworkOptions>;
  /** The addresses that the machine seems to have. */
  readonly localAddresses?: () => readonly string[];
}

/** The group of all test devices that are not told another. */
export const TEST_GROUP = 'ab'.repeat(32) as GroupId;

/** A world of devices that know each other as members. */
export class NetworkWorld {
  readonly members = new Set<DeviceId>();
  readonly #devices: TestDevice[] = [];

  async device(options: TestDeviceOptions = {}): Promise<TestDevice> {
    const keyPair = keyPairFromSeed(options.seed ?? randomBytes(32));
    const id = toHex(keyPair.publicKey) as DeviceId;
    this.members.add(id);
    const network = createNetwork({
      keyPair,
      clock: systemClock,
      random: systemRandom,
      options: { listen: '127.0.0.1', lan: true, dht: false, bootstrap: null, ...options.network },
      ...(options.localAddresses === undefined ? {} : { localAddresses: options.localAddresses }),
      startNumber: options.startNumber ?? 1,
      group: () => (options.group === undefined ? TEST_GROUP : options.group),
      members: () => [...this.members],
      admission: options.admission ?? ((device) => (this.members.has(device) ? 'member' : 'refused')),
      knownStart: options.knownStart ?? (() => null),
      knownAddresses: () => [],
      rememberAddresses: () => {},
    });
    const events: PeerEvent[] = [];
    const notices: NetworkEvent[] = [];
    network.subscribe((event) => events.push(event));
    network.watch((event) => notices.push(event));
    await network.start();
    const received = (channel: ChannelName): Uint8Array[] =>
      events.flatMap((event) => (event.type === 'message' && event.channel === channel ? [event.bytes] : []));
    const device = { id, network, events, notices, received };
    this.#devices.push(device);
    return device;
  }

  /** Tells `a` where `b` takes TCP connections. */
  introduce(a: TestDevice, b: TestDevice): void {
    a.network.addAddresses(b.id, b.network.status().addresses);
  }

  async close(): Promise<void> {
    await Promise.all(this.#devices.map(({ network }) => network.stop()));
  }
}

/** Whether `a` counts `b` as connected. */
export function isConnected(a: TestDevice, b: TestDevice): boolean {
  return a.network.connected().some(({ device }) => device === b.id);
}
