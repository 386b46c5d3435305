import type NoiseSecretStream from '@hyperswarm/secret-stream';
import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import { type KeyPair, keyPairFromSeed } from '../bytes/signature.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import type { ChannelName, LinkKind, Peers } from '../ports/peers.ts';
import type { Random } from '../ports/random.ts';
import { AddressBook } from './address-book.ts';
import { watchForChanges } from './change-watch.ts';
import { DhtNode } from './dht-node.ts';
import { Dialler } from './dialler.ts';
import { hourOf, memberInstance } from './discovery/instance-name.ts';
import { MemberNames } from './discovery/member-names.ts';
import { Greeter } from './greeter.ts';
import { GroupPeers } from './group-peers.ts';
import { type LinkedGroup, LinkedGroups } from './linked-groups.ts';
import { localAddresses } from './local-addresses.ts';
import { LocalNetwork } from './local-network.ts';
import type { NetworkEvent } from './network-events.ts';
import { type Pairing, PairingDesk } from './pairing/pairing-desk.ts';
import type { LinkControl } from './peer-link.ts';
import { PeerSet } from './peer-set.ts';
import { ProblemLimit } from './problem-limit.ts';
import { type KeptStatement, type OwnStart, StartRegistry } from './start-registry.ts';
import type { TcpAddress } from './tcp-address.ts';
import type { TrafficCount } from './traffic.ts';

const REDIAL_AFTER_MS = 20;

/** How this device is reached and reaches others: what `flotilla start` is told. */
export interface NetworkOptions {
  /** The one IPv4 address that everything binds to and sends from; null: the DHT all, the rest loopback and private. */
  readonly listen: string | null;
  /** Whether devices are looked for on the local network: TCP and multicast DNS. */
  readonly lan: boolean;
  /** Whether devices are looked for by Hyperswarm. */
  readonly dht: boolean;
  /** Bootstrap nodes `host:port`; null: HyperDHT's public ones. */
  readonly bootstrap: readonly string[] | null;
}

/** What the network is made of. */
export interface NetworkDeps {
  /** The device's identity. */
  readonly keyPair: KeyPair;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: NetworkOptions;
  /** The IPv4 addresses to be reached at over TCP; where not given `listen`, or else those of the machine. */
  readonly localAddresses?: () => readonly string[];
  readonly start: OwnStart;
  /** The groups that there are links for; a device that is in several is linked for the first. */
  readonly groups: () => readonly LinkedGroup[];
  /** The highest start statement kept of a device: the last `seen-start` of an earlier run. */
  readonly knownStart: (device: DeviceId) => KeptStatement | null;
  /** Addresses kept of a device: the last that `rememberAddresses` was given in an earlier run. */
  readonly knownAddresses: (device: DeviceId) => readonly TcpAddress[];
  readonly rememberAddresses: (device: DeviceId, addresses: readonly TcpAddress[]) => void;
}

/** One link as shown to people. */
interface LinkStatus {
  readonly device: DeviceId;
  readonly kind: LinkKind;
  readonly rttMs: number | null;
}

/** The state of the network as shown to people. */
interface NetworkStatus {
  /** Where TCP connections are taken. */
  readonly addresses: readonly TcpAddress[];
  readonly links: readonly LinkStatus[];
}

/** The links of this device, for whatever group. Contract as of `Peers`. */
export interface Network extends Peers {
  /** Resolves when TCP connections are taken; the DHT goes on joining by itself. */
  start(): Promise<void>;
  stop(): Promise<void>;
  watch(handler: (event: NetworkEvent) => void): () => void;
  /** The registry or the group changed: cuts links that are not admitted any more and calls new members at once. */
  recheck(): void;
  /** Addresses of a device that came another way, such as with an invite. */
  addAddresses(device: DeviceId, addresses: readonly TcpAddress[]): void;
  /** Joins the DHT by other bootstrap nodes from now on; links over the DHT are made anew. */
  setBootstrap(bootstrap: readonly string[] | null): Promise<void>;
  /** Receiving newcomers, and being one; works between `start` and `stop`, in a group or not. */
  readonly pairing: Pairing;
  /** The peers that are linked for that group. */
  peersOf(group: GroupId): Peers;
  status(): NetworkStatus;
  /** Bytes exchanged with a device on a channel since the start. */
  traffic(device: DeviceId, channel: ChannelName): TrafficCount;
}

/** The network of a device; nothing happens before `start`. */
export function createNetwork(deps: NetworkDeps): Network {
  return new DeviceNetwork(deps);
}

class DeviceNetwork implements Network {
  readonly pairing: PairingDesk;
  readonly #deps: NetworkDeps;
  readonly #self: DeviceId;
  readonly #groups: LinkedGroups;
  readonly #watchers = new Set<(event: NetworkEvent) => void>();
  readonly #starts: StartRegistry;
  readonly #book: AddressBook;
  readonly #peers: PeerSet;
  readonly #greeter: Greeter;
  readonly #dialler: Dialler;
  readonly #local: LocalNetwork;
  readonly #names = new MemberNames();
  /** The members as of the last look. */
  #known: ReadonlySet<DeviceId> = new Set();
  readonly #problems: ProblemLimit;
  #bootstrap: readonly string[] | null;
  #dht: DhtNode | null = null;
  #stopWatching: CancelTimer | null = null;

  constructor(deps: NetworkDeps) {
    this.#deps = deps;
    this.#self = toHex(deps.keyPair.publicKey) as DeviceId;
    this.#groups = new LinkedGroups(this.#self, deps.groups);
    this.#starts = new StartRegistry(deps.start, deps.keyPair, deps.knownStart);
    this.#problems = new ProblemLimit(deps.clock);
    this.#book = new AddressBook(deps.clock, deps.rememberAddresses);
    this.#peers = new PeerSet({
      self: this.#self,
      clock: deps.clock,
      admission: (device) => this.#groups.admission(device),
      group: (device) => bytesOf(this.#groups.with(device)),
      removedFrom: (device) => bytesOf(this.#groups.removedFrom(device)),
      // Not at once: the link may have gone because a newer one is just taking over.
      lost: (device) => deps.clock.after(REDIAL_AFTER_MS, () => this.#onLost(device)),
      addresses: (device, addresses) => this.addAddresses(device, addresses),
      twin: (device) => this.#tell({ type: 'twin', device }),
      failed: () => this.#tell({ type: 'problem', code: 'internal', device: null }),
    });
    this.#greeter = this.#makeGreeter();
    this.#dialler = new Dialler({
      clock: deps.clock,
      members: () => this.#groups.members(),
      linkKind: (device) => this.#peers.linkOf(device)?.kind ?? null,
      addresses: (device) => (deps.options.lan ? this.#addressesOf(device) : []),
      dialTcp: (device, address) => this.#dialTcp(device, address),
      dialDht: (device) => this.#dialDht(device),
    });
    this.#bootstrap = deps.options.bootstrap;
    const pairingKeyPair = keyPairFromSeed(deps.random.bytes(32));
    this.#local = new LocalNetwork({
      clock: deps.clock,
      keyPair: deps.keyPair,
      pairingKeyPair,
      from: deps.options.listen,
      hosts: () => this.#hosts(),
      instances: () => this.#instances(),
      found: (instance, addresses) => this.#onFound(instance, addresses),
      incoming: (stream, purpose) => {
        if (purpose === 'member') void this.#greeter.greet(stream, 'lan', null);
        else this.pairing.incoming(stream);
      },
      failed: () => this.#tell({ type: 'problem', code: 'address-in-use', device: null }),
    });
    this.pairing = new PairingDesk({
      clock: deps.clock,
      random: deps.random,
      keyPair: pairingKeyPair,
      listen: deps.options.listen,
      lan: deps.options.lan,
      dht: () => this.#dht?.dht ?? null,
      bootstrap: () => this.#bootstrap,
      announced: () => this.#local.announce(),
    });
  }

  // Peers

  connected() {
    return this.#peers.connected();
  }

  send(to: DeviceId, channel: ChannelName, bytes: Uint8Array): boolean {
    return this.#peers.send(to, channel, bytes);
  }

  ready(to: DeviceId, channel: ChannelName): Promise<void> {
    return this.#peers.ready(to, channel);
  }

  subscribe(handler: Parameters<Peers['subscribe']>[0]): () => void {
    return this.#peers.subscribe(handler);
  }

  // Network

  peersOf(group: GroupId): Peers {
    return new GroupPeers(this.#peers, (device) => {
      const link = this.#peers.linkOf(device);
      return link !== null && toHex(link.greeting.group) === group;
    });
  }

  async start(): Promise<void> {
    const { options, clock } = this.#deps;
    if (options.lan) await this.#local.start();
    if (options.dht) this.#dht = this.#makeDht();
    this.pairing.start();
    this.#stopWatching = watchForChanges(
      clock,
      () => this.#hosts(),
      (change) => void this.#onChange(change.type === 'woke'),
    );
    this.#dialler.start();
  }

  async stop(): Promise<void> {
    this.#stopWatching?.();
    this.#stopWatching = null;
    this.#dialler.stop();
    this.#book.flush();
    this.#greeter.stop();
    this.#peers.dropAll();
    await this.pairing.stop(true);
    await Promise.all([this.#local.stop(), this.#dht?.close()]);
    this.#dht = null;
  }

  async setBootstrap(bootstrap: readonly string[] | null): Promise<void> {
    const before = this.#bootstrap;
    this.#bootstrap = bootstrap;
    const same = before === bootstrap || (before !== null && bootstrap !== null && before.join() === bootstrap.join());
    const old = this.#dht;
    if (old === null || same) return;
    this.#dht = this.#makeDht();
    await this.pairing.stop(false);
    this.pairing.start();
    await old.close();
    this.#dialler.kickAll();
  }

  watch(handler: (event: NetworkEvent) => void): () => void {
    this.#watchers.add(handler);
    return () => this.#watchers.delete(handler);
  }

  recheck(): void {
    this.#peers.recheck();
    const members = this.#groups.members();
    const fresh = members.filter((device) => !this.#known.has(device));
    this.#known = new Set(members);
    if (fresh.length > 0) this.#local.announce();
    for (const device of fresh) if (this.#peers.linkOf(device) === null) this.#dialler.kick(device);
  }

  addAddresses(device: DeviceId, addresses: readonly TcpAddress[]): void {
    if (this.#book.add(device, addresses) && this.#peers.linkOf(device)?.kind !== 'lan') this.#dialler.kick(device);
  }

  status(): NetworkStatus {
    const links = this.connected().map(({ device, kind, rttMs }) => ({ device, kind, rttMs }));
    return { addresses: this.#local.addresses(), links };
  }

  traffic(device: DeviceId, channel: ChannelName): TrafficCount {
    return this.#peers.trafficWith(device, channel);
  }

  #makeDht(): DhtNode {
    return new DhtNode({
      clock: this.#deps.clock,
      keyPair: this.#deps.keyPair,
      bootstrap: this.#bootstrap,
      host: this.#deps.options.listen,
      // One that was removed is let in to be told so.
      admits: (key) => {
        const device = toHex(key) as DeviceId;
        return this.#groups.with(device) !== null || this.#groups.removedFrom(device) !== null;
      },
      incoming: (stream) => void this.#greeter.greet(stream, 'direct', null),
      joined: () => this.pairing.refresh(),
    });
  }

  #makeGreeter(): Greeter {
    return new Greeter({
      clock: this.#deps.clock,
      group: (device) => bytesOf(this.#groups.with(device)),
      statement: (group) => this.#starts.own(group),
      addresses: () => this.#local.addresses(),
      isLinked: (device) => this.#peers.linkOf(device) !== null,
      removedFrom: (device) => bytesOf(this.#groups.removedFrom(device)),
      knownStart: (group, device) => this.#starts.highest(group, device),
      greeted: (device, greeting) => {
        this.addAddresses(device, greeting.addresses);
        if (this.#starts.note(greeting.group, device, greeting.statement)) {
          this.#tell({ type: 'seen-start', device, statement: greeting.statement });
        }
      },
      link: (link) => {
        this.#peers.add(link);
        this.#dialler.linked(link.device);
      },
      shownStart: (group, message) => this.#onShownStart(group, message),
      toldRemoved: (group, device) => this.#tell({ type: 'removed', group: toHex(group) as GroupId, device }),
      problem: (code, device) => {
        if (this.#problems.passes(code, device)) this.#tell({ type: 'problem', code, device });
      },
    });
  }

  #onLost(device: DeviceId): void {
    if (this.#peers.linkOf(device) === null) this.#dialler.kick(device);
  }

  #onShownStart(group: Uint8Array, message: Extract<LinkControl, { readonly type: 'known' | 'twin' }>): void {
    const judged = this.#starts.judge(group, message, message.type === 'twin');
    if (judged === null || judged.verdict === 'fine') return;
    this.#tell({ type: 'own-start', group: toHex(group) as GroupId, verdict: judged.verdict, shown: judged.shown });
  }

  #dialTcp(device: DeviceId, address: TcpAddress): NoiseSecretStream {
    const link = this.#deps.random.bytes(16);
    const remote = fromHex(device);
    const main = this.#local.dial(address, remote);
    const content = this.#local.dial(address, remote);
    void this.#greeter.greet(main, 'lan', { link, part: 'main' });
    void this.#greeter.greet(content, 'lan', { link, part: 'content' });
    return main;
  }

  #dialDht(device: DeviceId): NoiseSecretStream | null {
    const stream = this.#dht?.dial(fromHex(device)) ?? null;
    if (stream !== null) {
      const call = { link: this.#deps.random.bytes(16), part: 'all' as const };
      stream.once('connect', () => void this.#greeter.greet(stream, 'direct', call));
    }
    return stream;
  }

  async #onChange(woke: boolean): Promise<void> {
    if (woke) this.#peers.dropAll();
    if (this.#deps.options.lan) {
      await this.#local.rebind();
      this.#peers.controlAll({ type: 'addresses', addresses: this.#local.addresses() });
    }
    this.#dht?.refresh();
    this.pairing.refresh();
    this.#dialler.kickAll();
  }

  #hosts(): readonly string[] {
    const { listen } = this.#deps.options;
    return this.#deps.localAddresses?.() ?? (listen === null ? localAddresses() : [listen]);
  }

  #addressesOf(device: DeviceId): readonly TcpAddress[] {
    const known = this.#book.of(device, this.#hosts());
    if (known.length > 0) return known;
    this.#book.restore(device, this.#deps.knownAddresses(device));
    return this.#book.of(device, this.#hosts());
  }

  #instances(): readonly string[] {
    const hour = hourOf(this.#deps.clock.now());
    const own = this.#groups.ids().map((id) => memberInstance(fromHex(id), this.#deps.keyPair.publicKey, hour));
    return [...own, ...this.pairing.instances()];
  }

  #onFound(instance: string, addresses: readonly TcpAddress[]): void {
    this.pairing.found(instance, addresses);
    const device = this.#names.find(instance, this.#groups.sought(), this.#deps.clock.now());
    if (device === null) return;
    this.#book.addFound(device, addresses);
    if (this.#peers.linkOf(device)?.kind !== 'lan') this.#dialler.kick(device);
  }

  #tell(event: NetworkEvent): void {
    for (const watcher of [...this.#watchers]) watcher(event);
  }
}

function bytesOf(group: GroupId | null): Uint8Array | null {
  return group === null ? null : fromHex(group);
}
