import type { Clock } from '../../electron/engine/ports/clock.ts';

/** A clock that moves only when the test says so. */
export interface FakeClock extends Clock {
  /** Lets `ms` pass: timers that fall due run in order of their time, each seeing its own time. */
  advance(ms: number): void;
  /** As `advance`, letting promises settle after every timer and at the end. */
  advanceAsync(ms: number): Promise<void>;
  /** Moves the wall clock alone, as a person or a time server does. */
  jumpWall(ms: number): void;
  /** Timers that are waiting. */
  pending(): number;
  /** Monotonic time of the next timer, or null. */
  nextAt(): number | null;
}

interface Timer {
  readonly order: number;
  at: number;
  readonly every: number | null;
  readonly run: () => void;
}

/** A fake clock; `wall` is where its wall clock starts. */
export function createFakeClock(wall = Date.UTC(2030, 0, 1)): FakeClock {
  let elapsed = 0;
  let wallOffset = wall;
  let order = 0;
  const timers = new Set<Timer>();

  function add(ms: number, every: number | null, run: () => void): () => void {
    order += 1;
    const timer: Timer = { order, at: elapsed + Math.max(0, ms), every, run };
    timers.add(timer);
    return () => {
      timers.delete(timer);
    };
  }

  function earliest(): Timer | null {
    let first: Timer | null = null;
    for (const timer of timers) {
      if (first === null || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer;
    }
    return first;
  }

  function runNext(until: number): boolean {
    const timer = earliest();
    if (timer === null || timer.at > until) return false;
    elapsed = Math.max(elapsed, timer.at);
    if (timer.every === null) timers.delete(timer);
    else timer.at += Math.max(1, timer.every);
    timer.run();
    return true;
  }

  return {
    now: () => wallOffset + elapsed,
    monotonic: () => elapsed,
    after: (ms, run) => add(ms, null, run),
    every: (ms, run) => add(ms, ms, run),
    advance(ms) {
      const until = elapsed + ms;
      while (runNext(until));
      elapsed = until;
    },
    async advanceAsync(ms) {
      const until = elapsed + ms;
      await settlePromises();
      while (runNext(until)) await settlePromises();
      elapsed = until;
      await settlePromises();
    },
    jumpWall(ms) {
      wallOffset += ms;
    },
    pending: () => timers.size,
    nextAt: () => earliest()?.at ?? null,
  };
}

/** Lets every promise that is ready, and what follows from it, run. */
export function settlePromises(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
