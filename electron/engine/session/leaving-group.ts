import type { DeviceId } from '../../../shared/ids.ts';
import type { Leaving } from '../../../shared/model/leaving.ts';
import type { HomeState } from '../../../shared/model/settings.ts';
import { weightOf } from '../consensus/quorum.ts';
import { memberOf, weightIn } from '../group/select.ts';
import type { Metadata } from '../metadata/metadata.ts';
import type { MetadataEvent } from '../metadata/metadata-events.ts';
import type { LinkedGroup } from '../network/linked-groups.ts';
import { askToLeave, others } from './leaving.ts';
import { linkedGroup } from './linked-group.ts';

/** What leaving one group needs. */
export interface LeavingGroupDeps {
  readonly metadata: Metadata;
  /** When its user left it. */
  readonly since: number;
  /** The closing number of its right to write; null where it is not known any more. */
  readonly closing: number | null;
  /** As of the home: one that was restored or runs twice votes for nobody. */
  readonly home: HomeState;
  /** Members or their rights changed: links have to be looked at again. */
  recheckLinks(): void;
  changed(): void;
  /** Nothing is left to hand on. */
  done(): void;
  problem(error: unknown): void;
}

/**
 * A group that this device has left: of all that a member does, the metadata layer alone goes on, until the group's log
 * says that the device was removed and has no vote any more. By then others hold that log.
 */
export class LeavingGroup {
  readonly metadata: Metadata;
  readonly #deps: LeavingGroupDeps;
  readonly #self: DeviceId;
  readonly #unsubscribe: () => void;
  #home: HomeState;
  /** Up to this start of its own it goes on as soon as it has caught up: peers go on telling of it. */
  #settled = 0;
  #asking = false;
  #over = false;

  /** Over a metadata layer that runs, or is started right after. */
  constructor(deps: LeavingGroupDeps) {
    this.#deps = deps;
    this.metadata = deps.metadata;
    this.#self = deps.metadata.self;
    this.#home = deps.home;
    // It holds no folder any more, whatever it told before.
    const report = this.metadata.ownReport();
    if (report !== null) this.metadata.report({ ...report, folders: new Map() });
    this.#unsubscribe = this.metadata.subscribe((event) => this.#onMetadata(event));
  }

  /** Goes on with what is still to be done. */
  look(): void {
    if (this.#over) return;
    if (this.#home === 'recovering' && this.metadata.isCaughtUp()) {
      this.#home = 'ok';
      this.metadata.release();
    }
    const state = this.metadata.state();
    const isMember = memberOf(state, this.#self) !== null;
    const isAlone = state.devices.has(this.#self) && others(state, this.#self).length === 0;
    const isOut = state.devices.has(this.#self) && !isMember && weightIn(state, this.#self) === 0;
    if (isAlone || isOut) this.#end();
    else if (isMember && this.metadata.view().updateNeeded === null) this.#ask();
  }

  /** A device of the group says that this one was removed: there is nothing to hand on any more. */
  toldRemoved(): void {
    this.#end();
  }

  /** A device of the group shows that this home was restored from a copy, or runs twice. */
  shown(verdict: 'restored' | 'cloned', start: number): void {
    if (verdict === 'restored' && start <= this.#settled) return;
    this.#settled = Math.max(this.#settled, start);
    this.#home = verdict === 'cloned' ? 'cloned' : 'recovering';
    this.metadata.hold();
    this.look();
  }

  view(): Leaving {
    const state = this.metadata.state();
    const { electorate } = this.metadata.view();
    const weight = weightOf(electorate, this.#self);
    const votes = [...electorate.values()].reduce((sum, one) => sum + one, 0);
    return {
      id: this.metadata.group,
      name: state.name,
      since: this.#deps.since,
      weight,
      votes,
      staying: others(state, this.#self).map(({ name }) => name),
      needed: 2 * (votes - weight) <= votes && weight > 0,
    };
  }

  /** Others are let in for the metadata alone. */
  linked(): LinkedGroup {
    return linkedGroup(this.metadata, true);
  }

  /** Ends taking part; everything is on disk. */
  stop(): void {
    this.#over = true;
    this.#unsubscribe();
    this.metadata.stop();
  }

  #onMetadata(event: MetadataEvent): void {
    if (event.type === 'problem') this.#deps.problem(event.error);
    if (event.type === 'state') this.#deps.recheckLinks();
    this.#deps.changed();
    this.look();
  }

  #ask(): void {
    // What is asked for may be decided at once, and is then looked at from within.
    if (this.#asking) return;
    this.#asking = true;
    try {
      askToLeave(this.metadata, this.#self, this.#deps.closing);
    } catch (error) {
      this.#deps.problem(error);
    } finally {
      this.#asking = false;
    }
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#deps.done();
  }
}
