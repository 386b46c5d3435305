/** Engines of this checkout as processes, driven by the command line. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** The built command line; `FLOTILLA_CLI` names another build. */
export const CLI = process.env.FLOTILLA_CLI ?? resolve(import.meta.dirname ?? __dirname, '../../dist/cli.mjs');

/** An engine that runs. */
export interface Engine {
  readonly name: string;
  readonly home: string;
  readonly accepted: string;
  readonly id: string;
  readonly process: ChildProcess;
  /** Runs a command against it and gives its JSON. */
  run(args: readonly string[], input?: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts an engine that uses loopback alone and accepts folders into `accepted`. */
export async function startEngine(root: string, name: string): Promise<Engine> {
  const home = join(root, name, 'home');
  const accepted = join(root, name, 'folders');
  mkdirSync(home, { recursive: true });
  mkdirSync(accepted, { recursive: true });
  const args = ['start', '--home', home, '--json', '--name', name, '--listen', '127.0.0.1', '--no-dht'];
  // `BENCH_NODE_ARGS="--cpu-prof --cpu-prof-dir=/somewhere"` shows where the time goes.
  const nodeArgs = process.env.BENCH_NODE_ARGS?.split(' ') ?? [];
  const child = spawn(process.execPath, [...nodeArgs, CLI, ...args, '--accept', accepted], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Whatever goes wrong, nothing is left running.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([once(lines, 'line'), once(child, 'exit')]);
  const ready = JSON.parse(String(line[0])) as { ready?: boolean; device: string };
  if (ready.ready !== true) throw new Error(`the engine ${name} did not start`);
  return {
    name,
    home,
    accepted,
    id: ready.device,
    process: child,
    run: (command, input) => runCommand(home, command, input),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function runCommand(home: string, args: readonly string[], input = ''): Promise<unknown> {
  return new Promise((done, fail) => {
    const child = execFile(
      process.execPath,
      [CLI, ...args, '--home', home, '--json'],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => {
        if (error !== null) fail(new Error(`${args.join(' ')}: ${stdout.trim() || error.message}`));
        else done(JSON.parse(stdout));
      },
    );
    child.stdin?.end(input);
  });
}

/** Engines in one group, all admins. The first one made it. */
export async function startGroup(root: string, names: readonly string[]): Promise<Engine[]> {
  const engines: Engine[] = [];
  for (const name of names) {
    const engine = await startEngine(root, name);
    const [first] = engines;
    if (first === undefined) await engine.run(['create-group', 'Benchmark']);
    else {
      const { code } = (await first.run(['invite', '--approve', 'auto', '--role', 'admin'])) as { code: string };
      await engine.run(['join', '-', '--wait', '60'], `${code}\n`);
    }
    engines.push(engine);
  }
  return engines;
}

/** Asks again until the answer will do. */
export async function poll<T>(ask: () => Promise<T>, good: (value: T) => boolean, patienceMs = 60_000): Promise<T> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const value = await ask();
    if (good(value)) return value;
    if (performance.now() > end) throw new Error(`still ${JSON.stringify(value)}`);
    await new Promise((next) => setTimeout(next, 20));
  }
}
