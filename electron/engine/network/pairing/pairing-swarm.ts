import { EventEmitter } from 'node:events';
import type NoiseSecretStream from '@hyperswarm/secret-stream';
import type { PairingSwarmLike } from 'blind-pairing';
import type HyperDHT from 'hyperdht';
import Hyperswarm from 'hyperswarm';
import type { KeyPair } from '../../bytes/signature.ts';
import type { CancelTimer, Clock } from '../../ports/clock.ts';
import { LEAVE_DHT_MS } from '../dht-node.ts';
import { STRANGER_MS } from '../protocol.ts';
import { within } from '../within.ts';
import { noDht } from './no-dht.ts';

/** Connections at one time; strangers may come to a topic that they have heard of. */
const MAX_CONNECTIONS = 64;
/** What Hyperswarm listens to on a DHT node, and never stops to. */
const NODE_EVENTS = ['network-change', 'network-update'] as const;
/** While somebody is looked for on a topic it is looked up again this often; Hyperswarm itself waits ten minutes. */
const LOOK_AGAIN_MS = 2_000;

interface Discovery {
  readonly isServer: boolean;
  readonly isClient: boolean;
  flushed(): Promise<boolean>;
  destroy(): Promise<void>;
}

/**
 * The meeting place of newcomers and members: connections that Hyperswarm makes on the topics of invites and connections
 * that came over the local network, as one swarm. The keys on it are made for the run and tell nobody which device it is.
 */
export class PairingSwarm extends EventEmitter implements PairingSwarmLike {
  readonly keyPair: KeyPair;
  readonly connections = new Set<NoiseSecretStream>();
  readonly dht: unknown;
  readonly #clock: Clock;
  readonly #receives: boolean;
  readonly #dhtNode: HyperDHT | null;
  readonly #swarm: Hyperswarm | null;
  readonly #sessions = new Set<() => void>();
  /** Connections whose other side has shown nothing yet that a stranger could not, the oldest first. */
  readonly #strangers = new Set<NoiseSecretStream>();
  readonly #unlisten: () => void;
  #closed = false;

  /**
   * `dht` null: local network alone. The node stays the caller's. `receives`: who comes has to prove that it knows an
   * invite, or has to go again.
   */
  constructor(keyPair: KeyPair, dht: HyperDHT | null, clock: Clock, receives: boolean) {
    super();
    this.#receives = receives;
    this.keyPair = keyPair;
    this.#clock = clock;
    this.#dhtNode = dht;
    this.dht = dht ?? noDht;
    const heard = listenersOf(dht);
    this.#swarm = dht === null ? null : new Hyperswarm({ dht, keyPair: this.#noiseKeys(), maxParallel: 16 });
    const own = listenersOf(dht).filter(({ listener }) => !heard.some((other) => other.listener === listener));
    this.#unlisten = () => {
      for (const { event, listener } of own) dht?.off(event, listener);
    };
    this.#swarm?.on('connection', (stream: NoiseSecretStream) => this.#take(stream));
  }

  /** Takes in a connection of the local network; it may still be shaking hands. */
  async addLan(stream: NoiseSecretStream): Promise<void> {
    stream.on('error', () => {});
    if (!(await stream.opened) || this.#closed) {
      stream.destroy();
      return;
    }
    // blind-pairing prefers the nearest by a property that UDX streams have and TCP sockets do not.
    if (stream.rawStream !== null) Object.assign(stream.rawStream, { rtt: 0 });
    this.#take(stream);
  }

  /** A connection to whoever has this key: one that is there, or a new one over the DHT; null where neither can be. */
  async connectTo(publicKey: Uint8Array): Promise<NoiseSecretStream | null> {
    for (const stream of this.connections) {
      if (stream.remotePublicKey?.equals(publicKey) === true && !stream.destroying) return stream;
    }
    if (this.#dhtNode === null) return null;
    const stream = this.#dhtNode.connect(Buffer.from(publicKey), { keyPair: this.#noiseKeys() });
    stream.on('error', () => {});
    const cancel = this.#clock.after(10_000, () => stream.destroy());
    const opened = await stream.opened;
    cancel();
    if (!opened || this.#closed) {
      stream.destroy();
      return null;
    }
    this.#take(stream);
    return stream;
  }

  join(topic: Buffer, { server, client }: { readonly server: boolean; readonly client: boolean }): Discovery {
    const session = this.#swarm?.join(topic, { server, client });
    const refresh = (): void => {
      session?.refresh({ server, client }).catch(() => {});
    };
    this.#sessions.add(refresh);
    let stop: CancelTimer | null = null;
    if (client) {
      stop = this.#clock.every(LOOK_AGAIN_MS, () => {
        if (this.connections.size === 0) refresh();
      });
    }
    return {
      isServer: server,
      isClient: client,
      flushed: () => session?.flushed() ?? Promise.resolve(true),
      destroy: async () => {
        stop?.();
        this.#sessions.delete(refresh);
        await session?.destroy();
      },
    };
  }

  /** Announces and looks up all topics anew. */
  refresh(): void {
    for (const refresh of this.#sessions) refresh();
  }

  async flush(): Promise<unknown> {
    return this.#swarm?.flush();
  }

  /** Whoever has this key on its connections has proved to know an invite: it may stay as long as it likes. */
  prove(publicKey: Uint8Array): void {
    for (const stream of this.#strangers) {
      if (stream.remotePublicKey?.equals(publicKey) === true) this.#strangers.delete(stream);
    }
  }

  /** Ends all connections and leaves all topics; the DHT node goes on. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const stream of this.connections) stream.destroy();
    const swarm = this.#swarm;
    if (swarm === null) return;
    await within(
      this.#clock,
      LEAVE_DHT_MS,
      swarm.clear().then(() => {
        // Destroying a swarm would take the node along, which is not its own.
        swarm.dht = { destroy: async () => undefined };
        return swarm.destroy();
      }),
    );
    this.#unlisten();
  }

  #take(stream: NoiseSecretStream): void {
    stream.on('error', () => {});
    if (this.connections.size >= MAX_CONNECTIONS) this.#sendAwayOldest();
    if (this.#closed || this.connections.size >= MAX_CONNECTIONS) {
      stream.destroy();
      return;
    }
    this.connections.add(stream);
    if (this.#receives) this.#strange(stream);
    stream.once('close', () => this.connections.delete(stream));
    this.emit('connection', stream);
  }

  #sendAwayOldest(): void {
    const [oldest] = this.#strangers;
    if (oldest === undefined) return;
    this.#strangers.delete(oldest);
    this.connections.delete(oldest);
    oldest.destroy();
  }

  #strange(stream: NoiseSecretStream): void {
    this.#strangers.add(stream);
    const cancel = this.#clock.after(STRANGER_MS, () => {
      if (this.#strangers.has(stream)) stream.destroy();
    });
    stream.once('close', () => {
      cancel();
      this.#strangers.delete(stream);
    });
  }

  #noiseKeys(): { readonly publicKey: Buffer; readonly secretKey: Buffer } {
    return { publicKey: Buffer.from(this.keyPair.publicKey), secretKey: Buffer.from(this.keyPair.secretKey) };
  }
}

function listenersOf(dht: HyperDHT | null) {
  if (dht === null) return [];
  return NODE_EVENTS.flatMap((event) =>
    dht.listeners(event).map((listener) => ({ event, listener: listener as () => void })),
  );
}
