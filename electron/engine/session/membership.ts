import { failure } from '../../../shared/errors.ts';
import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import type { HomeState } from '../../../shared/model/settings.ts';
import type { EngineDeps } from '../engine-deps.ts';
import { recordFounding, recordJoining } from '../metadata/beginning.ts';
import { openMetadata } from '../metadata/metadata.ts';
import type { LinkedGroup } from '../network/linked-groups.ts';
import type { Network } from '../network/network.ts';
import type { Peers } from '../ports/peers.ts';
import type { ActivityLog } from './activity-log.ts';
import { GroupSession } from './group-session.ts';
import { releaseLeftFolders } from './held-folders.ts';
import type { HomeIdentity } from './home-identity.ts';
import type { Admitted } from './joining.ts';
import type { KnownDevices } from './known-devices.ts';
import { isRemoved, requireMayLeave } from './leaving.ts';
import { LeavingGroups } from './leaving-groups.ts';
import { linkedGroup } from './linked-group.ts';

/** What entering and leaving groups needs. */
export interface MembershipDeps {
  readonly engine: EngineDeps;
  readonly self: DeviceId;
  readonly home: HomeIdentity;
  readonly network: Network;
  readonly known: KnownDevices;
  readonly activity: ActivityLog;
  bootstrap(): readonly string[] | null;
  homeState(): HomeState;
  /** The home is about to be in no group: what else was under way for one ends. */
  leaving(): Promise<void>;
  /** This home has forgotten changes of this device; see `IndexesParts`. */
  forgotten(how: 'claimed' | 'signed'): void;
  /** Something that people see has changed. */
  changed(): void;
  /** Something failed and was contained. */
  problem(error: unknown): void;
}

/** The group that this device is in, if any, and those that it has left and still hands something on in. */
export class Membership {
  readonly #deps: MembershipDeps;
  readonly #left: LeavingGroups;
  /** A device of the group has said that this one was removed, and none has let it in since. */
  #toldRemoved = false;
  #session: GroupSession | null = null;
  #stopHearing: () => void = () => undefined;
  #leaving: Promise<void> | null = null;

  constructor(deps: MembershipDeps) {
    const { home, network, changed, problem } = deps;
    const { store, clock, random, keyPair } = deps.engine;
    this.#deps = deps;
    this.#left = new LeavingGroups({
      store,
      clock,
      home,
      metadata: (group) => openMetadata({ store, peers: network.peersOf(group), clock, random, keyPair, group }),
      connected: (group) => this.#connected(group),
      recheckLinks: () => network.recheck(),
      changed,
      problem,
    });
  }

  /** Null while the device is in no group. */
  get session(): GroupSession | null {
    return this.#session;
  }

  get left(): LeavingGroups {
    return this.#left;
  }

  /** The groups that there are links for. */
  linked(): readonly LinkedGroup[] {
    const own = this.#session === null ? [] : [linkedGroup(this.#session.metadata, false)];
    return [...own, ...this.#left.linked()];
  }

  /** Opens what earlier runs were in. */
  open(): void {
    const group = this.#deps.home.group();
    if (group === null) releaseLeftFolders(this.#deps.engine.store);
    else this.#open(group.id);
    this.#left.open();
  }

  /** Takes part from now on. */
  start(): void {
    this.#session?.start();
    this.#left.start();
    this.offerInvites();
  }

  async stop(): Promise<void> {
    await this.#inOrder(
      () => this.#stopHearing(),
      () => this.#session?.stop(),
      () => this.#left.stop(),
      () => this.#leaving,
    );
  }

  /** Throws `already-in-group`. */
  requireNone(): void {
    if (this.#session !== null) throw failure('already-in-group', 'This device is in a group already. Leave it first.');
  }

  /** Founds a group; see `recordFounding`. */
  create(name: string): GroupId {
    const { store, clock, random, keyPair } = this.#deps.engine;
    const deviceName = this.#deps.home.name();
    const group = recordFounding({ store, clock, random, keyPair, name: name.trim(), deviceName });
    this.#enter(group, []);
    return group;
  }

  /** Goes into a group that has let this device in; resolves when the own log says so. */
  async enter(admitted: Admitted): Promise<void> {
    this.requireNone();
    const { group, firstEntry, codeHash, bootstrap, members } = admitted;
    const introduced = members.map(({ device }) => device);
    this.#left.comeBack(group);
    recordJoining({ store: this.#deps.engine.store, group, firstEntry, codeHash, introduced });
    for (const { device, addresses } of members) this.#deps.network.addAddresses(device, addresses);
    const session = this.#enter(group, bootstrap);
    await new Promise<void>((resolve) => {
      const stop = session.metadata.subscribe(() => look());
      const look = (): void => {
        if (!session.state().devices.has(this.#deps.self)) return;
        stop();
        resolve();
      };
      look();
    });
  }

  /** Leaves the group. Resolves when all is handed on, or that has to go on in the background. Throws `no-group`, `last-admin`. */
  async leave(): Promise<void> {
    const session = this.#session;
    if (session === null) throw failure('no-group', 'This device is in no group.');
    requireMayLeave(session, this.#deps.self);
    await this.#leave(session);
    await this.#left.settled(session.metadata.group);
  }

  /** Leaves everything at once: the next run is another device, and could hand nothing on. */
  async renounce(): Promise<void> {
    if (this.#session !== null) await this.#leave(this.#session);
    for (const { id } of this.#left.view()) this.#left.giveUp(id);
  }

  /** Let in, and the group's log is not here yet: also after a restart in the middle of joining. */
  isArriving(): boolean {
    return this.#session !== null && !this.#session.state().devices.has(this.#deps.self);
  }

  /** Whether the group has removed this device, by the own log or by what others say where none lets it in. */
  isRemoved(): boolean {
    const session = this.#session;
    if (session === null || this.#leaving !== null) return false;
    return this.#toldRemoved || isRemoved(session.state(), this.#deps.self);
  }

  /** A device says that this one was removed from the group: so it is where no other is heard that lets it in. */
  toldRemoved(group: GroupId, by: DeviceId): void {
    const isOwn = group === this.#session?.metadata.group;
    if (isOwn && this.#connected(group).every((device) => device === by)) this.#toldRemoved = true;
    this.#left.toldRemoved(group, by);
    this.#deps.changed();
  }

  /** Other devices can be found in another way now. */
  applyBootstrap(): void {
    const { network, problem } = this.#deps;
    network.setBootstrap(this.#deps.bootstrap()).catch(problem);
  }

  offerInvites(): void {
    this.#deps.network.pairing.setInvites(this.#session?.inviteList.offered() ?? []);
  }

  #connected(group: GroupId): readonly DeviceId[] {
    const peers = this.#deps.network.peersOf(group).connected();
    return peers.map(({ device }) => device);
  }

  /** Once, however often it is asked for. */
  #leave(session: GroupSession): Promise<void> {
    this.#leaving ??= this.#release(session).finally(() => {
      this.#leaving = null;
      this.#deps.changed();
    });
    return this.#leaving;
  }

  /** Files and kept versions stay. What is left to hand on is handed on from there. */
  async #release(session: GroupSession): Promise<void> {
    const { engine, self, home, activity } = this.#deps;
    const left = { metadata: session.metadata, since: engine.clock.now(), closing: session.closingOf(self) };
    // From here on the home is in no group, whatever happens.
    home.leaveGroup(left.since);
    await this.#inOrder(
      () => session.held.releaseAll(),
      () => session.release(),
      () => releaseLeftFolders(engine.store),
      () => activity.clear(),
    );
    const homeState = this.#deps.homeState();
    await this.#inOrder(() => this.#deps.leaving());
    this.#hear(null);
    this.#session = null;
    this.#left.take({ ...left, home: homeState });
    this.#groupChanged();
  }

  #enter(group: GroupId, bootstrap: readonly string[]): GroupSession {
    this.#deps.home.enterGroup(group, bootstrap);
    const session = this.#open(group);
    session.start();
    this.#groupChanged();
    return session;
  }

  #open(group: GroupId): GroupSession {
    const { engine, self, home, network, known, activity, forgotten, changed, problem } = this.#deps;
    const { options } = engine;
    const peers = network.peersOf(group);
    this.#hear(peers);
    this.#session = new GroupSession({
      ...engine,
      self,
      group,
      peers,
      home: options.home,
      activity,
      bootstrap: () => this.#deps.bootstrap() ?? [],
      addressesOf: (device) => (device === self ? network.status().addresses : known.addresses(device)),
      acceptDirectory: () => options.accept ?? home.settings().acceptDirectory,
      recheckLinks: () => {
        network.recheck();
        this.offerInvites();
      },
      forgotten,
      changed,
      problem,
    });
    return this.#session;
  }

  /** Whoever of the group lets this device in shows that what another said of it is not so, or not any more. */
  #hear(peers: Peers | null): void {
    this.#stopHearing();
    this.#toldRemoved = false;
    const stop = peers?.subscribe(({ type }) => {
      if (type !== 'up' || !this.#toldRemoved) return;
      this.#toldRemoved = false;
      this.#deps.changed();
    });
    this.#stopHearing = stop ?? (() => undefined);
  }

  /** Other devices are to be linked to now. */
  #groupChanged(): void {
    this.#deps.network.recheck();
    this.offerInvites();
    this.applyBootstrap();
    this.#deps.changed();
  }

  /** What can't be ended in order must not keep the rest from it. */
  async #inOrder(...ends: readonly (() => unknown)[]): Promise<void> {
    for (const end of ends) {
      try {
        await end();
      } catch (error) {
        this.#deps.problem(error);
      }
    }
  }
}
