import type { ChannelName } from '../ports/peers.ts';

/** Bytes of messages since the start, without the overhead of links. */
export interface TrafficCount {
  readonly up: number;
  readonly down: number;
}

/** Counts what goes to and comes from one device, by channel, over all its links. */
export class Traffic {
  readonly #up: Record<ChannelName, number> = { metadata: 0, index: 0, content: 0 };
  readonly #down: Record<ChannelName, number> = { metadata: 0, index: 0, content: 0 };

  addUp(channel: ChannelName, bytes: number): void {
    this.#up[channel] += bytes;
  }

  addDown(channel: ChannelName, bytes: number): void {
    this.#down[channel] += bytes;
  }

  of(channel: ChannelName): TrafficCount {
    return { up: this.#up[channel], down: this.#down[channel] };
  }
}
