import type { DeviceId } from '../../../shared/ids.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { Peers } from '../ports/peers.ts';

/** How old what is kept of a connected device may be when this one dies, in milliseconds. */
const KEEP_MS = 60_000;

/** What keeping track of the devices that were seen needs. */
export interface LastSeenDeps {
  readonly peers: Pick<Peers, 'subscribe' | 'connected'>;
  readonly clock: Clock;
  /** Keeps durably that these were there at that time. */
  note(devices: readonly DeviceId[], at: number): void;
}

/**
 * Keeps when each device was last connected: when it comes, when it goes, and meanwhile every minute, since this device
 * may end without seeing it go.
 */
export function keepLastSeen({ peers, clock, note }: LastSeenDeps): CancelTimer {
  const stops = [
    peers.subscribe((event) => {
      if (event.type === 'up') note([event.peer.device], clock.now());
      if (event.type === 'down') note([event.device], clock.now());
    }),
    clock.every(KEEP_MS, () => {
      const devices = peers.connected().map(({ device }) => device);
      if (devices.length > 0) note(devices, clock.now());
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
