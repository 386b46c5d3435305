import { errorCodeOf, failure } from '../../../shared/errors.ts';
import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import type { Leaving } from '../../../shared/model/leaving.ts';
import { forgetGroup } from '../metadata/beginning.ts';
import type { Metadata } from '../metadata/metadata.ts';
import type { LinkedGroup } from '../network/linked-groups.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { HomeIdentity } from './home-identity.ts';
import { LeavingGroup, type LeavingGroupDeps } from './leaving-group.ts';

/** How long its user waits at most while a leaving device that others can hear hands on its vote, in latency budgets. */
const HAND_ON_BUDGETS = 2;

/** What a session leaves behind. */
type Left = Pick<LeavingGroupDeps, 'metadata' | 'since' | 'closing' | 'home'>;

/** What leaving groups needs of the engine. */
export interface LeavingGroupsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly home: HomeIdentity;
  /** Opens the metadata layer of a group; see `openMetadata`. */
  metadata(group: GroupId): Metadata;
  /** The devices of that group that are connected. */
  connected(group: GroupId): readonly DeviceId[];
  /** Which groups there are, or who is in them, has changed. */
  recheckLinks(): void;
  changed(): void;
  problem(error: unknown): void;
}

/** The groups that this device has left and still hands something on in, over restarts, beside the one it is in. */
export class LeavingGroups {
  readonly #deps: LeavingGroupsDeps;
  readonly #groups = new Map<GroupId, LeavingGroup>();
  /** Whoever waits until a group is done with. */
  readonly #waiting = new Set<{ readonly group: GroupId; readonly done: () => void }>();
  #stopped = false;

  constructor(deps: LeavingGroupsDeps) {
    this.#deps = deps;
  }

  /** Opens those of earlier runs. */
  open(): void {
    for (const { id, since } of this.#deps.home.leaving()) {
      try {
        this.#add({ metadata: this.#deps.metadata(id), since, closing: null, home: 'ok' });
      } catch (error) {
        this.#deps.problem(error);
        // Without its log this device can't hand anything on.
        if (errorCodeOf(error) === 'log-damaged') this.#forget(id, []);
      }
    }
  }

  /** Takes part in those of earlier runs from now on. */
  start(): void {
    for (const group of [...this.#groups.values()]) {
      group.metadata.start();
      group.look();
    }
  }

  /** Ends this run; what is to be handed on is handed on in the next. */
  stop(): void {
    this.#stopped = true;
    for (const { done } of [...this.#waiting]) done();
    for (const group of this.#groups.values()) group.stop();
  }

  /** Goes on with the running metadata layer of the group that was left just now. */
  take(left: Left): void {
    if (this.#stopped) left.metadata.stop();
    else this.#add(left).look();
  }

  /** Resolves when it is done with the group, or nobody can be told of it now, or that takes too long. */
  settled(group: GroupId): Promise<void> {
    const leaving = this.#groups.get(group);
    if (this.#stopped || leaving === undefined || !this.#canTell(group)) return Promise.resolve();
    const { budgetMs } = leaving.metadata.view();
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(waiting);
        cancel();
        resolve();
      };
      const waiting = { group, done };
      const cancel = this.#deps.clock.after(HAND_ON_BUDGETS * budgetMs, done);
      this.#waiting.add(waiting);
    });
  }

  view(): readonly Leaving[] {
    return [...this.#groups.values()].map((group) => group.view());
  }

  linked(): readonly LinkedGroup[] {
    return [...this.#groups.values()].map((group) => group.linked());
  }

  /** A device says that this one was removed: the truth where no other can be heard that lets it in. */
  toldRemoved(group: GroupId, by: DeviceId): void {
    if (this.#deps.connected(group).every((device) => device === by)) this.#groups.get(group)?.toldRemoved();
  }

  /** A device of the group shows that this home was restored from a copy, or runs twice. */
  shown(group: GroupId, verdict: 'restored' | 'cloned', start: number): void {
    if (verdict === 'restored') this.#deps.home.goOnAbove(start);
    this.#groups.get(group)?.shown(verdict, start);
  }

  /** Hands nothing on any more, though nothing else may be able to decide there. Throws `no-group`. */
  giveUp(id: string): void {
    const found = [...this.#groups.keys()].find((group) => group === id);
    if (found === undefined) throw failure('no-group', 'This device is not leaving that group.');
    this.#end(found);
  }

  /** The device goes into that group again, with the log that it has of it. */
  comeBack(id: GroupId): void {
    this.#groups.get(id)?.stop();
    this.#groups.delete(id);
  }

  #add(left: Left): LeavingGroup {
    const id = left.metadata.group;
    const group = new LeavingGroup({
      ...left,
      recheckLinks: this.#deps.recheckLinks,
      changed: () => {
        if (!this.#canTell(id)) this.#wake(id);
        this.#deps.changed();
      },
      // Not within the step that led to it: that has still to tell the others.
      done: () => this.#deps.clock.after(0, () => this.#end(id)),
      problem: this.#deps.problem,
    });
    this.#groups.set(id, group);
    return group;
  }

  #wake(id: GroupId): void {
    for (const { group, done } of [...this.#waiting]) if (group === id) done();
  }

  #canTell(id: GroupId): boolean {
    return this.#deps.connected(id).length > 0;
  }

  #end(id: GroupId): void {
    const group = this.#groups.get(id);
    if (group === undefined || this.#stopped) return;
    group.stop();
    this.#groups.delete(id);
    try {
      this.#forget(id, [...group.metadata.state().devices.keys()]);
    } catch (error) {
      // The record stays: the next start finds that there is nothing left to do.
      this.#deps.problem(error);
    }
    this.#wake(id);
    this.#deps.recheckLinks();
    this.#deps.changed();
  }

  /** In one transaction: a home never names a group whose log it does not have. */
  #forget(id: GroupId, devices: readonly DeviceId[]): void {
    const { store, home } = this.#deps;
    store.transaction((tx) => {
      forgetGroup(tx, id);
      home.forgetGroup(tx, id, devices);
    });
  }
}
