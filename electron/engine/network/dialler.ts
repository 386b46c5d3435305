import type NoiseSecretStream from '@hyperswarm/secret-stream';
import type { DeviceId } from '../../../shared/ids.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { LinkKind } from '../ports/peers.ts';
import { addressKey, type TcpAddress } from './tcp-address.ts';

const ROUND_EVERY_MS = 1_000;
/** A device that has a slower link is tried over TCP this often. */
const UPGRADE_EVERY_MS = 30_000;
/** Between two addresses of one device. */
const STAGGER_MS = 100;
const TCP_ATTEMPT_MS = 3_000;
const DHT_ATTEMPT_MS = 8_000;
/** A DHT call that fails at once is repeated this soon while the device's loss is fresh: it may be announcing itself. */
const DHT_SOON_MS = 200;
const DHT_SOON_WHILE_MS = 5_000;
/** How often a device is looked for over the DHT, by how long it has been away. */
const DHT_PACE: readonly { readonly awayMs: number; readonly everyMs: number }[] = [
  { awayMs: 60_000, everyMs: 1_000 },
  { awayMs: 600_000, everyMs: 4_000 },
  { awayMs: Number.POSITIVE_INFINITY, everyMs: 30_000 },
];

/** What the dialler asks and does. */
export interface DiallerDeps {
  readonly clock: Clock;
  /** Devices that there should be a link to. */
  readonly members: () => readonly DeviceId[];
  /** How the device is linked now. */
  readonly linkKind: (device: DeviceId) => LinkKind | null;
  readonly addresses: (device: DeviceId) => readonly TcpAddress[];
  /** Starts a link over TCP; the stream closes when the attempt has failed or the link has ended. */
  readonly dialTcp: (device: DeviceId, address: TcpAddress) => NoiseSecretStream;
  /** As `dialTcp`, over the DHT; null where there is none. */
  readonly dialDht: (device: DeviceId) => NoiseSecretStream | null;
}

interface Target {
  awaySince: number;
  lastDhtAt: number;
  lastUpgradeAt: number;
  readonly calling: Set<string>;
  /** One at a time: Hyperswarm at the other end gives up an earlier connection for a later one from the same device. */
  dht: NoiseSecretStream | null;
}

/**
 * Keeps calling every member that has no link, at once when a link is lost and every second after, over TCP and the DHT
 * side by side; and those whose link is not of the local network over TCP now and then. Hyperswarm's own retries (1 s, 5 s,
 * 15 s, 10 min) are not used: a pending call of its own would also refuse the call that comes in from the same device.
 */
export class Dialler {
  readonly #deps: DiallerDeps;
  readonly #targets = new Map<DeviceId, Target>();
  #stop: CancelTimer | null = null;

  constructor(deps: DiallerDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#stop ??= this.#deps.clock.every(ROUND_EVERY_MS, () => this.#round());
    this.#round();
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
    for (const target of this.#targets.values()) giveUpDht(target);
    this.#targets.clear();
  }

  /** Something about the device changed: call it now if that makes sense, and look for it eagerly again. */
  kick(device: DeviceId): void {
    const target = this.#targets.get(device);
    if (target !== undefined) {
      target.awaySince = this.#deps.clock.monotonic();
      target.lastDhtAt = Number.NEGATIVE_INFINITY;
      target.lastUpgradeAt = Number.NEGATIVE_INFINITY;
    }
    if (this.#stop !== null && this.#deps.members().includes(device)) this.#call(device);
  }

  /** The network is another one: all calls under way are given up and everybody is called anew. */
  kickAll(): void {
    if (this.#stop === null) return;
    for (const target of this.#targets.values()) {
      giveUpDht(target);
      target.calling.clear();
    }
    for (const device of this.#deps.members()) this.kick(device);
  }

  /** The device is linked: calls that have not been answered yet are not needed. */
  linked(device: DeviceId): void {
    const target = this.#targets.get(device);
    if (target !== undefined) giveUpDht(target);
  }

  #round(): void {
    const members = this.#deps.members();
    for (const device of [...this.#targets.keys()]) if (!members.includes(device)) this.#targets.delete(device);
    for (const device of members) this.#call(device);
  }

  #call(device: DeviceId): void {
    const now = this.#deps.clock.monotonic();
    const never = Number.NEGATIVE_INFINITY;
    let target = this.#targets.get(device);
    if (target === undefined) {
      target = { awaySince: now, lastDhtAt: never, lastUpgradeAt: never, calling: new Set(), dht: null };
      this.#targets.set(device, target);
    }
    const kind = this.#deps.linkKind(device);
    if (kind === 'lan') return;
    if (kind !== null) {
      if (now - target.lastUpgradeAt < UPGRADE_EVERY_MS) return;
      target.lastUpgradeAt = now;
      this.#callTcp(device, target);
      return;
    }
    this.#callTcp(device, target);
    this.#callDht(device, target, now);
  }

  #callTcp(device: DeviceId, target: Target): void {
    const { clock, addresses, dialTcp, linkKind } = this.#deps;
    for (const [place, address] of addresses(device).entries()) {
      const key = addressKey(address);
      if (target.calling.has(key)) continue;
      target.calling.add(key);
      const call = (): void => {
        if (this.#stop === null || linkKind(device) === 'lan') {
          target.calling.delete(key);
          return;
        }
        const stream = dialTcp(device, address);
        const cancel = clock.after(TCP_ATTEMPT_MS, () => target.calling.delete(key));
        stream.once('close', () => {
          cancel();
          target.calling.delete(key);
        });
      };
      if (place === 0) call();
      else clock.after(place * STAGGER_MS, call);
    }
  }

  #callDht(device: DeviceId, target: Target, now: number): void {
    const away = now - target.awaySince;
    const pace = DHT_PACE.find(({ awayMs }) => away < awayMs)?.everyMs ?? 0;
    // Rounds come every second give or take a little.
    if (now - target.lastDhtAt < pace - ROUND_EVERY_MS / 2 || target.dht !== null) return;
    const stream = this.#deps.dialDht(device);
    if (stream === null) return;
    target.lastDhtAt = now;
    target.dht = stream;
    const cancel = this.#deps.clock.after(DHT_ATTEMPT_MS, () => {
      if (target.dht === stream) giveUpDht(target);
    });
    stream.once('close', () => {
      cancel();
      const wanted = target.dht === stream;
      if (wanted) target.dht = null;
      if (wanted && !stream.connected && away < DHT_SOON_WHILE_MS) this.#callDhtSoon(device, target);
    });
  }

  #callDhtSoon(device: DeviceId, target: Target): void {
    const { clock, linkKind, members } = this.#deps;
    clock.after(DHT_SOON_MS, () => {
      if (this.#stop === null || this.#targets.get(device) !== target) return;
      if (linkKind(device) !== null || !members().includes(device)) return;
      target.lastDhtAt = Number.NEGATIVE_INFINITY;
      this.#callDht(device, target, clock.monotonic());
    });
  }
}

/** Ends a call that was not answered yet; one that was goes its own way. */
function giveUpDht(target: Target): void {
  if (target.dht?.connected === false) target.dht.destroy();
  target.dht = null;
}
