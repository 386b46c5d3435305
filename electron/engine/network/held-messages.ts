import type { ChannelName } from '../ports/peers.ts';
import type { PeerLink } from './peer-link.ts';
import { MAX_HELD_BYTES } from './protocol.ts';

/** Messages that arrived on a link before it was that link's turn, in order, bounded per link. */
export class HeldMessages {
  readonly #links = new Map<PeerLink, { bytes: number; readonly channels: Map<ChannelName, Uint8Array[]> }>();

  /** Keeps the message; false where the link has too much kept already. */
  hold(link: PeerLink, channel: ChannelName, message: Uint8Array): boolean {
    let held = this.#links.get(link);
    if (held === undefined) {
      held = { bytes: 0, channels: new Map() };
      this.#links.set(link, held);
    }
    held.bytes += message.byteLength;
    if (held.bytes > MAX_HELD_BYTES) return false;
    const messages = held.channels.get(channel);
    if (messages === undefined) held.channels.set(channel, [message]);
    else messages.push(message);
    return true;
  }

  /** Takes out the messages of a channel. */
  release(link: PeerLink, channel: ChannelName): readonly Uint8Array[] {
    const held = this.#links.get(link);
    const messages = held?.channels.get(channel) ?? [];
    held?.channels.delete(channel);
    return messages;
  }

  forget(link: PeerLink): void {
    this.#links.delete(link);
  }
}
