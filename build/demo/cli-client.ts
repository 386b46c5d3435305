/** Calls the bundled command line, as a script of anybody's would. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** A command that ended otherwise than well: with the code that it said, or null. */
class CliFailure extends Error {
  readonly code: string | null;

  constructor(message: string, code: string | null) {
    super(message);
    this.code = code;
  }
}

/** Runs one command in a home and gives its JSON; rejects with the command's own message. */
export const callCli = async <Answer>(
  root: string,
  home: string,
  args: readonly string[],
  input = '',
): Promise<Answer> => {
  const child = spawn(process.execPath, [join(root, 'dist', 'cli.mjs'), ...args, '--home', home, '--json'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const value: Answer & { error?: { code: string; message: string } } = JSON.parse(output || '{}');
  if (code !== 0) {
    const { error } = value;
    throw new CliFailure(`flotilla ${args[0]}: ${error?.message ?? `ended with ${code}`}`, error?.code ?? null);
  }
  return value;
};

/** Whether an engine has the home; one that answers with a failure of its own has it too. */
export const isEngineRunning = async (root: string, home: string): Promise<boolean> => {
  try {
    await callCli(root, home, ['status']);
    return true;
  } catch (error) {
    return !(error instanceof CliFailure && error.code === 'engine-not-running');
  }
};

/** Calls every `everyMs` until the answer is as wanted, or for `limitMs`; a refused call counts as not yet. */
export const callUntil = async <Answer>(
  call: () => Promise<Answer>,
  isWanted: (answer: Answer) => boolean,
  limitMs: number,
  everyMs = 200,
): Promise<Answer> => {
  const limit = Date.now() + limitMs;
  for (;;) {
    let problem: unknown = new Error('it did not come to that in time');
    try {
      const answer = await call();
      if (isWanted(answer)) return answer;
    } catch (error) {
      problem = error;
    }
    if (Date.now() > limit) throw problem;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
};
