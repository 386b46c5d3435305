import { ORPCError } from '@orpc/client';
import type { Command, CommanderError } from 'commander';
import { isFlotillaError } from '../../shared/errors.ts';
import { type Connection, connect, NoEngine } from './connect.ts';
import { type Follow, followOn } from './progress.ts';

/** Exit codes: done, refused or failed, wrong usage, no engine in this home. */
export const EXIT = { done: 0, failed: 1, usage: 2, noEngine: 3 } as const;

/** What a command has to say: a JSON value for programs, text for people. */
export interface Answer {
  readonly json: unknown;
  readonly text: string;
}

/** What the person is told while a command works; never part of the JSON. */
export interface Tell {
  readonly note: (line: string) => void;
  readonly follow: Follow;
}

interface Failure {
  readonly exit: number;
  readonly code: string;
  readonly message: string;
}

/** What the contract's schema found, in its words; `data` is whatever the engine sent. */
function notUnderstood(data: unknown): string {
  const issues: unknown = typeof data === 'object' && data !== null && 'issues' in data ? data.issues : [];
  const found = (Array.isArray(issues) ? issues : []).flatMap((issue: { path?: unknown; message?: unknown } | null) => {
    const { path, message } = issue ?? {};
    return Array.isArray(path) && typeof message === 'string' ? [`${path.join('.')}: ${message}`] : [];
  });
  return ['The engine did not understand this.', ...found].join(' ');
}

function failureOf(error: unknown): Failure {
  if (error instanceof NoEngine) return { exit: EXIT.noEngine, code: 'engine-not-running', message: error.message };
  // By its name: what an engine throws that was loaded from another bundle has a class of its own.
  if (isFlotillaError(error)) return { exit: EXIT.failed, code: error.code, message: error.message };
  if (error instanceof ORPCError && error.code === 'REFUSED') {
    const data = error.data as { code: string; message: string };
    return { exit: EXIT.failed, code: data.code, message: data.message };
  }
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') {
    return { exit: EXIT.failed, code: 'bad-request', message: notUnderstood(error.data) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { exit: EXIT.failed, code: 'internal', message };
}

function write(text: string): void {
  if (text !== '') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Prints a failure the way it was asked for and sets the exit code. */
export function reportFailure(error: unknown, json: boolean): void {
  const failure = failureOf(error);
  process.exitCode = failure.exit;
  if (json) write(JSON.stringify({ error: { code: failure.code, message: failure.message } }));
  else process.stderr.write(`${failure.message} (${failure.code})\n`);
}

/** Prints, as the JSON value that a program waits for, how the command line was used wrongly. */
export function reportMisuse(error: CommanderError): void {
  const message = error.code === 'commander.help' ? 'Name a command.' : error.message.replace(/^error: /, '');
  write(JSON.stringify({ error: { code: 'bad-request', message } }));
}

/** The options that every command has. */
export function globalOptions(command: Command): { readonly home: string | undefined; readonly json: boolean } {
  const values = command.optsWithGlobals<{ home?: string; json?: boolean }>();
  return { home: values.home, json: values.json === true };
}

/** Runs one command against the engine of the home and prints its answer: exactly one JSON value under `--json`. */
export async function runCommand(
  command: Command,
  run: (connection: Connection, tell: Tell) => Promise<Answer>,
): Promise<void> {
  const { home, json } = globalOptions(command);
  let connection: Connection | null = null;
  try {
    connection = await connect(home);
    const note = (line: string): void => {
      if (!json) process.stderr.write(`${line}\n`);
    };
    const answer = await run(connection, { note, follow: followOn(process.stderr, json) });
    write(json ? JSON.stringify(answer.json) : answer.text);
  } catch (error) {
    reportFailure(error, json);
  } finally {
    connection?.close();
  }
}
