import { ORPCError } from '@orpc/client';
import type { Command } from 'commander';
import { FlotillaError } from '../../shared/errors.ts';
import { type Connection, connect, NoEngine } from './connect.ts';

/** Exit codes: done, refused or failed, wrong usage, no engine in this home. */
export const EXIT = { done: 0, failed: 1, usage: 2, noEngine: 3 } as const;

/** What a command has to say: a JSON value for programs, text for people. */
export interface Answer {
  readonly json: unknown;
  readonly text: string;
}

/** Something to tell the person while a command works; never part of the JSON. */
export type Note = (line: string) => void;

interface Failure {
  readonly exit: number;
  readonly code: string;
  readonly message: string;
}

function failureOf(error: unknown): Failure {
  if (error instanceof NoEngine) return { exit: EXIT.noEngine, code: 'engine-not-running', message: error.message };
  if (error instanceof FlotillaError) return { exit: EXIT.failed, code: error.code, message: error.message };
  if (error instanceof ORPCError && error.code === 'REFUSED') {
    const data = error.data as { code: string; message: string };
    return { exit: EXIT.failed, code: data.code, message: data.message };
  }
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') {
    return { exit: EXIT.failed, code: 'bad-request', message: 'The engine did not understand this.' };
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

/** The options that every command has. */
export function globalOptions(command: Command): { readonly home: string | undefined; readonly json: boolean } {
  const values = command.optsWithGlobals<{ home?: string; json?: boolean }>();
  return { home: values.home, json: values.json === true };
}

/** Runs one command against the engine of the home and prints its answer: exactly one JSON value under `--json`. */
export async function runCommand(
  command: Command,
  run: (connection: Connection, note: Note) => Promise<Answer>,
): Promise<void> {
  const { home, json } = globalOptions(command);
  let connection: Connection | null = null;
  try {
    connection = await connect(home);
    const answer = await run(connection, (line) => {
      if (!json) process.stderr.write(`${line}\n`);
    });
    write(json ? JSON.stringify(answer.json) : answer.text);
  } catch (error) {
    reportFailure(error, json);
  } finally {
    connection?.close();
  }
}
