/** Where what was downloaded is kept: outside the checkout, so that a fresh clone or `npm ci` does not fetch it again. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The product's cache directory: `FLOTILLA_CACHE`, else the platform's place for caches. */
export const cacheDirectory = (environment: NodeJS.ProcessEnv = process.env, platform = process.platform): string => {
  if (environment.FLOTILLA_CACHE) return environment.FLOTILLA_CACHE;
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'flotilla');
  if (platform === 'win32')
    return join(environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'flotilla', 'Cache');
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'flotilla');
};
