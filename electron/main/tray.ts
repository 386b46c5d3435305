/** The entry that stands for the engine while no window is open. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { app, Menu, nativeImage, Tray } from 'electron';
import type { Glance } from '../../shared/contract/bridge.ts';
import iconHalted from './icons/tray-halted.png';
import iconMoving from './icons/tray-moving.png';
import iconNeedsYou from './icons/tray-needs-you.png';
import iconSafe from './icons/tray-safe.png';

const ASK_MS = 1_000;

const ICONS: Readonly<Record<Glance['tone'], string>> = {
  safe: iconSafe,
  moving: iconMoving,
  needsYou: iconNeedsYou,
  halted: iconHalted,
};

/**
 * Whether the desktop shows tray entries. macOS and Windows do; on Linux the session is asked whether somebody watches
 * for them, since making an entry succeeds either way.
 */
export const detectTray = async (): Promise<boolean> => {
  if (process.platform !== 'linux') return true;
  const question = ['--session', '--dest=org.freedesktop.DBus', '--print-reply', '/org/freedesktop/DBus'];
  const asked = 'org.freedesktop.DBus.NameHasOwner';
  try {
    const { stdout } = await promisify(execFile)(
      'dbus-send',
      [...question, asked, 'string:org.kde.StatusNotifierWatcher'],
      { timeout: ASK_MS },
    );
    return stdout.includes('boolean true');
  } catch {
    return false;
  }
};

/** Shows the entry. The returned function tells it what the window says. */
export const setupTray = (title: string, show: () => void): ((glance: Glance) => void) => {
  const images = Object.fromEntries(
    Object.entries(ICONS).map(([tone, url]) => [tone, nativeImage.createFromDataURL(url)]),
  );
  const tray = new Tray(images.safe ?? nativeImage.createEmpty());
  const say = (sentence: string): void => {
    tray.setToolTip(`${title}: ${sentence}`);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: sentence, enabled: false },
        { type: 'separator' },
        { label: 'Open', click: show },
        { label: 'Quit', click: () => app.quit() },
      ]),
    );
  };
  tray.on('click', show);
  say('starting');
  return (glance) => {
    tray.setImage(images[glance.tone] ?? nativeImage.createEmpty());
    say(glance.sentence);
  };
};
