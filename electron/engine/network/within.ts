import type { Clock } from '../ports/clock.ts';

/** Waits for the work to end, well or not, but no longer than `ms`; true if it ended. */
export function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(false));
    const done = (): void => {
      cancel();
      resolve(true);
    };
    work.then(done, done);
  });
}
