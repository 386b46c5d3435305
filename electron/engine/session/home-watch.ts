import { failure } from '../../../shared/errors.ts';
import type { HomeState } from '../../../shared/model/settings.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { GroupSession } from './group-session.ts';

/** After so long without a master that others elected, a restored home's user is asked. */
const ASK_AFTER_MS = 30_000;

/** What watching over the home needs. */
export interface HomeWatchDeps {
  readonly clock: Clock;
  session(): GroupSession | null;
  /** This and later starts count from above that number. */
  goOnAbove(start: number): void;
  changed(): void;
}

type Watched =
  | { readonly type: 'ok' }
  | { readonly type: 'recovering' | 'confirm'; readonly shownStart: number }
  | { readonly type: 'cloned'; readonly shownStart: number };

/**
 * A home that was restored from a copy, or that runs twice: it publishes nothing and votes for nobody until it knows
 * again what it had promised, or until its user says how to go on.
 */
export class HomeWatch {
  readonly #deps: HomeWatchDeps;
  #watched: Watched = { type: 'ok' };
  /** Up to this start of its own this home has caught up in this run: peers go on telling of it. */
  #settled = 0;
  #asking: CancelTimer | null = null;

  constructor(deps: HomeWatchDeps) {
    this.#deps = deps;
  }

  state(): HomeState {
    return this.#watched.type;
  }

  /** A peer showed a statement of this device that does not fit this run. */
  shown(verdict: 'restored' | 'cloned', start: number): void {
    const session = this.#deps.session();
    if (session === null || this.#watched.type === 'cloned') return;
    if (verdict === 'cloned') {
      this.#watched = { type: 'cloned', shownStart: start };
      session.metadata.hold();
      session.indexes.hold(
        failure('home-cloned', 'The home of this device runs twice. Nothing is sent until one stops.'),
      );
    } else if (this.#watched.type === 'ok' && start > this.#settled) {
      this.#watched = { type: 'recovering', shownStart: start };
      session.metadata.hold();
      session.indexes.hold(failure('home-restored', 'The home of this device was restored from a copy.'));
      this.#asking?.();
      this.#asking = this.#deps.clock.after(ASK_AFTER_MS, () => {
        this.#asking = null;
        if (this.#watched.type === 'recovering') this.#watched = { ...this.#watched, type: 'confirm' };
        this.#deps.changed();
      });
      this.look();
    }
    this.#deps.changed();
  }

  /** Something went on: whether this home knows again all that it did. */
  look(): void {
    const session = this.#deps.session();
    if (session === null || (this.#watched.type !== 'recovering' && this.#watched.type !== 'confirm')) return;
    if (session.metadata.isCaughtUp() && session.indexes.counters.ahead() === null) this.goOn();
  }

  /** Goes on from here: by what the peers told, or since the user said so. */
  goOn(): void {
    const watched = this.#watched;
    if (watched.type !== 'recovering' && watched.type !== 'confirm') return;
    this.reset();
    this.#settled = watched.shownStart;
    this.#deps.goOnAbove(watched.shownStart);
    const session = this.#deps.session();
    session?.indexes.hold(null);
    session?.metadata.release();
    this.#deps.changed();
  }

  /** What was found concerned a group that is forgotten, or the engine stops. */
  reset(): void {
    this.#asking?.();
    this.#asking = null;
    this.#watched = { type: 'ok' };
  }

  /** Of two that run from one home this one stays: it starts again above both. */
  stay(): void {
    if (this.#watched.type === 'cloned') this.#deps.goOnAbove(this.#watched.shownStart);
  }
}
