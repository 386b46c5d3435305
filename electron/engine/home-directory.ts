import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

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
