/** What the program was called with. */
import { resolve } from 'node:path';
import { INVITE_LINK_PREFIX } from '../../shared/invite-link.ts';

/** Options of `flotilla start` that are handed to the engine as they are; those with a value take the next argument. */
const ENGINE_OPTIONS: Readonly<Record<string, 'flag' | 'value'>> = {
  '--home': 'value',
  '--name': 'value',
  '--bootstrap': 'value',
  '--listen': 'value',
  '--accept': 'value',
  '--no-lan': 'flag',
  '--no-dht': 'flag',
};

/** An invite code is far shorter; anything else that is handed over as one is not worth looking at. */
const CODE = /^[A-Za-z0-9._~-]{1,1024}$/;

/** The program's arguments, understood. */
export interface ShellOptions {
  /** The device's state directory, absolute; null for the platform's own place. */
  readonly home: string | null;
  /** Arguments for the engine's process, the home among them. */
  readonly engineArguments: readonly string[];
  /** What this start calls the device; null where it keeps its name. */
  readonly name: string | null;
  readonly showVersion: boolean;
  /** Ask the app that runs in this home to quit, and do nothing else. */
  readonly quits: boolean;
}

/** Reads the arguments; Chromium's own switches and everything unknown are passed over. A directory is taken from `cwd`. */
export const readOptions = (argv: readonly string[], cwd: string, homeFromEnvironment?: string): ShellOptions => {
  const engineArguments: string[] = [];
  let home = homeFromEnvironment ? resolve(cwd, homeFromEnvironment) : null;
  let deviceName: string | null = null;
  for (let index = 0; index < argv.length; index += 1) {
    const [name = '', inline] = (argv[index] ?? '').split(/=(.*)/s, 2);
    const kind = ENGINE_OPTIONS[name];
    if (kind === undefined) continue;
    if (kind === 'flag') {
      engineArguments.push(name);
      continue;
    }
    if (inline === undefined) index += 1;
    const given = inline ?? argv[index];
    if (given === undefined) continue;
    const value = name === '--home' || name === '--accept' ? resolve(cwd, given) : given;
    if (name === '--home') home = value;
    if (name === '--name') deviceName = value;
    engineArguments.push(name, value);
  }
  return {
    home,
    engineArguments,
    name: deviceName,
    showVersion: argv.includes('--version'),
    quits: argv.includes('--quit'),
  };
};

/** The code of the first `flotilla://join/CODE` among the arguments; null if there is none. */
export const inviteIn = (argv: readonly string[]): string | null => {
  const link = argv.find((argument) => argument.startsWith(INVITE_LINK_PREFIX));
  if (link === undefined) return null;
  const code = link.slice(INVITE_LINK_PREFIX.length).replace(/\/$/, '');
  return CODE.test(code) ? code : null;
};
