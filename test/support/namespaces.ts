import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { eventually } from './real-engine.ts';

/** A network namespace that is held open. */
export interface Namespace {
  readonly pid: number;
  /** Starts a program there. */
  readonly launcher: readonly string[];
  /** Runs a command there to its end. */
  run(...command: readonly string[]): void;
}

/** Network namespaces that the rest of this machine has no part in; where this is not the root user, such as any may make. */
export class Namespaces {
  readonly #holders: ChildProcess[] = [];

  /** A new one. All have one user namespace, so that wires can be laid between them. */
  async make(): Promise<Namespace> {
    const asRoot = process.getuid?.() === 0;
    const [first] = this.#holders;
    const launcher =
      first?.pid !== undefined
        ? [...enter(first.pid, asRoot), 'unshare', '-n']
        : asRoot
          ? ['unshare', '-n']
          : ['unshare', '-U', '-r', '-n'];
    const pid = await this.#hold(launcher);
    const run = (...command: readonly string[]): void => {
      const [program = '', ...rest] = [...enter(pid, asRoot), ...command];
      execFileSync(program, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
    };
    run('ip', 'link', 'set', 'lo', 'up');
    return { pid, launcher: enter(pid, asRoot), run };
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
    const others = new Set([own, ...this.#holders.slice(0, -1).map((other) => namespaceOf(other.pid ?? 0))]);
    await eventually('the namespace is there', async () => !others.has(namespaceOf(pid)));
    return pid;
  }
}

/** Lays a wire between two namespaces, up at both ends. */
export function wire(one: Namespace, name: string, other: Namespace, otherName: string): void {
  one.run('ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', otherName, 'netns', String(other.pid));
  one.run('ip', 'link', 'set', name, 'up');
  other.run('ip', 'link', 'set', otherName, 'up');
}

function enter(pid: number, asRoot: boolean): readonly string[] {
  return ['nsenter', '-t', String(pid), ...(asRoot ? [] : ['--preserve-credentials', '-U']), '-n'];
}

function namespaceOf(pid: number): string {
  return readlinkSync(`/proc/${pid}/ns/net`);
}
