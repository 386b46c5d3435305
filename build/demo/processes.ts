/** The processes that a demonstration consists of, ended together with it. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { openSync } from 'node:fs';

const END_MS = 12_000;

/** Started processes, and a way to end them all. */
export interface ProcessGroup {
  /**
   * Starts a program whose first line on stdout is JSON, and gives that; its other output goes to `logFile`. Rejects
   * where the line does not say that it is ready, with what it says instead.
   */
  startReady<Ready extends object>(command: string, args: readonly string[], logFile: string): Promise<Ready>;
  /** Starts a program that shows itself; its output goes to `logFile`. */
  start(command: string, args: readonly string[], logFile: string): void;
  /** From now on the other group's processes belong to this one. */
  adopt(other: ProcessGroup): void;
  /** As `kill -9` of all that this group started. */
  kill(): void;
  /** Asks all to end in order, and resolves when they are gone; who does not follow is killed. None is started any more. */
  stop(): Promise<void>;
}

const firstLine = (child: ChildProcess, name: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
    });
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`${name} ended with ${code}: ${text}`)));
  });

interface FirstWord {
  readonly ready?: boolean;
  readonly error?: { readonly message: string };
}

const end = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const limit = setTimeout(() => child.kill('SIGKILL'), END_MS);
    child.once('close', () => {
      clearTimeout(limit);
      resolve();
    });
    child.kill('SIGTERM');
  });

/** A group without processes. */
export const createProcessGroup = (): ProcessGroup => {
  const children: ChildProcess[] = [];
  const adopted: ProcessGroup[] = [];
  let over = false;
  const begin = (command: string, args: readonly string[], options: SpawnOptions): ChildProcess => {
    if (over) throw new Error(`${args.join(' ')} is not started any more`);
    const child = spawn(command, args, options);
    children.push(child);
    return child;
  };
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env;
  return {
    startReady: async <Ready extends object>(command: string, args: readonly string[], logFile: string) => {
      const child = begin(command, args, { stdio: ['ignore', 'pipe', openSync(logFile, 'a')], env: environment });
      const name = args.join(' ');
      const word: FirstWord & Ready = JSON.parse(await firstLine(child, name));
      if (word.ready !== true) throw new Error(word.error?.message ?? `${name} did not say that it is ready`);
      return word;
    },
    start: (command, args, logFile) => {
      const log = openSync(logFile, 'a');
      begin(command, args, { stdio: ['ignore', log, log], env: environment });
    },
    adopt: (other) => {
      if (over) throw new Error('this group of processes has ended');
      adopted.push(other);
    },
    kill: () => {
      for (const child of children) child.kill('SIGKILL');
    },
    stop: async () => {
      over = true;
      for (const other of adopted) await other.stop();
      await Promise.all(children.map(end));
    },
  };
};
