import type { CancelTimer, Clock } from '../ports/clock.ts';

/** How often timings are looked at and undecided changes are handed over again. */
const HOUSEKEEPINGS_PER_BUDGET = 5;

/** What is done again and again, at a pace that follows from the latency budget. */
export class Beats {
  readonly #clock: Clock;
  readonly #work: { readonly keepHouse: () => void; readonly report: () => void };
  #timers: readonly CancelTimer[] = [];

  constructor(clock: Clock, work: { readonly keepHouse: () => void; readonly report: () => void }) {
    this.#clock = clock;
    this.#work = work;
  }

  /** Begins, or goes on at another pace. */
  start(budgetMs: number): void {
    this.stop();
    this.#timers = [
      this.#clock.every(Math.round(budgetMs / HOUSEKEEPINGS_PER_BUDGET), this.#work.keepHouse),
      this.#clock.every(budgetMs, this.#work.report),
    ];
  }

  stop(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
  }
}
