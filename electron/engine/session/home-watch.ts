import { failure } from '../../../shared/errors.ts';
import type { HomeState } from '../../../shared/model/settings.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { GroupSession } from './group-session.ts';

/** After so long without a master that others elected, a restored home's user is asked. */
const ASK_AFTER_MS = 30_000;

/** How long a device does not vote since another claims to have changes of it: so long it may take until they come. */
const DOUBT_MS = 3_000;

/** What watching over the home needs. */
export interface HomeWatchDeps {
  readonly clock: Clock;
  session(): GroupSession | null;
  /** Up to which start of this device it is settled that this home goes on, durably. */
  settledStart(): number;
  /** Settles it up to that start and all that this home made. */
  settleStart(start: number): void;
  /** Later starts of this home count from above that number. */
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
  #caughtUp = 0;
  /** It has in this run; what it forgot besides holds nothing any more. */
  #hasRecovered = false;
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
    if (session === null || this.#watched.type === 'cloned' || start <= this.#deps.settledStart()) return;
    if (verdict === 'cloned') {
      this.#watched = { type: 'cloned', shownStart: start };
      session.metadata.hold();
      session.indexes.hold(
        failure('home-cloned', 'The home of this device runs twice. Nothing is sent until one stops.'),
      );
    } else if (this.#watched.type === 'ok' && start > this.#caughtUp) this.#recover(session, start);
    this.#deps.changed();
  }

  /**
   * Others have changes of this device that this home does not know of, and no later start: it was copied while it ran.
   * Anybody can claim that, so a claim is good for a pause without votes, once; what this device signed itself is proof.
   */
  forgot(how: 'claimed' | 'signed'): void {
    const session = this.#deps.session();
    if (session === null || this.#watched.type !== 'ok' || this.#hasRecovered) return;
    if (how === 'signed') {
      this.#recover(session, 0);
      this.#deps.changed();
      return;
    }
    session.metadata.hold();
    this.#deps.clock.after(DOUBT_MS, () => {
      if (this.#watched.type === 'ok' && this.#deps.session() === session) session.metadata.release();
    });
  }

  #recover(session: GroupSession, shownStart: number): void {
    this.#watched = { type: 'recovering', shownStart };
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
    this.#caughtUp = watched.shownStart;
    this.#hasRecovered = true;
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

  /** Of two that run from one home this one stays: it starts again above both, whenever the other ends. */
  stay(): void {
    if (this.#watched.type === 'cloned') this.#deps.settleStart(this.#watched.shownStart);
  }
}
