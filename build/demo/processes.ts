/** The processes that a demonstration consists of, ended together with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';

const END_MS = 12_000;

/** Started processes, and a way to end them all. */
export interface ProcessGroup {
  /** Starts a program whose first line on stdout is JSON; its other output goes to `logFile`. */
  startReady<Ready>(command: string, args: readonly string[], logFile: string): Promise<Ready>;
  /** Starts a program that shows itself; its output goes to `logFile`. */
  start(command: string, args: readonly string[], logFile: string): void;
  /** From now on the other group's processes belong to this one. */
  adopt(other: ProcessGroup): void;
  /** Asks all to end in order, and resolves when they are gone; who does not follow is killed. */
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
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env;
  return {
    startReady: async (command, args, logFile) => {
      const child = spawn(command, args, { stdio: ['ignore', 'pipe', openSync(logFile, 'a')], env: environment });
      children.push(child);
      return JSON.parse(await firstLine(child, args.join(' ')));
    },
    start: (command, args, logFile) => {
      const log = openSync(logFile, 'a');
      children.push(spawn(command, args, { stdio: ['ignore', log, log], env: environment }));
    },
    adopt: (other) => {
      adopted.push(other);
    },
    stop: async () => {
      for (const other of adopted) await other.stop();
      await Promise.all(children.map(end));
    },
  };
};
