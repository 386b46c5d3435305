import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The titles, sorted, of the windows that can be seen on a display without a window manager. */
export const shownWindows = async (display: string): Promise<readonly string[]> => {
  const ask = async (...of: readonly string[]): Promise<string> =>
    (await run('xwininfo', ['-display', display, ...of])).stdout;
  const titles: string[] = [];
  for (const [, id = '', title = ''] of (await ask('-root', '-tree')).matchAll(/^\s+(0x[0-9a-f]+) "(.+)": /gm)) {
    // It may have gone since it was listed.
    const about = await ask('-id', id).catch(() => '');
    if (about.includes('Map State: IsViewable')) titles.push(title);
  }
  return titles.sort();
};
