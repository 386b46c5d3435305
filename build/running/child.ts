/** Running other programs from the build scripts: never silent for long, and never left behind. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

/** A line is printed when a program was silent for this long. */
const SILENCE_MS = 3_000;

interface ShownOptions extends SpawnOptions {
  /** Gets every line that the program prints on stdout or stderr. */
  readonly onLine?: (line: string) => void;
}

/** Runs a program and shows its output; resolves to its exit code (1 if a signal ended it). */
export const runShown = (
  label: string,
  command: string,
  args: readonly string[],
  options: ShownOptions = {},
): Promise<number> =>
  new Promise((resolve, reject) => {
    const { onLine, ...spawnOptions } = options;
    const started = Date.now();
    const child = spawn(command, args, { ...spawnOptions, stdio: ['ignore', 'pipe', 'pipe'] });
    let lastOutput = Date.now();
    const show = (source: NodeJS.ReadableStream, target: NodeJS.WriteStream): void => {
      let rest = '';
      source.on('data', (chunk: Buffer) => {
        lastOutput = Date.now();
        target.write(chunk);
        if (onLine === undefined) return;
        const lines = (rest + chunk.toString('utf8')).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) onLine(line);
      });
    };
    show(child.stdout as NodeJS.ReadableStream, process.stdout);
    show(child.stderr as NodeJS.ReadableStream, process.stderr);
    const heartbeat = setInterval(() => {
      if (Date.now() - lastOutput < SILENCE_MS) return;
      lastOutput = Date.now();
      console.log(`  ${label}: ${Math.round((Date.now() - started) / 1000)} s`);
    }, 1_000);
    const forget = endWithParent(child);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(heartbeat);
      forget();
      resolve(code ?? 1);
    });
  });

/** Passes this process's end on to a child. Returns a function that stops doing so. */
export const endWithParent = (child: ChildProcess): (() => void) => {
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  process.on('SIGINT', forward);
  process.on('SIGTERM', forward);
  process.on('SIGHUP', forward);
  return () => {
    process.off('SIGINT', forward);
    process.off('SIGTERM', forward);
    process.off('SIGHUP', forward);
  };
};

/** Runs a program in the foreground with this terminal; resolves to its exit code (1 if a signal ended it). */
export const runInForeground = (
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: 'inherit' });
    const forget = endWithParent(child);
    child.on('error', reject);
    child.on('close', (code) => {
      forget();
      resolve(code ?? 1);
    });
  });
