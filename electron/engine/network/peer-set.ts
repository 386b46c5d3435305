import type { DeviceId } from '../../../shared/ids.ts';
import { InvariantViolation } from '../../../shared/invariant.ts';
import { MAX_MESSAGE_BYTES } from '../../../shared/limits.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChannelName, ConnectedPeer, PeerEvent, Peers } from '../ports/peers.ts';
import type { Admission } from './linked-groups.ts';
import { Peer } from './peer.ts';
import type { LinkControl, PeerLink } from './peer-link.ts';
import { PROTOCOL_FEATURES } from './protocol.ts';
import type { TcpAddress } from './tcp-address.ts';
import { Traffic, type TrafficCount } from './traffic.ts';

/** What the set of peers needs to know and to tell. */
export interface PeerSetDeps {
  readonly self: DeviceId;
  readonly clock: Clock;
  readonly admission: (device: DeviceId) => Admission;
  /** The group that the device is linked for now, and the one that it was removed from. */
  readonly group: (device: DeviceId) => Uint8Array | null;
  readonly removedFrom: (device: DeviceId) => Uint8Array | null;
  /** The device has no link any more, or a slower one than there could be. */
  readonly lost: (device: DeviceId) => void;
  readonly addresses: (device: DeviceId, addresses: readonly TcpAddress[]) => void;
  readonly twin: (device: DeviceId) => void;
  /** A subscriber threw. */
  readonly failed: (error: unknown) => void;
}

/** All peers by device: the port, on top of links. */
export class PeerSet implements Peers {
  readonly #deps: PeerSetDeps;
  readonly #peers = new Map<DeviceId, Peer>();
  readonly #traffic = new Map<DeviceId, Traffic>();
  readonly #handlers = new Set<(event: PeerEvent) => void>();

  constructor(deps: PeerSetDeps) {
    this.#deps = deps;
  }

  connected(): readonly ConnectedPeer[] {
    const connected: ConnectedPeer[] = [];
    for (const { current } of this.#peers.values()) if (current !== null) connected.push(connectedPeer(current));
    return connected;
  }

  send(to: DeviceId, channel: ChannelName, bytes: Uint8Array): boolean {
    if (bytes.byteLength > MAX_MESSAGE_BYTES) throw new InvariantViolation(`a ${channel} message is too long`);
    const link = this.#peers.get(to)?.current ?? null;
    if (link === null || !this.#mayUse(to, channel)) return false;
    link.send(channel, bytes);
    this.#trafficOf(to).addUp(channel, bytes.byteLength);
    return true;
  }

  async ready(to: DeviceId, channel: ChannelName): Promise<void> {
    // A move leaves a queue behind on the old link; the new one's is what counts then.
    for (let link = this.#currentOf(to); link !== null; ) {
      await link.ready(channel);
      const now = this.#currentOf(to);
      if (now === link) return;
      link = now;
    }
  }

  subscribe(handler: (event: PeerEvent) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  /** Takes in a link that has greeted. */
  add(link: PeerLink): void {
    let peer = this.#peers.get(link.device);
    if (peer === undefined) {
      peer = this.#makePeer(link.device);
      this.#peers.set(link.device, peer);
    }
    // What is under way for another group ends first: a peer's messages are all for one.
    if (peer.current !== null && !isFor(peer.current, link.greeting.group)) peer.refuse('duplicate');
    peer.add(link);
  }

  linkOf(device: DeviceId): PeerLink | null {
    return this.#currentOf(device);
  }

  /** Bytes exchanged with the device since the start. */
  trafficWith(device: DeviceId, channel: ChannelName): TrafficCount {
    return this.#traffic.get(device)?.of(channel) ?? { up: 0, down: 0 };
  }

  /** Sends a control message to every connected device. */
  controlAll(message: LinkControl): void {
    for (const { current } of this.#peers.values()) current?.control(message);
  }

  /** Cuts the links of devices that are not admitted any more, or for another group than their link was made for. */
  recheck(): void {
    for (const [device, peer] of this.#peers) {
      const group = this.#deps.group(device);
      if (group === null) peer.refuse('not-admitted', this.#deps.removedFrom(device));
      else if (peer.current !== null && !isFor(peer.current, group)) peer.refuse('duplicate');
    }
  }

  /** Ends all links at once; each device that was up goes down. */
  dropAll(): void {
    for (const peer of this.#peers.values()) peer.destroy();
  }

  #currentOf(device: DeviceId): PeerLink | null {
    return this.#peers.get(device)?.current ?? null;
  }

  #trafficOf(device: DeviceId): Traffic {
    let traffic = this.#traffic.get(device);
    if (traffic === undefined) {
      traffic = new Traffic();
      this.#traffic.set(device, traffic);
    }
    return traffic;
  }

  #mayUse(device: DeviceId, channel: ChannelName): boolean {
    const admission = this.#deps.admission(device);
    return admission === 'member' || (admission === 'metadataOnly' && channel === 'metadata');
  }

  #makePeer(device: DeviceId): Peer {
    const { self, clock } = this.#deps;
    return new Peer(device, self < device, clock, {
      up: (link) => this.#emit({ type: 'up', peer: connectedPeer(link) }),
      moved: (link) => this.#emit({ type: 'moved', peer: connectedPeer(link) }),
      down: () => {
        this.#emit({ type: 'down', device });
        this.#deps.lost(device);
      },
      message: (channel, bytes) => {
        if (!this.#mayUse(device, channel)) return;
        this.#trafficOf(device).addDown(channel, bytes.byteLength);
        this.#emit({ type: 'message', from: device, channel, bytes });
      },
      addresses: ({ addresses }) => this.#deps.addresses(device, addresses),
      twin: () => this.#deps.twin(device),
    });
  }

  #emit(event: PeerEvent): void {
    for (const handler of [...this.#handlers]) {
      try {
        handler(event);
      } catch (error) {
        this.#deps.failed(error);
      }
    }
  }
}

function isFor(link: PeerLink, group: Uint8Array): boolean {
  return Buffer.from(link.greeting.group).equals(Buffer.from(group));
}

function connectedPeer(link: PeerLink): ConnectedPeer {
  return {
    device: link.device,
    kind: link.kind,
    rttMs: link.rttMs,
    features: link.greeting.features.filter((feature) => PROTOCOL_FEATURES.includes(feature)),
  };
}
