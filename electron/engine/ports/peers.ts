import type { DeviceId } from '../../../shared/ids.ts';

/** The three channels of a connection; metadata never waits behind content. */
export type ChannelName = 'metadata' | 'index' | 'content';

/** How a peer is reached now. */
export type LinkKind = 'lan' | 'direct' | 'relayed';

/** A device that is connected: greeted, and admitted by the registry. */
export interface ConnectedPeer {
  readonly device: DeviceId;
  readonly kind: LinkKind;
  /** Smoothed round-trip time in milliseconds, null before the first measurement. */
  readonly rttMs: number | null;
  /** Features that both sides named in their greetings. */
  readonly features: readonly string[];
}

/** What peers tell the rooms above them. */
export type PeerEvent =
  | { readonly type: 'up'; readonly peer: ConnectedPeer }
  /** The last link to the device has gone. Everything sent and not answered is lost. */
  | { readonly type: 'down'; readonly device: DeviceId }
  /** Another link carries the peer from now on; messages under way on the old one still arrive. */
  | { readonly type: 'moved'; readonly peer: ConnectedPeer }
  | { readonly type: 'message'; readonly from: DeviceId; readonly channel: ChannelName; readonly bytes: Uint8Array };

/**
 * The other devices of the group as the rooms above see them: at most one logical connection each, whatever carries it.
 * Contract: per device and channel messages arrive in the order sent, whole, at most once, and only between an `up` and
 * its `down`; `send` to a device that is not connected does nothing and returns false; handlers are never called from
 * within `send`. `bytes` given to `send` are not changed afterwards by the caller; those of a message are alone in their
 * buffer, for whoever takes the message to hand on.
 */
export interface Peers {
  connected(): readonly ConnectedPeer[];
  send(to: DeviceId, channel: ChannelName, bytes: Uint8Array): boolean;
  /** Resolves when the channel to the device takes more (or the device is gone): back-pressure for bulk senders. */
  ready(to: DeviceId, channel: ChannelName): Promise<void>;
  subscribe(handler: (event: PeerEvent) => void): () => void;
}
