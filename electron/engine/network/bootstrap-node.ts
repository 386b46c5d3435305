import { createSocket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import HyperDHT from 'hyperdht';
import { failure } from '../../../shared/errors.ts';

/** Where a bootstrap node is to listen. */
export interface BootstrapOptions {
  /** The IPv4 address under which devices reach it. */
  readonly host: string;
  /** UDP port; 0 for any free one. */
  readonly port: number;
}

/**
 * Nodes that run beside it. A device has to be seen by several before it knows whether it can be called, and calls
 * across a router fail with fewer than four in all.
 */
const COMPANIONS = 4;

/** A running bootstrap node. */
export interface BootstrapNode {
  /** `host:port`, as `--bootstrap` takes it. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Runs a DHT bootstrap node, for networks without internet. Throws `address-not-usable` for a host that is no IPv4 address
 * of this machine, `address-in-use` for a taken port.
 */
export async function startBootstrap({ host, port }: BootstrapOptions): Promise<BootstrapNode> {
  if (!isIPv4(host) || host === '0.0.0.0') {
    throw failure('address-not-usable', `A bootstrap node needs an IPv4 address that devices can reach, not ${host}`);
  }
  const free = await probePort(host, port);
  const first = HyperDHT.bootstrapper(free, host, { host });
  const nodes = [first];
  const close = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.destroy({ force: true })));
  };
  const address = `${host}:${free}`;
  try {
    await first.fullyBootstrapped();
    while (nodes.length <= COMPANIONS) {
      const companion = new HyperDHT({ bootstrap: [address], host, ephemeral: false, firewalled: false });
      nodes.push(companion);
      await companion.fullyBootstrapped();
    }
  } catch (cause) {
    await close();
    throw failure('address-not-usable', `No bootstrap node can run on ${address}`, cause);
  }
  return { address, close };
}

/** Binds and frees the port, so that a taken one shows before the node starts; resolves to its number. */
function probePort(host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close();
      const taken = error.code === 'EADDRINUSE';
      reject(failure(taken ? 'address-in-use' : 'address-not-usable', `${host}:${port}: ${error.message}`, error));
    });
    socket.bind(port, host, () => {
      const bound = socket.address().port;
      socket.close(() => resolve(bound));
    });
  });
}
