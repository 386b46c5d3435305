import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Connection, connect } from '../../electron/cli/connect.ts';
import type { ContractClient } from '../../shared/contract/contract.ts';

const CLI = resolve(__dirname, '../../dist/cli.mjs');

/** How an engine is started, where that is not the usual way. */
export interface Surroundings {
  /** A command that starts the engine's: for other rights, another network, other mounts. */
  readonly launcher?: readonly string[];
  /** What it binds to; null: what it chooses by itself. */
  readonly listen?: string | null;
  /** Its home, where that is another's. */
  readonly home?: string;
}

/** What a command of the command line came to. */
export interface CommandResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process started from the bundled command line whose first line on the standard output says that it is ready. */
class ReadyProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  stderr = '';

  constructor(args: readonly string[], launcher: readonly string[] = []) {
    const [program = '', ...rest] = [...launcher, process.execPath, CLI, ...args];
    this.child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = once(this.child, 'exit').then(([code]) => code as number | null);
    this.child.stderr?.on('data', (piece: Buffer) => {
      this.stderr = (this.stderr + piece.toString()).slice(-20_000);
    });
  }

  async firstLine(): Promise<Record<string, unknown>> {
    const lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    const line = await Promise.race([
      once(lines, 'line').then(([text]) => text as string),
      this.exited.then((code) => Promise.reject(new Error(`ended with ${code} before it was ready: ${this.stderr}`))),
    ]);
    return JSON.parse(line) as Record<string, unknown>;
  }
}

/** Runs one command of the command line to its end. */
export function runCli(args: readonly string[], input = ''): Promise<CommandResult> {
  return new Promise((done) => {
    const child = execFile(
      process.execPath,
      [CLI, ...args],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        const exit = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        done({ exit, stdout, stderr });
      },
    );
    child.stdin?.end(input);
  });
}

/** Where the processes of one test live: homes, folders and a bootstrap node, all removed at its end. */
export class Playground {
  readonly directory = mkdtempSync(join(tmpdir(), 'flotilla-test-'));
  readonly #engines: RealEngine[] = [];
  readonly #nodes: ReadyProcess[] = [];

  /** A directory or file inside the playground. */
  path(...parts: readonly string[]): string {
    return join(this.directory, ...parts);
  }

  /** A DHT bootstrap node, on loopback or where the launcher starts it: its address. */
  async bootstrap(host = '127.0.0.1', launcher: readonly string[] = []): Promise<string> {
    const node = new ReadyProcess(['bootstrap', '--host', host, '--json'], launcher);
    this.#nodes.push(node);
    return String((await node.firstLine()).address);
  }

  /** An engine with a home of its own, not started. */
  engine(name: string, options: readonly string[], surroundings: Surroundings = {}): RealEngine {
    const engine = new RealEngine(name, surroundings.home ?? this.path(`home-${name}`), options, surroundings);
    this.#engines.push(engine);
    return engine;
  }

  async end(): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine.kill()));
    for (const node of this.#nodes) node.child.kill('SIGKILL');
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** What an engine says of itself, as the command of that name prints it. */
const STATES = {
  conflicts: ({ conflicts }: ContractClient) => conflicts.list({ folder: null }),
  devices: ({ devices }: ContractClient) => devices.list(),
  folders: ({ folders }: ContractClient) => folders.list(),
  master: ({ master }: ContractClient) => master.status(),
  status: ({ engine }: ContractClient) => engine.status(),
  waiting: ({ waiting }: ContractClient) => waiting.list(),
} as const;

/** One device: an engine process and the commands it is driven by. */
export class RealEngine {
  readonly name: string;
  readonly home: string;
  readonly #options: readonly string[];
  readonly #surroundings: Surroundings;
  #process: ReadyProcess | null = null;
  #connection: Connection | null = null;
  device = '';
  /** Address of the page with its token; null where none is served. */
  web: string | null = null;

  constructor(name: string, home: string, options: readonly string[], surroundings: Surroundings = {}) {
    this.name = name;
    this.home = home;
    this.#options = options;
    this.#surroundings = surroundings;
  }

  async start(...more: readonly string[]): Promise<this> {
    const { launcher, listen = '127.0.0.1' } = this.#surroundings;
    const bound = listen === null ? [] : ['--listen', listen];
    const args = ['start', '--home', this.home, '--json', '--name', this.name, ...bound];
    this.#process = new ReadyProcess([...args, ...this.#options, ...more], launcher);
    const ready = await this.#process.firstLine();
    this.device = String(ready.device);
    this.web = (ready.web as string | null) ?? null;
    return this;
  }

  get pid(): number {
    return this.#process?.child.pid ?? 0;
  }

  get stderr(): string {
    return this.#process?.stderr ?? '';
  }

  signal(name: NodeJS.Signals): void {
    this.#process?.child.kill(name);
  }

  /** kill -9, and waits until the process is gone. */
  async kill(): Promise<void> {
    const running = this.#process;
    if (running === null) return;
    running.child.kill('SIGCONT');
    running.child.kill('SIGKILL');
    await running.exited;
    this.#forget();
  }

  /** An orderly end; the exit code. */
  async quit(): Promise<number | null> {
    const running = this.#process;
    running?.child.kill('SIGTERM');
    const code = (await running?.exited) ?? null;
    this.#forget();
    return code;
  }

  #forget(): void {
    this.#process = null;
    this.#connection?.close();
    this.#connection = null;
  }

  /** A connection that stays open while the engine runs: a state that is waited for takes no process for each look. */
  async client(): Promise<ContractClient> {
    if (this.#connection === null) {
      const connection = await connect(this.home);
      this.#connection = connection;
      void connection.closed.then(() => {
        if (this.#connection === connection) this.#connection = null;
      });
    }
    return this.#connection.client;
  }

  /** What the engine says of itself now. */
  async state<Name extends keyof typeof STATES>(name: Name): Promise<Awaited<ReturnType<(typeof STATES)[Name]>>> {
    const ask = STATES[name] as (client: ContractClient) => ReturnType<(typeof STATES)[Name]>;
    return (await ask(await this.client())) as Awaited<ReturnType<(typeof STATES)[Name]>>;
  }

  /** Runs a command under `--json`, whatever it comes to. */
  async attempt(args: readonly string[], input = ''): Promise<CommandResult> {
    const [command = '', ...rest] = args;
    return await runCli([command, ...rest, '--home', this.home, '--json'], input);
  }

  /** Runs a command that must succeed, and gives its JSON. */
  async run<T = Record<string, unknown>>(...args: readonly string[]): Promise<T> {
    const result = await this.attempt(args);
    if (result.exit !== 0)
      throw new Error(`${this.name}: ${args.join(' ')}: ${result.stdout}${result.stderr}${this.stderr}`);
    return JSON.parse(result.stdout) as T;
  }

  /** Runs a command that must be refused, and gives the error's code. */
  async refused(...args: readonly string[]): Promise<string> {
    const result = await this.attempt(args);
    if (result.exit === 0) throw new Error(`${this.name}: ${args.join(' ')} was not refused: ${result.stdout}`);
    return (JSON.parse(result.stdout) as { error: { code: string } }).error.code;
  }

  /** Joins with an invite that the other device makes now and that admits by itself. */
  async joinVia(inviter: RealEngine, role: 'admin' | 'member' = 'admin'): Promise<void> {
    const invite = await inviter.run<{ code: string }>('invite', '--approve', 'auto', '--role', role);
    const joined = await this.attempt(['join', '-', '--wait', '30'], invite.code);
    if (joined.exit !== 0) throw new Error(`${this.name} could not join: ${joined.stdout}${joined.stderr}`);
  }
}

/** Asks until the answer is right: for states that another process reaches in its own time. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false>,
  limitMs = 30_000,
): Promise<T> {
  const started = performance.now();
  let last: unknown = null;
  while (performance.now() - started < limitMs) {
    try {
      const answer = await ask();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: not within ${limitMs} ms${last === null ? '' : ` (${String(last)})`}`);
}
