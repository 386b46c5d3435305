import type NoiseSecretStream from '@hyperswarm/secret-stream';
import HyperDHT, { type DhtCallOptions } from 'hyperdht';
import Hyperswarm from 'hyperswarm';
import { MAX_DEVICES } from '../../../shared/limits.ts';
import { toHex } from '../bytes/hex.ts';
import type { KeyPair } from '../bytes/signature.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import { LanShortcut } from './lan-shortcut.ts';
import { within } from './within.ts';

/** How long leaving the DHT may take to tell the nodes that knew this one; with none reachable it would take ten seconds. */
export const LEAVE_DHT_MS = 1_000;

/** While no other node is known, the bootstrap nodes are asked again this often; the DHT itself would wait five minutes. */
const LOST_CHECK_MS = 2_000;

/** How this device takes part in the DHT. */
export interface DhtOptions {
  readonly clock: Clock;
  readonly keyPair: KeyPair;
  /** Addresses `host:port` of bootstrap nodes; null: HyperDHT's public ones. */
  readonly bootstrap: readonly string[] | null;
  /** The one address to bind to and send from; null: all. */
  readonly host: string | null;
  /** Whether a device with this key may connect. */
  readonly admits: (publicKey: Uint8Array) => boolean;
  readonly incoming: (stream: NoiseSecretStream) => void;
  /** Other nodes are known again: what was announced may have to be announced anew. */
  readonly joined: () => void;
}

/** Bootstrap nodes of the public DHT, `host:port`: used where none of one's own is named. The library adds their addresses. */
export const PUBLIC_BOOTSTRAP: readonly string[] = HyperDHT.BOOTSTRAP.map((node) => node.slice(node.indexOf('@') + 1));

/** Calls by Hyperswarm and by this program alike try the local network, and go without where that failed. */
class CallingDht extends HyperDHT {
  readonly #shortcut = new LanShortcut();

  override connect(publicKey: Buffer, options: DhtCallOptions = {}): NoiseSecretStream {
    const key = toHex(publicKey);
    const localConnection = this.#shortcut.isTried(key);
    const stream = super.connect(publicKey, { ...options, localConnection });
    if (localConnection) {
      stream.once('error', (error: Error & { readonly code?: string }) => {
        if (error.code === 'HOLEPUNCH_ABORTED') this.#shortcut.failed(key);
      });
    }
    return stream;
  }
}

/** A DHT node with the two settings that Hyperswarm does not pass on. */
export function createDht(bootstrap: readonly string[] | null, host: string | null): HyperDHT {
  return new CallingDht({
    ...(bootstrap === null ? {} : { bootstrap }),
    ...(host === null ? {} : { host }),
    // Links have a keep-alive of their own.
    connectionKeepAlive: false,
  });
}

/**
 * Hyperswarm on a DHT node of one's own: announces this device under its key, takes connections, and calls others by key.
 * This file and the pairing swarm are the only ones that know Hyperswarm.
 */
export class DhtNode {
  readonly dht: HyperDHT;
  readonly #clock: Clock;
  readonly #stopChecking: CancelTimer;
  readonly #joined: () => void;
  #lost = true;
  readonly #swarm: Hyperswarm;
  readonly #keyPair: { readonly publicKey: Buffer; readonly secretKey: Buffer };

  constructor(options: DhtOptions) {
    this.#clock = options.clock;
    this.#joined = options.joined;
    this.#keyPair = {
      publicKey: Buffer.from(options.keyPair.publicKey),
      secretKey: Buffer.from(options.keyPair.secretKey),
    };
    this.dht = createDht(options.bootstrap, options.host);
    this.#swarm = new Hyperswarm({
      dht: this.dht,
      keyPair: this.#keyPair,
      maxPeers: MAX_DEVICES * 4,
      maxParallel: 16,
      firewall: (publicKey) => !options.admits(publicKey),
    });
    // Whoever is refused today may be a member tomorrow, and strangers are not to be remembered.
    this.#swarm.on('ban', (peer: { readonly publicKey: Buffer; ban(banned: boolean): void }) => {
      peer.ban(false);
      this.#swarm.peers.delete(toHex(peer.publicKey));
    });
    this.#swarm.on('connection', (stream: NoiseSecretStream) => options.incoming(stream));
    // Without a reachable bootstrap node this fails, and the check goes on from there.
    this.#swarm.listen().catch(() => {});
    this.#stopChecking = options.clock.every(LOST_CHECK_MS, () => this.#check());
  }

  /** Calls the device with this key. */
  dial(publicKey: Uint8Array): NoiseSecretStream {
    const stream = this.dht.connect(Buffer.from(publicKey), { keyPair: this.#keyPair });
    stream.on('error', () => {});
    return stream;
  }

  /** Looks for nodes and announces anew, after the network has changed. */
  refresh(): void {
    this.dht.refresh();
    this.#swarm.server.refresh();
  }

  async close(): Promise<void> {
    this.#stopChecking();
    if (await within(this.#clock, LEAVE_DHT_MS, this.#swarm.destroy())) return;
    await within(this.#clock, LEAVE_DHT_MS, this.dht.destroy({ force: true }));
  }
  #check(): void {
    const lost = this.dht.toArray().length === 0;
    if (lost) this.dht.refresh();
    else if (this.#lost) {
      this.#swarm.server.refresh();
      this.#joined();
    }
    this.#lost = lost;
  }
}
