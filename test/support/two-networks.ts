import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { eventually } from './real-engine.ts';

/** One side of a wire: a network namespace with a single interface beside loopback. */
export interface NetworkSide {
  /** Starts a program there. */
  readonly launcher: readonly string[];
  /** Gives the interface this address and no other. */
  address(cidr: string): void;
}

/**
 * Two machines' networks, joined by a wire, that the rest of this machine has no part in. Needs `unshare`, `nsenter` and
 * `ip`; where this is not the root user, namespaces that any user may make.
 */
export class TwoNetworks {
  readonly #holders: ChildProcess[] = [];

  async start(): Promise<readonly [NetworkSide, NetworkSide]> {
    const asRoot = process.getuid?.() === 0;
    const enter = (pid: number): readonly string[] => [
      'nsenter',
      '-t',
      String(pid),
      ...(asRoot ? [] : ['--preserve-credentials', '-U']),
      '-n',
    ];
    const here = await this.#hold(asRoot ? ['unshare', '-n'] : ['unshare', '-U', '-r', '-n']);
    const there = await this.#hold([...enter(here), 'unshare', '-n']);
    run(enter(here), 'ip', 'link', 'add', 'wire', 'type', 'veth', 'peer', 'name', 'wire', 'netns', String(there));
    const side = (pid: number): NetworkSide => {
      run(enter(pid), 'ip', 'link', 'set', 'lo', 'up');
      run(enter(pid), 'ip', 'link', 'set', 'wire', 'up');
      return {
        launcher: enter(pid),
        address(cidr) {
          run(enter(pid), 'ip', 'address', 'flush', 'dev', 'wire');
          run(enter(pid), 'ip', 'address', 'add', cidr, 'dev', 'wire');
        },
      };
    };
    return [side(here), side(there)];
  }

  end(): void {
    for (const holder of this.#holders.splice(0)) holder.kill('SIGKILL');
  }

  /** A process that does nothing but keep a namespace open. */
  async #hold(launcher: readonly string[]): Promise<number> {
    const [program = '', ...rest] = [...launcher, 'sleep', '3600'];
    const holder = spawn(program, rest, { stdio: 'ignore' });
    this.#holders.push(holder);
    const pid = holder.pid ?? 0;
    const own = readlinkSync('/proc/self/ns/net');
    const others = new Set([own, ...this.#holders.slice(0, -1).map(({ pid }) => namespaceOf(pid ?? 0))]);
    await eventually('the namespace is there', async () => !others.has(namespaceOf(pid)));
    return pid;
  }
}

function namespaceOf(pid: number): string {
  return readlinkSync(`/proc/${pid}/ns/net`);
}

function run(launcher: readonly string[], ...command: readonly string[]): void {
  const [program = '', ...rest] = [...launcher, ...command];
  execFileSync(program, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
}
