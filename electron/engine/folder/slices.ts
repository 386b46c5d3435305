import { SLICE_MS } from '../../../shared/limits.ts';
import type { Clock } from '../ports/clock.ts';

/** Lets everything that waits for the engine's thread run. */
export function yieldNow(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A stretch of work on the engine's thread. */
export interface Slice {
  /** Whether others should run now. */
  isOver(): boolean;
  /** Lets them, and begins a new one. */
  next(): Promise<void>;
}

/** Begins a slice. */
export function createSlice(clock: Clock): Slice {
  let began = clock.monotonic();
  return {
    isOver: () => clock.monotonic() - began >= SLICE_MS,
    async next() {
      await yieldNow();
      began = clock.monotonic();
    },
  };
}
