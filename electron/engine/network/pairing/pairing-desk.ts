import type NoiseSecretStream from '@hyperswarm/secret-stream';
import type HyperDHT from 'hyperdht';
import { type KeyPair, keyPairFromSeed } from '../../bytes/signature.ts';
import type { CancelTimer, Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import { createDht, LEAVE_DHT_MS } from '../dht-node.ts';
import { hourOf, hoursAround, pairingInstance } from '../discovery/instance-name.ts';
import { dialForPairing } from '../lan.ts';
import { addressKey, type TcpAddress } from '../tcp-address.ts';
import { within } from '../within.ts';
import { inviteKeys } from './invite-keys.ts';
import { Joiner } from './joiner.ts';
import { PairingSwarm } from './pairing-swarm.ts';
import { type JoinAsk, PairingReceiver, type PublicInvite } from './receiver.ts';

/** How often the local network is asked for a member while none was found. */
const ASK_AROUND_MS = 3_000;

/** What an invite code says about how to join. */
export interface JoinCode {
  readonly secret: Uint8Array;
  /** The group's own bootstrap nodes; empty: this device's. */
  readonly bootstrap: readonly string[];
}

/** A newcomer's conversation with whichever members can be found. */
export interface JoinSession {
  /** Whether a member is being talked to; false while one is looked for. */
  readonly connected: boolean;
  /**
   * Asks a member, any, and waits as long as it takes: until an answer, a denial (rejects with the `FlotillaError` of its
   * code) or `close` (rejects with `cancelled`). A question may reach more than one member.
   */
  ask(bytes: Uint8Array): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Receiving newcomers, and being one. */
export interface Pairing {
  /** Newcomers are received for these invites from now on: those that are open, and for a while those that were. */
  setInvites(invites: readonly PublicInvite[]): void;
  /** Whatever holders of invites ask. The same may be asked again, and of several members. */
  onAsk(handler: (ask: JoinAsk) => void): () => void;
  join(code: JoinCode): JoinSession;
}

/** What the desk needs of the network. */
export interface PairingDeskDeps {
  readonly clock: Clock;
  readonly random: Random;
  /** The key under which newcomers are received in this run. */
  readonly keyPair: KeyPair;
  readonly listen: string | null;
  readonly lan: boolean;
  /** The network's DHT node, null where the DHT is not used. */
  readonly dht: () => HyperDHT | null;
  readonly bootstrap: () => readonly string[] | null;
  /** What is announced on the local network, or looked for there, is something else now. */
  readonly announced: () => void;
}

interface RunningJoin {
  readonly joiner: Joiner;
  readonly swarm: PairingSwarm;
  readonly ownDht: HyperDHT | null;
  readonly calling: Set<string>;
  readonly stopAsking: CancelTimer;
}

/** Brings together what pairs: the DHT, the local network, the invites of the group and codes of other groups. */
export class PairingDesk implements Pairing {
  readonly #deps: PairingDeskDeps;
  readonly #handlers = new Set<(ask: JoinAsk) => void>();
  readonly #joins = new Set<RunningJoin>();
  #invites: readonly PublicInvite[] = [];
  #receiving: { readonly receiver: PairingReceiver; readonly swarm: PairingSwarm } | null = null;
  #started = false;

  constructor(deps: PairingDeskDeps) {
    this.#deps = deps;
  }

  /** Call once the network's DHT node is there. */
  start(): void {
    this.#started = true;
    this.#receive();
  }

  /** Ends receiving and, with `joins`, all joining too. */
  async stop(joins: boolean): Promise<void> {
    this.#started = false;
    const closing: Promise<void>[] = [];
    if (joins) for (const join of [...this.#joins]) closing.push(this.#endJoin(join));
    const receiving = this.#receiving;
    this.#receiving = null;
    if (receiving !== null) {
      const { clock } = this.#deps;
      closing.push(within(clock, LEAVE_DHT_MS, receiving.receiver.close()).then(() => receiving.swarm.close()));
    }
    await Promise.all(closing);
  }

  setInvites(invites: readonly PublicInvite[]): void {
    const before = new Set(this.#invites.map(({ id }) => id));
    this.#invites = invites;
    if (before.size === invites.length && invites.every(({ id }) => before.has(id))) return;
    this.#receive();
  }

  onAsk(handler: (ask: JoinAsk) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  join(code: JoinCode): JoinSession {
    const { clock, random, lan, listen } = this.#deps;
    const ownDht = this.#needsOwnDht(code.bootstrap) ? createDht(code.bootstrap, listen) : null;
    const swarm = new PairingSwarm(keyPairFromSeed(random.bytes(32)), ownDht ?? this.#deps.dht(), clock, false);
    const joiner = new Joiner(swarm, inviteKeys(code.secret), clock);
    const askAround = (): void => {
      if (lan && !joiner.connected) this.#deps.announced();
    };
    const join: RunningJoin = {
      joiner,
      swarm,
      ownDht,
      calling: new Set(),
      stopAsking: clock.every(ASK_AROUND_MS, askAround),
    };
    this.#joins.add(join);
    askAround();
    return {
      get connected() {
        return joiner.connected;
      },
      ask: (bytes) => joiner.ask(bytes),
      close: () => this.#endJoin(join),
    };
  }

  /** The network is another one, or back: announces and looks anew. */
  refresh(): void {
    this.#receiving?.swarm.refresh();
    for (const { swarm } of this.#joins) swarm.refresh();
  }

  /** Names under which newcomers find this device on the local network this hour. */
  instances(): readonly string[] {
    const hour = hourOf(this.#deps.clock.now());
    const topics = this.#receiving?.receiver.topics() ?? [];
    return topics.map(({ discoveryKey }) => pairingInstance(discoveryKey, hour));
  }

  /** Somebody announced that name on the local network. */
  found(instance: string, addresses: readonly TcpAddress[]): void {
    const hours = hoursAround(this.#deps.clock.now());
    for (const join of this.#joins) {
      const { discoveryKey } = join.joiner.topic;
      if (!hours.some((hour) => pairingInstance(discoveryKey, hour) === instance)) continue;
      for (const address of addresses) this.#call(join, address);
    }
  }

  /** A newcomer called over the local network. */
  incoming(stream: NoiseSecretStream): void {
    if (this.#receiving === null) stream.destroy();
    else void this.#receiving.swarm.addLan(stream);
  }

  #needsOwnDht(bootstrap: readonly string[]): boolean {
    if (bootstrap.length === 0 || this.#deps.dht() === null) return false;
    return [...(this.#deps.bootstrap() ?? [])].sort().join() !== [...bootstrap].sort().join();
  }

  #receive(): void {
    if (!this.#started) return;
    if (this.#receiving === null) {
      if (this.#invites.length === 0) return;
      const { clock, dht, keyPair } = this.#deps;
      const swarm = new PairingSwarm(keyPair, dht(), clock, true);
      const receiver = new PairingReceiver(swarm, (ask) => {
        for (const handler of [...this.#handlers]) handler(ask);
      });
      this.#receiving = { receiver, swarm };
    }
    void this.#receiving.receiver.setInvites(this.#invites);
    this.#deps.announced();
  }

  #call(join: RunningJoin, address: TcpAddress): void {
    const key = addressKey(address);
    if (join.calling.has(key)) return;
    join.calling.add(key);
    const stream = dialForPairing(address, this.#deps.listen, join.swarm.keyPair);
    stream.once('close', () => join.calling.delete(key));
    void join.swarm.addLan(stream);
  }

  async #endJoin(join: RunningJoin): Promise<void> {
    if (!this.#joins.delete(join)) return;
    join.stopAsking();
    await within(this.#deps.clock, LEAVE_DHT_MS, join.joiner.close());
    await join.swarm.close();
    await join.ownDht?.destroy({ force: true });
  }
}
