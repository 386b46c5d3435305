import type { ChannelName } from '../ports/peers.ts';

/** Version of what links speak. Raised when a device of the old one could not follow any more. */
export const PROTOCOL_VERSION = 1;
/** The oldest version that this program still speaks. */
export const OLDEST_PROTOCOL_VERSION = 1;
/** Optional abilities of this program; two devices use those that both name. */
export const PROTOCOL_FEATURES: readonly string[] = [];

/** The channels in the order of their urgency: what stands before is never kept waiting by what follows. */
export const CHANNELS: readonly ChannelName[] = ['metadata', 'index', 'content'];

/** Name of a Protomux channel on the wire. */
export function protocolName(channel: ChannelName | 'control'): string {
  return `flotilla/${channel}`;
}

/**
 * First byte of a TCP connection, before Noise: what the caller wants. Member links use the Noise pattern IK, in which
 * whoever does not know the called device's key learns nothing about it; pairing uses XX with keys made for the moment.
 */
export const TCP_PRELUDE = { member: 0x46, pairing: 0x50 } as const;

/** A connection that has not greeted after this long is closed. */
export const GREETING_TIMEOUT_MS = 4_000;
/** Whoever has not proved after this long to know an invite is no newcomer. */
export const STRANGER_MS = 10_000;
/** TCP connections that have not greeted yet, at most; more are refused. */
export const MAX_UNGREETED_CONNECTIONS = 64;
/** One control message, encoded. */
export const MAX_CONTROL_BYTES = 16 * 1024;
/** Addresses that a device tells of itself, at most. */
export const MAX_ADDRESSES = 16;
/** Features in one greeting, at most. */
export const MAX_FEATURES = 64;
/** Bytes of one piece of a message on a connection of its own. */
export const LARGE_FRAGMENT_BYTES = 256 * 1024;
/** Bytes of one piece of an index message beside metadata. */
export const SMALL_FRAGMENT_BYTES = 64 * 1024;
/** `ready` waits while this much stands in a channel's queue. */
export const READY_BELOW_BYTES = 1024 * 1024;
/** A link on whose channel more than this waits to be sent is given up: the peer does not take it. */
export const MAX_QUEUED_BYTES = 256 * 1024 * 1024;
/** A connection on which more than this arrived before its link was whole is given up. */
export const MAX_EARLY_BYTES = 16 * 1024 * 1024;
/** Links to one device that wait for their turn; one more is given up at once. */
export const MAX_SPARE_LINKS = 4;
/** A connection whose peer takes nothing while this much of control and metadata is written to it is given up. */
export const MAX_UNDRAINED_BYTES = 64 * 1024 * 1024;
/** A link on which more than this arrived before its predecessor was drained is given up. */
export const MAX_HELD_BYTES = 64 * 1024 * 1024;
