import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** A program that runs in the background of a test, with all that it printed. */
export interface RunningProgram {
  readonly child: ChildProcess;
  /** stdout and stderr so far. */
  output(): string;
  /** Resolves with the match as soon as the output holds one; rejects when the program ends before or time is up. */
  untilPrinted(pattern: RegExp, limitMs: number): Promise<RegExpExecArray>;
  /** Resolves to the exit code once it ended by itself. */
  untilEnded(): Promise<number | NodeJS.Signals | null>;
  /** Sends a signal and resolves to the exit code, or the signal that ended it. */
  end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

interface ProgramOptions {
  /** Added to the environment; an undefined value takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Starts a program in the project's root. */
export const startProgram = (
  command: string,
  args: readonly string[],
  { env = {} }: ProgramOptions = {},
): RunningProgram => {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  let ended: number | NodeJS.Signals | null | undefined;
  const onChange = new Set<() => void>();
  const notify = (): void => {
    for (const listener of onChange) listener();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      notify();
    });
  }
  child.once('close', (code, signal) => {
    ended = code ?? signal;
    notify();
  });
  const untilEnded = (): Promise<number | NodeJS.Signals | null> =>
    new Promise((resolveEnded) => {
      const look = (): void => {
        if (ended === undefined) return;
        onChange.delete(look);
        resolveEnded(ended);
      };
      onChange.add(look);
      look();
    });
  return {
    child,
    output: () => text,
    untilPrinted: (pattern, limitMs) =>
      new Promise((resolvePrinted, reject) => {
        const finish = (act: () => void): void => {
          onChange.delete(look);
          clearTimeout(limit);
          act();
        };
        const look = (): void => {
          const match = pattern.exec(text);
          if (match !== null) finish(() => resolvePrinted(match));
          else if (ended !== undefined)
            finish(() => reject(new Error(`it ended with ${ended} and had printed:\n${text}`)));
        };
        const limit = setTimeout(
          () => finish(() => reject(new Error(`not printed in ${limitMs} ms: ${pattern}; but:\n${text}`))),
          limitMs,
        );
        onChange.add(look);
        look();
      }),
    untilEnded,
    end: (signal = 'SIGTERM') => {
      if (ended === undefined) child.kill(signal);
      return untilEnded();
    },
  };
};

/** Runs the bundled command line to its end and gives its JSON. */
export const runCli = async <Answer>(home: string, args: readonly string[]): Promise<Answer> => {
  const cli = startProgram(process.execPath, [resolve(root, 'dist/cli.mjs'), ...args, '--home', home, '--json']);
  const stdout: Buffer[] = [];
  cli.child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  const code = await new Promise<number | null>((done) => cli.child.once('close', done));
  if (code !== 0) throw new Error(`flotilla ${args.join(' ')} ended with ${code}: ${cli.output()}`);
  return JSON.parse(Buffer.concat(stdout).toString('utf8'));
};
