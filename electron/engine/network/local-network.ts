import type NoiseSecretStream from '@hyperswarm/secret-stream';
import type { KeyPair } from '../bytes/signature.ts';
import type { Clock } from '../ports/clock.ts';
import { MulticastDirectory } from './discovery/multicast.ts';
import { dialMember, LanListener, type TcpPurpose } from './lan.ts';
import type { TcpAddress } from './tcp-address.ts';

/** What the local network needs to know and to tell. */
export interface LocalNetworkDeps {
  readonly clock: Clock;
  readonly keyPair: KeyPair;
  /** The key under which newcomers are received in this run. */
  readonly pairingKeyPair: KeyPair;
  /** The address to call from; null for any. */
  readonly from: string | null;
  /** Addresses to take connections on, as of now. */
  readonly hosts: () => readonly string[];
  /** Names to announce, as of now. */
  readonly instances: () => readonly string[];
  readonly found: (instance: string, addresses: readonly TcpAddress[]) => void;
  readonly incoming: (stream: NoiseSecretStream, purpose: TcpPurpose) => void;
  /** Multicast is not to be had. */
  readonly failed: () => void;
}

/** TCP and multicast on this machine's own addresses. */
export class LocalNetwork {
  readonly #deps: LocalNetworkDeps;
  readonly #listener: LanListener;
  readonly #multicast: MulticastDirectory;
  /** Connections that this side made. */
  readonly #dialled = new Set<NoiseSecretStream>();

  constructor(deps: LocalNetworkDeps) {
    this.#deps = deps;
    this.#listener = new LanListener(deps.clock, deps.keyPair, deps.pairingKeyPair, deps.incoming);
    this.#multicast = new MulticastDirectory({
      clock: deps.clock,
      addresses: () => this.#listener.addresses(),
      instances: deps.instances,
      found: ({ instance, addresses }) => deps.found(instance, addresses),
      failed: deps.failed,
    });
  }

  /** Where connections are taken now. */
  addresses(): readonly TcpAddress[] {
    return this.#listener.addresses();
  }

  async start(): Promise<void> {
    await this.#listener.listenOn(this.#deps.hosts());
    this.#multicast.start();
  }

  async stop(): Promise<void> {
    for (const stream of this.#dialled) stream.destroy();
    await Promise.all([this.#multicast.stop(), this.#listener.close()]);
  }

  /** The names to announce, or whom there is to find, are others now. */
  announce(): void {
    this.#multicast.changed();
  }

  /** The machine's addresses may be others now. */
  async rebind(): Promise<void> {
    const hosts = this.#deps.hosts();
    // What was bound to an address that has gone is dead; waiting for its silence would only take time.
    for (const stream of this.#dialled) {
      const from = stream.rawStream?.localAddress;
      if (from !== undefined && !hosts.includes(from)) stream.destroy();
    }
    await this.#listener.listenOn(hosts);
    this.#multicast.changed();
  }

  /** Calls a member. */
  dial(address: TcpAddress, remote: Uint8Array): NoiseSecretStream {
    const stream = dialMember(address, this.#deps.from, this.#deps.keyPair, remote);
    this.#dialled.add(stream);
    stream.once('close', () => this.#dialled.delete(stream));
    return stream;
  }
}
