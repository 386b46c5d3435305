import type { CancelTimer, Clock } from './clock.ts';

/** The machine's own clock and timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms: number, run: () => void): CancelTimer {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  every(ms: number, run: () => void): CancelTimer {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
};
