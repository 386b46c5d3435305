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
import { sentenceOf } from '../../shared/text/error-sentences.ts';
import { appState } from './app-state.ts';
import { toHex } from './bytes/hex.ts';
import type { Page, ServedEngine, ServedGroup } from './contract/served-engine.ts';
import type { EngineDeps } from './engine-deps.ts';
import type { Network } from './network/network.ts';
import type { NetworkEvent } from './network/network-events.ts';
import type { CancelTimer } from './ports/clock.ts';
import { ActivityLog } from './session/activity-log.ts';
import type { GroupSession } from './session/group-session.ts';
import { HomeIdentity } from './session/home-identity.ts';
import { HomeWatch } from './session/home-watch.ts';
import { JoinDesk } from './session/join-desk.ts';
import { KnownDevices } from './session/known-devices.ts';
import { keepLastSeen } from './session/last-seen.ts';
import { Membership } from './session/membership.ts';
import { nameInGroup, tellName } from './session/own-name.ts';
import { Ways } from './session/ways.ts';
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
  readonly #membership: Membership;
  readonly #ways: Ways;
  readonly #known: KnownDevices;
  readonly #stops: CancelTimer[] = [];
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
    this.#known = new KnownDevices(store, (error) => this.#report(error));
    const known = this.#known;
    this.network = deps.createNetwork({
      keyPair,
      clock,
      random,
      options: { listen: options.listen, bootstrap: this.#ways.bootstrap(), ...this.#ways.inUse },
      start: this.home.nextStart(random),
      groups: () => this.#membership.linked(),
      knownStart: (device) => known.start(device),
      knownAddresses: (device) => known.addresses(device),
      rememberAddresses: (device, addresses) => known.rememberAddresses(device, addresses),
    });
    this.#rates = new Rates(this.network, clock);
    this.#homeWatch = new HomeWatch({
      clock,
      session: () => this.#session,
      settledStart: () => this.home.settledStart(),
      settleStart: (start) => this.home.settleStart(start),
      goOnAbove: (start) => this.home.goOnAbove(start),
      changed: () => this.#hub.changed(),
    });
    this.#membership = new Membership({
      engine: deps,
      self: this.self,
      home: this.home,
      network: this.network,
      known,
      activity: this.#activity,
      bootstrap: () => this.#ways.bootstrap(),
      homeState: () => this.homeState(),
      leaving: async () => {
        this.#homeWatch.reset();
        await this.#joins.stop();
      },
      forgotten: (how) => this.#homeWatch.forgot(how),
      changed: () => {
        this.#homeWatch.look();
        this.#hub.changed();
      },
      problem: (error) => this.#report(error),
    });
    this.#joins = new JoinDesk({
      self: this.self,
      keyPair,
      clock,
      pairing: () => this.network.pairing,
      name: () => this.home.name(),
      enter: (admitted) => this.#membership.enter(admitted),
      changed: () => this.#hub.changed(),
    });
  }

  /** Begins: links, and the group if the home has one. */
  async start(): Promise<void> {
    this.#membership.open();
    this.#stops.push(
      this.network.watch((event) => this.#onNetwork(event)),
      this.network.subscribe((event) => {
        if (event.type === 'up') this.#linked(event.peer.device);
        if (event.type !== 'message') this.#hub.changed();
      }),
      keepLastSeen({
        peers: this.network,
        clock: this.#deps.clock,
        note: (devices, at) => this.#contained(() => this.home.noteSeen(devices, at)),
      }),
      this.network.pairing.onAsk((ask) => this.#contained(() => this.#session?.onAsk(ask))),
      this.#deps.clock.every(VIEW_TICK_MS, () => {
        if (this.#rates.sample()) this.#hub.changed();
      }),
    );
    await this.network.start();
    this.#membership.start();
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
      () => this.#membership.stop(),
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
      isRemoved: this.#membership.isRemoved(),
      leaving: this.#membership.left.view(),
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
    this.#membership.requireNone();
    this.#joins.cancel();
    return this.#membership.create(name);
  }

  async *join(code: string, waitMs: number | null, signal: AbortSignal | undefined): AsyncGenerator<JoinProgress> {
    this.#membership.requireNone();
    yield* this.#joins.join(code, waitMs, signal);
  }

  cancelJoin(): void {
    this.#joins.cancel();
  }

  async leave(): Promise<void> {
    await this.#membership.leave();
  }

  giveUpLeaving(group: string): void {
    this.#membership.left.giveUp(group);
  }

  setSettings(change: Partial<OwnSettings>): void {
    const { acceptDirectory = null } = change;
    if (acceptDirectory !== null && !isAbsolute(acceptDirectory))
      throw failure('path-not-found', `${acceptDirectory} is not an absolute path`);
    this.home.setSettings(change);
    this.#membership.applyBootstrap();
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
      await this.#membership.renounce();
      this.#deps.restart({ newKey: true });
    }
  }

  activity(folder: string | null, cursor: string | null, limit: number): Page<Activity> {
    return this.#activity.page(folder, cursor, limit);
  }

  quit(): void {
    this.#deps.quit();
  }

  /** Let in, and the group's log is not here yet: also after a restart in the middle of joining. */
  #arriving(): AppState['joining'] {
    return this.#membership.isArriving() ? { type: 'admitted', since: this.startedAt } : null;
  }

  get #session(): GroupSession | null {
    return this.#membership.session;
  }

  /** Whatever kept the two apart is over: a device that has just joined is known to one of them first. */
  #linked(device: DeviceId): void {
    for (const code of ['peer-too-old', 'update-needed', 'peer-not-admitted', 'not-a-member'] as const)
      this.#problems.solved(code, device);
  }

  #onNetwork(event: NetworkEvent): void {
    switch (event.type) {
      case 'seen-start':
        this.#known.rememberStart(event.device, event.statement);
        return;
      case 'own-start':
        if (event.group === this.#session?.metadata.group) this.#homeWatch.shown(event.verdict, event.shown.start);
        else this.#membership.left.shown(event.group, event.verdict, event.shown.start);
        return;
      case 'removed':
        this.#membership.toldRemoved(event.group, event.device);
        return;
      case 'twin':
        this.#problems.add('home-cloned', event.device, 'Two engines run with the identity of one device.');
        return;
      case 'problem':
        this.#problems.add(event.code, event.device, sentenceOf(event.code).what);
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
