import { type Namespace, Namespaces, wire } from './namespaces.ts';

/** One machine's network: a namespace with a single interface beside loopback. */
export interface NetworkSide {
  /** Starts a program there. */
  readonly launcher: readonly string[];
  /** Gives the interface this address, of a network of 256, and no other. */
  address(host: string): void;
}

/** Where the bootstrap node of `startRouted` can be reached from both sides, whatever their addresses. */
export const MIDDLE = '10.99.0.1';

/** Two machines' networks, that the rest of this machine has no part in. Needs `unshare`, `nsenter` and `ip`. */
export class TwoNetworks {
  readonly #namespaces = new Namespaces();

  /** Joined by a wire. */
  async start(): Promise<readonly [NetworkSide, NetworkSide]> {
    const here = await this.#namespaces.make();
    const there = await this.#namespaces.make();
    wire(here, 'wire', there, 'wire');
    return [side(here), side(there)];
  }

  /** Joined by a router between them, so that no multicast passes; the third is the router itself, at `MIDDLE`. */
  async startRouted(): Promise<readonly [NetworkSide, NetworkSide, Namespace]> {
    const here = await this.#namespaces.make();
    const there = await this.#namespaces.make();
    const middle = await this.#namespaces.make();
    wire(here, 'wire', middle, 'here');
    wire(there, 'wire', middle, 'there');
    middle.run('ip', 'address', 'add', `${MIDDLE}/32`, 'dev', 'lo');
    middle.run('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    return [routedSide(here, middle, 'here'), routedSide(there, middle, 'there'), middle];
  }

  end(): void {
    this.#namespaces.end();
  }
}

function side(machine: Namespace): NetworkSide {
  return { launcher: machine.launcher, address: (host) => setAddress(machine, 'wire', host) };
}

/** The router has the last address of whatever network the machine is in, and is its way out. */
function routedSide(machine: Namespace, middle: Namespace, link: string): NetworkSide {
  return {
    launcher: machine.launcher,
    address(host) {
      const router = host.replace(/\d+$/, '254');
      setAddress(middle, link, router);
      setAddress(machine, 'wire', host);
      machine.run('ip', 'route', 'add', 'default', 'via', router);
    },
  };
}

function setAddress(machine: Namespace, link: string, host: string): void {
  machine.run('ip', 'address', 'flush', 'dev', link);
  machine.run('ip', 'address', 'add', `${host}/24`, 'dev', link);
}
