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
import type { KeyPair } from './bytes/signature.ts';
import type { FreeBytes } from './content/free-space.ts';
import type { Page, ServedEngine, ServedGroup } from './contract/served-engine.ts';
import type { EngineOptions } from './engine-options.ts';
import { forgetGroup, recordFounding, recordJoining } from './metadata/beginning.ts';
import type { Network, NetworkDeps } from './network/network.ts';
import type { NetworkEvent } from './network/network-events.ts';
import type { CancelTimer, Clock } from './ports/clock.ts';
import type { FileSystem } from './ports/file-system.ts';
import type { Jobs } from './ports/jobs.ts';
import type { Random } from './ports/random.ts';
import type { Store } from './ports/store.ts';
import type { Watcher } from './ports/watcher.ts';
import { ActivityLog } from './session/activity-log.ts';
import { GroupSession } from './session/group-session.ts';
import { HomeIdentity } from './session/home-identity.ts';
import { knownAddressRecords, knownStartRecords } from './session/home-records.ts';
import { HomeWatch } from './session/home-watch.ts';
import { type Admitted, Joining } from './session/joining.ts';
import { leaveGroup } from './session/leaving.ts';
import { appState } from './view/app-state.ts';
import { Problems } from './view/problems.ts';
import { Rates } from './view/rates.ts';
import { WatchHub } from './view/watch-hub.ts';

/** What an engine is made of. Two engines differ in nothing else. */
export interface EngineDeps {
  readonly options: EngineOptions;
  readonly keyPair: KeyPair;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly fs: FileSystem;
  readonly watcher: Watcher;
  readonly jobs: Jobs;
  readonly freeBytes: FreeBytes;
  readonly createNetwork: (deps: NetworkDeps) => Network;
  readonly platform: string;
  readonly version: string;
  readonly runtimeNote: string | null;
  /** Writes a line to the log of the process. */
  readonly log: (line: string) => void;
  /** The engine is to end: its user asked for it. */
  readonly quit: () => void;
  /** The engine is to end and to begin anew, as a new device where `newKey` says so. */
  readonly restart: (how: { readonly newKey: boolean }) => void;
}

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
  readonly #stops: CancelTimer[] = [];
  #session: GroupSession | null = null;
  #joining: Joining | null = null;
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
    this.network = deps.createNetwork({
      keyPair,
      clock,
      random,
      options: { listen: options.listen, bootstrap: this.bootstrapNodes(), ...this.#ways() },
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
      this.network.pairing.onAsk((ask) => this.#session?.onAsk(ask)),
      this.#deps.clock.every(VIEW_TICK_MS, () => {
        if (this.#rates.sample()) this.#hub.changed();
      }),
    );
    await this.network.start();
    this.#session?.start();
    this.#offerInvites();
  }

  /** Ends in order; everything that counts is on disk already. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    for (const stop of this.#stops.splice(0)) stop();
    this.#hub.stop();
    await this.#joining?.stop();
    await this.#session?.stop();
    await this.network.stop();
    this.#contained(() => this.#activity.save());
    await this.#deps.jobs.close();
  }

  // What clients ask

  view(): AppState {
    const { options, store, clock, platform, version, runtimeNote } = this.#deps;
    return appState({
      self: {
        id: this.self,
        name: this.home.name(),
        version,
        home: options.home,
        platform,
        runtimeNote,
        startedAt: this.startedAt,
      },
      home: this.homeState(),
      joining: this.#joining?.view() ?? null,
      session: this.#session,
      connected: this.network.connected(),
      now: clock.now(),
      lastSeen: (device) => this.home.lastSeen(device),
      rates: this.#rates,
      activity: this.#activity,
      problems: this.#problems.list(),
      settings: { own: this.home.settings(), listen: options.listen },
      store,
    });
  }

  watch(signal: AbortSignal | undefined): AsyncGenerator<WatchEvent> {
    return this.#hub.watch(signal);
  }

  group(): ServedGroup {
    if (this.#session === null) throw failure('no-group', 'This device is in no group yet.');
    return this.#session;
  }

  homeState(): HomeState {
    return this.#homeWatch.state();
  }

  async renameSelf(name: string): Promise<DecisionState> {
    this.home.setName(name);
    this.#hub.changed();
    if (this.#session === null) return 'committed';
    return await this.#session.decide({ kind: 'device.rename', device: this.self, name: this.home.name() });
  }

  async createGroup(name: string): Promise<GroupId> {
    this.#requireNoGroup();
    const { store, clock, random, keyPair } = this.#deps;
    const group = recordFounding({ store, clock, random, keyPair, name: name.trim(), deviceName: this.home.name() });
    this.#enter(group, []);
    return group;
  }

  async *join(code: string, waitMs: number | null, signal: AbortSignal | undefined): AsyncGenerator<JoinProgress> {
    this.#requireNoGroup();
    this.#joining?.cancel();
    const { clock, keyPair } = this.#deps;
    const { pairing } = this.network;
    const joining = new Joining(
      {
        self: this.self,
        keyPair,
        clock,
        pairing,
        name: () => this.home.name(),
        enter: (admitted) => this.#join(admitted),
        changed: () => {
          if (this.#joining === joining && joining.isDone()) this.#joining = null;
          this.#hub.changed();
        },
      },
      code,
      waitMs,
    );
    this.#joining = joining;
    yield* joining.progress(signal);
  }

  cancelJoin(): void {
    this.#joining?.cancel();
    if (this.#joining?.view().type === 'failed') this.#joining = null;
    this.#hub.changed();
  }

  async leave(): Promise<void> {
    const session = this.#session;
    if (session === null) throw failure('no-group', 'This device is in no group.');
    await leaveGroup(session, this.self, this.#deps.clock);
    await session.held.releaseAll();
    this.#session = null;
    await session.stop();
    forgetGroup(this.#deps.store, session.metadata.group);
    this.home.forgetGroup();
    this.#activity.clear();
    this.network.recheck();
    this.#offerInvites();
    this.#hub.changed();
  }

  setSettings(change: Partial<OwnSettings>): void {
    this.home.setSettings(change);
    if (change.bootstrap !== undefined) void this.network.setBootstrap(this.bootstrapNodes());
    this.#hub.changed();
  }

  async answerHome(answer: 'goOn' | 'thisStays' | 'joinAnew'): Promise<void> {
    if (answer === 'goOn') this.#homeWatch.goOn();
    else if (answer === 'thisStays') {
      this.#homeWatch.stay();
      this.#deps.restart({ newKey: false });
    } else {
      await this.#session?.held.releaseAll();
      this.home.forgetGroup();
      this.#deps.restart({ newKey: true });
    }
  }

  activity(folder: string | null, cursor: string | null, limit: number): Page<Activity> {
    return this.#activity.page(folder, cursor, limit);
  }

  quit(): void {
    this.#deps.quit();
  }

  /** Bootstrap nodes of one's own: told at the start, set, or named by the invite; null: the public ones. */
  bootstrapNodes(): readonly string[] | null {
    const told = this.#deps.options.bootstrap;
    if (told !== null) return told;
    const own = this.home.settings().bootstrap;
    if (own.length > 0) return own;
    const invited = this.home.group()?.record.bootstrap ?? [];
    return invited.length > 0 ? invited : null;
  }

  #ways(): { lan: boolean; dht: boolean } {
    const { lan, dht } = this.home.settings();
    return { lan: lan && this.#deps.options.lan, dht: dht && this.#deps.options.dht };
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
    if (bootstrap.length > 0) void this.network.setBootstrap(this.bootstrapNodes());
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
      bootstrap: () => this.bootstrapNodes() ?? [],
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
