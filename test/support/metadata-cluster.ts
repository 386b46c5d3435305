import { toHex } from '../../electron/engine/bytes/hex.ts';
import type { OperationBody, Role } from '../../electron/engine/group/body.ts';
import { makeRedeemProof, redeemBody } from '../../electron/engine/group/invite-proof.ts';
import { memberOf } from '../../electron/engine/group/select.ts';
import { recordFounding, recordJoining } from '../../electron/engine/metadata/beginning.ts';
import { type Metadata, openMetadata } from '../../electron/engine/metadata/metadata.ts';
import type { MetadataEvent } from '../../electron/engine/metadata/metadata-events.ts';
import type { GroupId } from '../../shared/ids.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createMemoryNetwork, type MemoryNetwork } from './memory-peers.ts';
import { createMemoryDisk, createMemoryStore, type MemoryDisk, type MemoryStore } from './memory-store.ts';
import { deviceNamed, inviteNamed, type NamedDevice } from './named-device.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

/** One device of a cluster: its disk outlives its runs. */
export interface ClusterNode {
  readonly device: NamedDevice;
  readonly disk: MemoryDisk;
  store: MemoryStore;
  /** Null while it is off. */
  metadata: Metadata | null;
  readonly events: MetadataEvent[];
}

const STEP_MS = 5;

/** Metadata layers of several devices over a memory network and one fake clock. */
export class MetadataCluster {
  readonly clock: FakeClock = createFakeClock();
  readonly network: MemoryNetwork = createMemoryNetwork();
  readonly random: SeededRandom;
  readonly nodes = new Map<string, ClusterNode>();
  /** Pairs that a partition keeps apart. */
  readonly #cut = new Set<string>();
  #invites = 0;
  group: GroupId = '' as GroupId;

  constructor(seed = 1) {
    this.random = createSeededRandom(seed);
  }

  /** Founds the group `Home` on a device. */
  found(name: string): Metadata {
    const node = this.#add(name);
    const { clock, random } = this;
    const founding = { store: node.store, clock, random, keyPair: node.device.keyPair };
    this.group = recordFounding({ ...founding, name: 'Home', deviceName: name });
    return this.start(name);
  }

  /** Lets a device in through a member, and waits until it is in its own log. */
  join(name: string, by: string, role: Role = 'admin'): Metadata {
    this.askToJoin(name, by, role);
    return this.arrive(name, by);
  }

  /** The member's part of joining: invite and redemption, decided. */
  askToJoin(name: string, by: string, role: Role = 'admin'): void {
    const { invite, redeem } = this.invitation(name, role);
    this.ask(by, invite);
    this.ask(by, redeem);
  }

  /** The two operations that let a device in. */
  invitation(name: string, role: Role = 'admin'): { readonly invite: OperationBody; readonly redeem: OperationBody } {
    this.#invites += 1;
    const invite = inviteNamed(`${name} ${this.#invites}`);
    const newcomer = deviceNamed(name);
    const publicKey = toHex(invite.keyPair.publicKey);
    const proof = makeRedeemProof({
      group: this.group,
      invite: invite.id,
      inviteSecretKey: invite.keyPair.secretKey,
      device: newcomer.id,
      deviceSecretKey: newcomer.keyPair.secretKey,
      name,
    });
    const invited = { invite: invite.id, publicKey, role, approval: 'auto', durationMs: 3_600_000 } as const;
    return { invite: { kind: 'invite.create', ...invited }, redeem: redeemBody(proof) };
  }

  /** The newcomer's part: starts with what pairing brought, and catches up. */
  arrive(name: string, by: string): Metadata {
    const node = this.nodes.get(name) ?? this.#add(name);
    const first = this.on(by).firstEntry();
    if (first === null) throw new Error('the member has no log');
    const introduced = [deviceNamed(by).id];
    const joining = { store: node.store, group: this.group, firstEntry: first.bytes, codeHash: first.codeHash };
    recordJoining({ ...joining, introduced });
    const metadata = this.start(name);
    this.until(() => memberOf(metadata.state(), node.device.id) !== null, `${name} in its own log`);
    return metadata;
  }

  #add(name: string): ClusterNode {
    const disk = createMemoryDisk();
    const node: ClusterNode = {
      device: deviceNamed(name),
      disk,
      store: createMemoryStore(disk),
      metadata: null,
      events: [],
    };
    this.nodes.set(name, node);
    return node;
  }

  /** Starts a device from its disk and connects it to all that are on and not cut off. */
  start(name: string): Metadata {
    const node = this.node(name);
    const { clock, group } = this;
    const peers = this.network.peersOf(node.device.id);
    node.store = createMemoryStore(node.disk);
    const deps = { store: node.store, peers, clock, random: this.random.fork(), keyPair: node.device.keyPair, group };
    const metadata = openMetadata(deps);
    metadata.subscribe((event) => node.events.push(event));
    node.metadata = metadata;
    metadata.start();
    this.connect();
    return metadata;
  }

  /** As `kill -9`. */
  crash(name: string): void {
    const node = this.node(name);
    node.metadata?.stop();
    node.metadata = null;
    this.network.crash(node.device.id);
  }

  /** Connects what is on, not cut, and admitted on both sides; disconnects what is not admitted any more. */
  connect(): void {
    const on = [...this.nodes.values()].filter((node) => node.metadata !== null);
    for (const a of on) {
      for (const b of on) {
        if (a.device.id >= b.device.id) continue;
        const admitted =
          a.metadata?.admission(b.device.id) !== 'refused' && b.metadata?.admission(a.device.id) !== 'refused';
        const apart =
          this.#cut.has(`${a.device.name}|${b.device.name}`) || this.#cut.has(`${b.device.name}|${a.device.name}`);
        if (admitted && !apart) this.network.connect(a.device.id, b.device.id);
        else this.network.disconnect(a.device.id, b.device.id);
      }
    }
  }

  /** Keeps two groups of devices apart until `heal`. */
  partition(one: readonly string[], other: readonly string[]): void {
    for (const a of one) for (const b of other) this.#cut.add(`${a}|${b}`);
    this.connect();
  }

  heal(): void {
    this.#cut.clear();
    this.connect();
  }

  /** Lets time pass, delivering what is under way. */
  run(ms: number): void {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      this.network.deliverAll();
      this.connect();
      this.network.deliverAll();
      this.clock.advance(STEP_MS);
    }
    this.network.deliverAll();
  }

  /** Lets time pass until it holds. */
  until(holds: () => boolean, what: string, ms = 60_000): void {
    this.network.deliverAll();
    for (let passed = 0; !holds(); passed += STEP_MS) {
      if (passed > ms) throw new Error(`never happened: ${what}; ${this.describe()}`);
      this.run(STEP_MS);
    }
  }

  /** Asks for a change and waits until it is decided; throws where it is refused. */
  ask(name: string, body: OperationBody, ms = 60_000): void {
    const metadata = this.on(name);
    const node = this.node(name);
    const { id } = metadata.submit(body);
    const decided = (): MetadataEvent | undefined =>
      node.events.find((event) => event.type === 'decided' && event.id === id);
    this.until(() => decided() !== undefined, `${name}: ${body.kind} decided`, ms);
    const event = decided();
    if (event?.type === 'decided' && event.decided.type !== 'committed') {
      throw new Error(`${body.kind}: ${JSON.stringify(event.decided)}`);
    }
  }

  node(name: string): ClusterNode {
    const node = this.nodes.get(name);
    if (node === undefined) throw new Error(`no device ${name}`);
    return node;
  }

  /** The metadata layer of a device that is on. */
  on(name: string): Metadata {
    const { metadata } = this.node(name);
    if (metadata === null) throw new Error(`${name} is off`);
    return metadata;
  }

  /** Names of the devices that are on. */
  running(): readonly string[] {
    return [...this.nodes.values()].filter((node) => node.metadata !== null).map((node) => node.device.name);
  }

  /** The device that all others (that are on) take for the master; null while they differ. */
  master(): string | null {
    const masters = new Set(this.running().map((name) => this.on(name).view().master));
    const [only] = [...masters];
    if (masters.size !== 1 || only === undefined || only === null) return null;
    return [...this.nodes.values()].find((node) => node.device.id === only)?.device.name ?? null;
  }

  /** Waits for a master that all agree on. */
  elect(ms = 60_000): string {
    this.until(() => this.master() !== null, 'one master', ms);
    return this.master() ?? '';
  }

  /** The electorate of the device's log, by name. */
  weights(name: string): Readonly<Record<string, number>> {
    const names = new Map([...this.nodes.values()].map((node) => [node.device.id as string, node.device.name]));
    const { electorate } = this.on(name).view();
    return Object.fromEntries([...electorate].map(([id, weight]) => [names.get(id) ?? id.slice(0, 6), weight]).sort());
  }

  describe(): string {
    return this.running()
      .map((name) => {
        const { role, term, commitIndex, lastIndex, appliedIndex, master } = this.on(name).view();
        const waiting = this.on(name).waiting().length;
        const weights = JSON.stringify(this.weights(name));
        return `${name}: ${role} of ${master?.slice(0, 4)} term ${term} log ${appliedIndex}/${commitIndex}/${lastIndex} waiting ${waiting} ${weights}`;
      })
      .join(' · ');
  }
}
