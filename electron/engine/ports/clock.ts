/** What a pending timer is called off with. */
export type CancelTimer = () => void;

/**
 * Time as the engine sees it. Contract: `monotonic` never goes back and does not jump with the wall clock; a timer
 * never fires before its delay has passed on `monotonic`, and never synchronously; a cancelled timer never fires.
 */
export interface Clock {
  /** Milliseconds since 1970 by the wall clock; may jump either way. */
  now(): number;
  /** Milliseconds since an arbitrary start. */
  monotonic(): number;
  /** Calls `run` once after `ms`. */
  after(ms: number, run: () => void): CancelTimer;
  /** Calls `run` every `ms`, first after `ms`. */
  every(ms: number, run: () => void): CancelTimer;
}
