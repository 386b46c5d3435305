import { connect, createServer, type Server, type Socket } from 'node:net';
import NoiseSecretStream from '@hyperswarm/secret-stream';
import type { KeyPair } from '../bytes/signature.ts';
import type { Clock } from '../ports/clock.ts';
import { GREETING_TIMEOUT_MS, MAX_UNGREETED_CONNECTIONS, TCP_PRELUDE } from './protocol.ts';
import type { TcpAddress } from './tcp-address.ts';

/** What a caller on TCP wants. */
export type TcpPurpose = keyof typeof TCP_PRELUDE;

/** Takes TCP connections on a changing set of addresses, tells what each wants, and speaks Noise on them. */
export class LanListener {
  readonly #clock: Clock;
  readonly #keyPair: KeyPair;
  readonly #pairingKeyPair: KeyPair;
  readonly #incoming: (stream: NoiseSecretStream, purpose: TcpPurpose) => void;
  readonly #servers = new Map<string, { readonly server: Server; port: number | null }>();
  readonly #fresh = new Set<Socket>();
  readonly #open = new Set<Socket>();
  #port = 0;
  #closed = false;

  /** `pairingKeyPair`: the key of this run under which newcomers are received. */
  constructor(
    clock: Clock,
    keyPair: KeyPair,
    pairingKeyPair: KeyPair,
    incoming: (stream: NoiseSecretStream, purpose: TcpPurpose) => void,
  ) {
    this.#clock = clock;
    this.#keyPair = keyPair;
    this.#pairingKeyPair = pairingKeyPair;
    this.#incoming = incoming;
  }

  /** Where connections are taken now. */
  addresses(): readonly TcpAddress[] {
    const addresses: TcpAddress[] = [];
    for (const [host, { port }] of this.#servers) if (port !== null) addresses.push({ host, port });
    return addresses;
  }

  /** Listens on these addresses and no others; on one port everywhere, where that is free. */
  async listenOn(hosts: readonly string[]): Promise<void> {
    for (const [host, { server }] of this.#servers) {
      if (hosts.includes(host)) continue;
      server.close();
      this.#servers.delete(host);
      for (const socket of this.#open) if (socket.localAddress === host) socket.destroy();
    }
    for (const host of hosts) if (!this.#servers.has(host)) await this.#listen(host);
  }

  /** Stops listening and ends every connection that was taken. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const socket of this.#open) socket.destroy();
    const servers = [...this.#servers.values()];
    this.#servers.clear();
    await Promise.all(servers.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  }

  async #listen(host: string): Promise<void> {
    const server = createServer((socket) => this.#onSocket(socket));
    const entry = { server, port: null as number | null };
    this.#servers.set(host, entry);
    const port = (await tryListen(server, host, this.#port)) ?? (await tryListen(server, host, 0));
    if (port === null || this.#closed) {
      // The address has gone between looking and binding; the next look brings it again if it comes back.
      server.close();
      if (this.#servers.get(host) === entry) this.#servers.delete(host);
      return;
    }
    entry.port = port;
    this.#port = port;
    server.on('error', () => {});
  }

  #onSocket(socket: Socket): void {
    socket.on('error', () => {});
    if (this.#fresh.size >= MAX_UNGREETED_CONNECTIONS) {
      socket.destroy();
      return;
    }
    this.#open.add(socket);
    this.#fresh.add(socket);
    socket.setNoDelay(true);
    // In all, not since the last byte: else a byte a second would hold the place for ever.
    const cancel = this.#clock.after(GREETING_TIMEOUT_MS, () => {
      if (this.#fresh.has(socket)) socket.destroy();
    });
    socket.once('close', () => {
      cancel();
      this.#open.delete(socket);
      this.#fresh.delete(socket);
    });
    const readPrelude = (): void => {
      const byte = socket.read(1) as Buffer | null;
      if (byte === null) return;
      socket.removeListener('readable', readPrelude);
      this.#start(socket, byte[0]);
    };
    socket.on('readable', readPrelude);
  }

  #start(socket: Socket, prelude: number | undefined): void {
    const member = prelude === TCP_PRELUDE.member;
    if (!member && prelude !== TCP_PRELUDE.pairing) {
      socket.destroy();
      return;
    }
    const stream = member
      ? new NoiseSecretStream(false, socket, { pattern: 'IK', keyPair: noiseKeys(this.#keyPair) })
      : new NoiseSecretStream(false, socket, { keyPair: noiseKeys(this.#pairingKeyPair) });
    stream.on('error', () => {});
    void stream.opened.then((opened) => {
      this.#fresh.delete(socket);
      if (!opened) return;
      this.#incoming(stream, member ? 'member' : 'pairing');
    });
  }
}

/** Calls a member whose key is known. `from`: the local address to call from, null for any. */
export function dialMember(
  address: TcpAddress,
  from: string | null,
  keyPair: KeyPair,
  remote: Uint8Array,
): NoiseSecretStream {
  const socket = dial(address, from, 'member');
  return new NoiseSecretStream(true, socket, {
    pattern: 'IK',
    keyPair: noiseKeys(keyPair),
    remotePublicKey: Buffer.from(remote),
  });
}

/** Calls somebody who announced to receive newcomers, with a key made for the moment. */
export function dialForPairing(address: TcpAddress, from: string | null, keyPair: KeyPair): NoiseSecretStream {
  return new NoiseSecretStream(true, dial(address, from, 'pairing'), { keyPair: noiseKeys(keyPair) });
}

function dial(address: TcpAddress, from: string | null, purpose: TcpPurpose): Socket {
  const socket = connect({
    host: address.host,
    port: address.port,
    ...(from === null ? {} : { localAddress: from }),
  });
  socket.on('error', () => {});
  socket.setNoDelay(true);
  socket.write(Buffer.of(TCP_PRELUDE[purpose]));
  return socket;
}

function noiseKeys(keyPair: KeyPair): { readonly publicKey: Buffer; readonly secretKey: Buffer } {
  return { publicKey: Buffer.from(keyPair.publicKey), secretKey: Buffer.from(keyPair.secretKey) };
}

function tryListen(server: Server, host: string, port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const failed = (): void => {
      server.removeListener('listening', listening);
      resolve(null);
    };
    const listening = (): void => {
      server.removeListener('error', failed);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : null);
    };
    server.once('error', failed);
    server.once('listening', listening);
    server.listen({ host, port });
  });
}
