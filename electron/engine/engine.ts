import { isAbsolute } from 'node:path';
import type { JoinProgress } from '../../shared/contract/group.ts';
import type { WatchEvent } from '../../shared/contract/watch.ts';
import { errorCodeOf, failure } from '../../shared/errors.ts';
import type { DeviceId, GroupId } from '../../shared/ids.ts';
import { VIEW_TICK_MS } from '../../shared/limits.ts';
import type { Activity } from '../../shared/model/activity.ts';
import type { AppState } from '../../shared/model/app-state.ts';
import type { HomeState, OwnSettings } from '../../shared/model/settings.ts';
import type { DecisionState } from '../../shared/model/values.ts';
import { fromHex, toHex } from './bytes/hex.ts';
import type { Page, ServedEngine, ServedGroup } from './contract/served-engine.ts';
import type { EngineDeps } from './engine-deps.ts';
import { forgetGroup, recordFounding, recordJoining } from './metadata/beginning.ts';
import type { Network } from './network/network.ts';
import type { NetworkEvent } from './network/network-events.ts';
import type { CancelTimer } from './ports/clock.ts';
import { ActivityLog } from './session/activity-log.ts';
import { GroupSession } from './session/group-session.ts';
import { HomeIdentity } from './session/home-identity.ts';
import { knownAddressRecords, knownStartRecords } from './session/home-records.ts';
import { HomeWatch } from './session/home-watch.ts';
import { JoinDesk } from './session/join-desk.ts';
import type { Admitted } from './session/joining.ts';
import { leaveGroup } from './session/leaving.ts';
import { nameInGroup, tellName } from './session/own-name.ts';
import { Ways } from './session/ways.ts';
import { appState } from './view/app-state.ts';
import { Problems } from './view/problems.ts';
import { Rates } from './view/rates.ts';
import { WatchHub } from './view/watch-hub.ts';

/** The whole product without a screen: one device, in a group or not yet. */
export class Engine implements ServedEngine {
  readonly self: DeviceId;
  readonly home: HomeIdentity;
  readonly network: Network;
  readonly startedAt: number;
  readonly #deps: EngineDeps;
  readonly #activity: ActivityLog;
  readonly #hub: WatchHub;
  readonly #problems: Problems;
  readonly #rates: Rates;
  readonly #homeWatch: HomeWatch;
  readonly #joins: JoinDesk;
  readonly #ways: Ways;
  readonly #stops: CancelTimer[] = [];
  #session: GroupSession | null = null;
  #leaving: Promise<void> | null = null;
  #stopped = false;

  constructor(deps: EngineDeps) {
    const { store, clock, random, keyPair, options } = deps;
    this.#deps = deps;
    this.self = toHex(keyPair.publicKey) as DeviceId;
    this.startedAt = clock.now();
    this.home = new HomeIdentity(store);
    this.#activity = new ActivityLog(store, clock);
    this.#hub = new WatchHub(clock, () => this.view());
    this.#problems = new Problems(clock, () => this.#hub.changed());
    if (options.name !== null) this.home.setName(options.name);
    this.#ways = new Ways(this.home, options);
    this.network = deps.createNetwork({
      keyPair,
      clock,
      random,
      options: { listen: options.listen, bootstrap: this.#ways.bootstrap(), ...this.#ways.inUse },
      startNumber: this.home.nextStart(),
      group: () => this.#session?.metadata.group ?? null,
      members: () => this.#session?.metadata.wantedPeers() ?? [],
      admission: (device) => this.#session?.metadata.admission(device) ?? 'refused',
      knownStart: (device) => {
        const kept = knownStartRecords.get(store, device);
        return kept === null ? null : { bytes: fromHex(kept.bytes), signature: fromHex(kept.signature) };
      },
      knownAddresses: (device) => knownAddressRecords.get(store, device)?.addresses ?? [],
      rememberAddresses: (device, addresses) =>
        this.#contained(() =>
          knownAddressRecords.save(store, device, { version: 1, addresses: addresses.map((one) => ({ ...one })) }),
        ),
    });
    this.#rates = new Rates(this.network, clock);
    this.#homeWatch = new HomeWatch({
      clock,
      session: () => this.#session,
      goOnAbove: (start) => this.home.goOnAbove(start),
      changed: () => this.#hub.changed(),
    });
    this.#joins = new JoinDesk({
      self: this.self,
      keyPair,
      clock,
      pairing: () => this.network.pairing,
      name: () => this.home.name(),
      enter: (admitted) => this.#join(admitted),
      changed: () => this.#hub.changed(),
    });
  }

  /** Begins: links, and the group if the home has one. */
  async start(): Promise<void> {
    const group = this.home.group();
    if (group !== null) this.#open(group.id);
    this.#stops.push(
      this.network.watch((event) => this.#onNetwork(event)),
      this.network.subscribe((event) => {
        if (event.type === 'down') {
          this.#contained(() => this.home.noteSeen(event.device, this.#deps.clock.now()));
        }
        if (event.type !== 'message') this.#hub.changed();
      }),
      this.network.pairing.onAsk((ask) => this.#contained(() => this.#session?.onAsk(ask))),
      this.#deps.clock.every(VIEW_TICK_MS, () => {
        if (this.#rates.sample()) this.#hub.changed();
      }),
    );
    await this.network.start();
    this.#session?.start();
    this.#offerInvites();
    if (this.#deps.options.name !== null && this.#session !== null)
      tellName(this.#session, this.self, this.home.name()).catch((error: unknown) => this.#report(error));
  }

  /** Ends in order; everything that counts is on disk already. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const stop of this.#stops.splice(0)) stop();
    this.#hub.stop();
    this.#homeWatch.reset();
    const ends = [
      () => this.#joins.stop(),
      () => this.#session?.stop(),
      () => this.#leaving,
      () => this.network.stop(),
      () => this.#activity.save(),
      () => this.#deps.jobs.close(),
    ];
    // What can't be ended in order must not keep the rest from it.
    for (const end of ends) {
      try {
        await end();
      } catch (error) {
        this.#report(error);
      }
    }
  }

  // What clients ask

  view(): AppState {
    const { options, store, clock, platform, version, runtimeNote } = this.#deps;
    return appState({
      self: {
        id: this.self,
        name: nameInGroup(this.#session, this.self) ?? this.home.name(),
        version,
        home: options.home,
        platform,
        runtimeNote,
        startedAt: this.startedAt,
      },
      home: this.homeState(),
      joining: this.#joins.view() ?? this.#arriving(),
      session: this.#session,
      connected: this.network.connected(),
      now: clock.now(),
      lastSeen: (device) => this.home.lastSeen(device),
      rates: this.#rates,
      activity: this.#activity,
      problems: this.#problems.list(),
      settings: { own: this.home.settings(), ...this.#ways.facts() },
      store,
    });
  }

  watch(signal: AbortSignal | undefined): AsyncGenerator<WatchEvent> {
    return this.#hub.watch(signal);
  }

  group(): ServedGroup {
    if (this.#stopped) throw failure('engine-stopping', 'The engine is ending.');
    if (this.#session === null) throw failure('no-group', 'This device is in no group yet.');
    return this.#session;
  }

  homeState(): HomeState {
    return this.#homeWatch.state();
  }

  async renameSelf(name: string): Promise<DecisionState> {
    const session = this.#session;
    // A name that the group refuses is not this device's name.
    const state = await session?.decide({ kind: 'device.rename', device: this.self, name: name.trim() });
    this.home.setName(name);
    this.#hub.changed();
    return state ?? 'committed';
  }

  async createGroup(name: string): Promise<GroupId> {
    this.#requireNoGroup();
    this.#joins.cancel();
    const { store, clock, random, keyPair } = this.#deps;
    const group = recordFounding({ store, clock, random, keyPair, name: name.trim(), deviceName: this.home.name() });
    this.#enter(group, []);
    return group;
  }

  async *join(code: string, waitMs: number | null, signal: AbortSignal | undefined): AsyncGenerator<JoinProgress> {
    this.#requireNoGroup();
    yield* this.#joins.join(code, waitMs, signal);
  }

  cancelJoin(): void {
    this.#joins.cancel();
  }

  async leave(): Promise<void> {
    const session = this.#session;
    if (session === null) throw failure('no-group', 'This device is in no group.');
    this.#leaving ??= leaveGroup(session, this.self, this.#deps.clock)
      .then(() => this.#forget(session))
      .finally(() => {
        this.#leaving = null;
      });
    await this.#leaving;
  }

  setSettings(change: Partial<OwnSettings>): void {
    const { acceptDirectory = null } = change;
    if (acceptDirectory !== null && !isAbsolute(acceptDirectory))
      throw failure('path-not-found', `${acceptDirectory} is not an absolute path`);
    this.home.setSettings(change);
    this.#applyBootstrap();
    this.#session?.offersChanged();
    this.#hub.changed();
  }

  async answerHome(answer: 'goOn' | 'thisStays' | 'joinAnew'): Promise<void> {
    if (answer === 'goOn') this.#homeWatch.goOn();
    else if (answer === 'thisStays') {
      this.#homeWatch.stay();
      this.#deps.restart({ newKey: false });
    } else {
      if (this.homeState() === 'ok') throw failure('bad-request', 'The home is in order: nothing was asked.');
      if (this.#session !== null) await this.#forget(this.#session);
      this.#deps.restart({ newKey: true });
    }
  }

  activity(folder: string | null, cursor: string | null, limit: number): Page<Activity> {
    return this.#activity.page(folder, cursor, limit);
  }

  quit(): void {
    this.#deps.quit();
  }

  /** Forgets the group; its files and kept versions stay. What comes after the waiting is done in one turn. */
  async #forget(session: GroupSession): Promise<void> {
    await session.held.releaseAll();
    await session.stop();
    await this.#joins.stop();
    forgetGroup(this.#deps.store, session.metadata.group);
    this.home.forgetGroup();
    this.#activity.clear();
    this.#homeWatch.reset();
    this.#session = null;
    this.network.recheck();
    this.#offerInvites();
    this.#applyBootstrap();
    this.#hub.changed();
  }

  /** Let in, and the group's log is not here yet: also after a restart in the middle of joining. */
  #arriving(): AppState['joining'] {
    if (this.#session === null || this.#session.state().devices.has(this.self)) return null;
    return { type: 'admitted', since: this.startedAt };
  }

  #applyBootstrap(): void {
    this.network.setBootstrap(this.#ways.bootstrap()).catch((error: unknown) => this.#report(error));
  }

  #requireNoGroup(): void {
    if (this.#session !== null) throw failure('already-in-group', 'This device is in a group already. Leave it first.');
  }

  async #join(admitted: Admitted): Promise<void> {
    this.#requireNoGroup();
    const { group, firstEntry, codeHash, bootstrap, members } = admitted;
    const introduced = members.map(({ device }) => device);
    recordJoining({ store: this.#deps.store, group, firstEntry, codeHash, introduced });
    for (const { device, addresses } of members) this.network.addAddresses(device, addresses);
    const session = this.#enter(group, bootstrap);
    await new Promise<void>((resolve) => {
      const stop = session.metadata.subscribe(() => look());
      const look = (): void => {
        if (!session.state().devices.has(this.self)) return;
        stop();
        resolve();
      };
      look();
    });
  }

  #enter(group: GroupId, bootstrap: readonly string[]): GroupSession {
    this.home.enterGroup(group, bootstrap);
    const session = this.#open(group);
    session.start();
    this.network.recheck();
    this.#offerInvites();
    this.#applyBootstrap();
    this.#hub.changed();
    return session;
  }

  #open(group: GroupId): GroupSession {
    const { store, clock, random, fs, watcher, jobs, freeBytes, platform, keyPair, options } = this.#deps;
    this.#session = new GroupSession({
      self: this.self,
      group,
      keyPair,
      store,
      peers: this.network,
      clock,
      random,
      fs,
      watcher,
      jobs,
      freeBytes,
      platform,
      home: options.home,
      activity: this.#activity,
      bootstrap: () => this.#ways.bootstrap() ?? [],
      addressesOf: (device) =>
        device === this.self
          ? this.network.status().addresses
          : (knownAddressRecords.get(store, device)?.addresses ?? []),
      acceptDirectory: () => options.accept ?? this.home.settings().acceptDirectory,
      recheckLinks: () => {
        this.network.recheck();
        this.#offerInvites();
      },
      changed: () => {
        this.#homeWatch.look();
        this.#hub.changed();
      },
      problem: (error) => this.#report(error),
    });
    return this.#session;
  }

  #offerInvites(): void {
    this.network.pairing.setInvites(this.#session?.inviteList.offered() ?? []);
  }

  #onNetwork(event: NetworkEvent): void {
    switch (event.type) {
      case 'seen-start': {
        const { bytes, signature } = event.statement;
        const record = { version: 1 as const, bytes: toHex(bytes), signature: toHex(signature) };
        this.#contained(() => knownStartRecords.save(this.#deps.store, event.device, record));
        return;
      }
      case 'own-start':
        this.#homeWatch.shown(event.verdict, event.shown.start);
        return;
      case 'twin':
        this.#problems.add('home-cloned', event.device, 'Two engines run with the identity of one device.');
        return;
      case 'problem':
        this.#problems.add(event.code, event.device, `A link could not be made: ${event.code}.`);
        return;
    }
  }

  #contained(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    const code = errorCodeOf(error);
    const message = error instanceof Error ? error.message : String(error);
    this.#deps.log(`${code}: ${code === 'internal' && error instanceof Error ? (error.stack ?? message) : message}`);
    if (code !== 'internal') this.#problems.add(code, null, message);
  }
}
