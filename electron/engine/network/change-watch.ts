import { LINK_SILENT_MS } from '../../../shared/limits.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';

const LOOK_EVERY_MS = 1_000;

/** What changed under a running engine. */
export type NetworkChange =
  /** The machine's addresses are others now. */
  | { readonly type: 'addresses' }
  /** Nothing ran for longer than links live in silence: sleep, SIGSTOP. */
  | { readonly type: 'woke'; readonly afterMs: number };

/**
 * Looks once a second for other addresses and for time that went by unseen. Sleep shows on the wall clock alone where the
 * monotonic one stands still meanwhile, and on both where it does not.
 */
export function watchForChanges(
  clock: Clock,
  addresses: () => readonly string[],
  changed: (change: NetworkChange) => void,
): CancelTimer {
  let wall = clock.now();
  let monotonic = clock.monotonic();
  let known = addresses().join();
  return clock.every(LOOK_EVERY_MS, () => {
    const slept = Math.max(clock.now() - wall, clock.monotonic() - monotonic) - LOOK_EVERY_MS;
    wall = clock.now();
    monotonic = clock.monotonic();
    const present = addresses().join();
    const moved = present !== known;
    known = present;
    if (moved) changed({ type: 'addresses' });
    if (slept > LINK_SILENT_MS) changed({ type: 'woke', afterMs: slept });
  });
}
