/** Whether an entry in the tray would be seen. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const ASK_MS = 1_000;
const WATCHER = 'org.kde.StatusNotifierWatcher';

/** Asks an object of the session a question to which the answer is yes or no. A session that can't be asked says no. */
const ask = async (environment: NodeJS.ProcessEnv, destination: string, ...question: string[]): Promise<boolean> => {
  const args = ['--session', '--print-reply', `--dest=${destination}`, ...question];
  try {
    const { stdout } = await promisify(execFile)('dbus-send', args, { timeout: ASK_MS, env: environment });
    return stdout.includes('boolean true');
  } catch {
    return false;
  }
};

/**
 * Whether the desktop shows tray entries. macOS and Windows do. On Linux making an entry succeeds either way, so the
 * session is asked what Electron asks it: whether somebody takes entries (KDE, XFCE and others do; GNOME by an
 * extension), and whether a panel shows them. Electron falls back on the tray of before that, which nobody can be asked
 * about by D-Bus: where there is only that one, the answer is no, although the entry is shown.
 */
export const detectTray = async (
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<boolean> => {
  if (platform !== 'linux') return true;
  // In two steps, since a question to a name without an owner would start what is installed under that name.
  const bus = ['/org/freedesktop/DBus', 'org.freedesktop.DBus.NameHasOwner', `string:${WATCHER}`];
  if (!(await ask(environment, 'org.freedesktop.DBus', ...bus))) return false;
  const property = [`string:${WATCHER}`, 'string:IsStatusNotifierHostRegistered'];
  return ask(environment, WATCHER, '/StatusNotifierWatcher', 'org.freedesktop.DBus.Properties.Get', ...property);
};
