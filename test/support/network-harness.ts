import { randomBytes } from 'node:crypto';
import { toHex } from '../../electron/engine/bytes/hex.ts';
import { keyPairFromSeed } from '../../electron/engine/bytes/signature.ts';
import type { Admission, LinkedGroup } from '../../electron/engine/network/linked-groups.ts';
import { createNetwork, type Network, type NetworkOptions } from '../../electron/engine/network/network.ts';
import type { NetworkEvent } from '../../electron/engine/network/network-events.ts';
import type { KeptStatement, OwnStart } from '../../electron/engine/network/start-registry.ts';
import { INSTANCE_BYTES, type StartStatement } from '../../electron/engine/network/start-statement.ts';
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
  /** Starts that were made before on its home. */
  readonly earlierStarts?: readonly StartStatement[];
  readonly admission?: (device: DeviceId) => Admission;
  /** In place of `group` and `admission`: all that it is in. */
  readonly groups?: () => readonly LinkedGroup[];
  readonly knownStart?: (device: DeviceId) => KeptStatement | null;
  readonly network?: Partial<NetworkOptions>;
  /** The addresses that the machine seems to have. */
  readonly localAddresses?: () => readonly string[];
}

/** The group of all test devices that are not told another. */
export const TEST_GROUP = 'ab'.repeat(32) as GroupId;

/** A start of an engine that is the first one, or comes after others. */
export function ownStart(number: number, earlier: readonly StartStatement[] = []): OwnStart {
  const instance = new Uint8Array(randomBytes(INSTANCE_BYTES));
  const isOwn = (start: number, of: Uint8Array): boolean =>
    [{ start: number, instance }, ...earlier].some(
      (one) => one.start === start && Buffer.from(one.instance).equals(Buffer.from(of)),
    );
  return { number, instance, isOwn };
}

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
      start: ownStart(options.startNumber ?? 1, options.earlierStarts),
      groups: options.groups ?? (() => this.#groups(options)),
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

  #groups({ group = TEST_GROUP, admission }: TestDeviceOptions): readonly LinkedGroup[] {
    if (group === null) return [];
    const linked = linkedGroup(group, () => [...this.members]);
    return [admission === undefined ? linked : { ...linked, admission }];
  }

  /** Tells `a` where `b` takes TCP connections. */
  introduce(a: TestDevice, b: TestDevice): void {
    a.network.addAddresses(b.id, b.network.status().addresses);
  }

  async close(): Promise<void> {
    await Promise.all(this.#devices.map(({ network }) => network.stop()));
  }
}

/** A group in which those are members, and nobody else ever was. */
export function linkedGroup(id: GroupId, members: () => readonly DeviceId[]): LinkedGroup {
  const admission = (device: DeviceId): Admission => (members().includes(device) ? 'member' : 'refused');
  return { id, members, admission, wasRemoved: () => false };
}

/** Whether `a` counts `b` as connected. */
export function isConnected(a: TestDevice, b: TestDevice): boolean {
  return a.network.connected().some(({ device }) => device === b.id);
}
