import type { DeviceId } from '../../../shared/ids.ts';
import type { ChannelName, LinkKind } from '../ports/peers.ts';
import type { ControlMessage, RejectReason } from './control-message.ts';
import type { Greeting } from './greeting.ts';

/** Control messages that a connection does not answer itself. */
export type LinkControl = Exclude<ControlMessage, { readonly type: 'ping' | 'pong' | 'received' | 'reject' }>;

/** What a link tells the peer that it belongs to; never from within a call of the peer. `closed` comes last and once. */
export interface LinkEvents {
  message(link: PeerLink, channel: ChannelName, bytes: Uint8Array): void;
  ended(link: PeerLink, channel: ChannelName): void;
  control(link: PeerLink, message: LinkControl): void;
  pong(link: PeerLink, nonce: number): void;
  closed(link: PeerLink): void;
}

/** A greeted and admitted way to a device, as a peer sees it. Order holds on each channel and among control messages. */
export interface PeerLink {
  readonly device: DeviceId;
  readonly kind: LinkKind;
  /** The other side's greeting. */
  readonly greeting: Greeting;
  /** Monotonic time at which the link stood. */
  readonly since: number;
  /** Channels on which the other side has sent all that it will send here. */
  readonly ended: ReadonlySet<ChannelName>;
  /** Smoothed round trip in milliseconds, null before the first. */
  readonly rttMs: number | null;
  /** Where events go from now on, beginning with those that came before. */
  attach(events: LinkEvents): void;
  send(channel: ChannelName, bytes: Uint8Array): void;
  /** Resolves when the channel takes more, or the link has ended. */
  ready(channel: ChannelName): Promise<void>;
  /** Says on every channel that nothing more comes here. */
  endChannels(): void;
  control(message: LinkControl): void;
  /** Sends a ping at once; its number comes back in `pong`. */
  ping(): number;
  /** Ends the link after what was sent; with a reason, the other side is told. */
  close(reason: RejectReason | null): void;
  /** Ends the link at once. */
  destroy(): void;
}
