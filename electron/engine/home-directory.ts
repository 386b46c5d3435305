import { existsSync, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { failure } from '../../shared/errors.ts';

/** The platform's data directory for applications, with our name: where a device's state lies unless told otherwise. */
function defaultHome(): string {
  switch (process.platform) {
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Flotilla');
    case 'win32':
      return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'Flotilla');
    default:
      return join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'flotilla');
  }
}

/** The absolute home directory: the one given, else FLOTILLA_HOME, else the platform's. Two homes are two devices. */
export function homeDirectory(given: string | null): string {
  return resolve(given ?? process.env.FLOTILLA_HOME ?? defaultHome());
}

/**
 * Makes the home, for its user alone. Throws `home-not-usable`. Level by level: asked to make all at once below a
 * directory that takes none, such as /proc, Node tries for ever.
 */
export function makeHomeDirectory(home: string): void {
  try {
    makeLevels(home);
    if (statSync(home).isDirectory()) return;
  } catch (error) {
    throw failure('home-not-usable', `The home ${home} cannot be made.`, error);
  }
  throw failure('home-not-usable', `The home ${home} is not a directory.`);
}

function makeLevels(path: string): void {
  if (existsSync(path)) return;
  makeLevels(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another engine that starts in the same moment may have been first.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
