import type { DeviceId } from '../../../shared/ids.ts';
import type { ChannelName, ConnectedPeer, PeerEvent, Peers } from '../ports/peers.ts';

/** The peers of one group among all: to each group the others' links are not there. Contract as of `Peers`. */
export class GroupPeers implements Peers {
  readonly #all: Peers;
  readonly #isOurs: (device: DeviceId) => boolean;

  /** `isOurs`: whether the link that carries the device now is for the group. */
  constructor(all: Peers, isOurs: (device: DeviceId) => boolean) {
    this.#all = all;
    this.#isOurs = isOurs;
  }

  connected(): readonly ConnectedPeer[] {
    return this.#all.connected().filter(({ device }) => this.#isOurs(device));
  }

  send(to: DeviceId, channel: ChannelName, bytes: Uint8Array): boolean {
    return this.#isOurs(to) && this.#all.send(to, channel, bytes);
  }

  async ready(to: DeviceId, channel: ChannelName): Promise<void> {
    if (this.#isOurs(to)) await this.#all.ready(to, channel);
  }

  subscribe(handler: (event: PeerEvent) => void): () => void {
    // When a device goes down its link is not there any more to be asked what it was for.
    const up = new Set(this.connected().map(({ device }) => device));
    return this.#all.subscribe((event) => {
      switch (event.type) {
        case 'up':
          if (!this.#isOurs(event.peer.device)) return;
          up.add(event.peer.device);
          break;
        case 'down':
          if (!up.delete(event.device)) return;
          break;
        case 'moved':
          if (!up.has(event.peer.device)) return;
          break;
        case 'message':
          if (!up.has(event.from)) return;
          break;
      }
      handler(event);
    });
  }
}
