/** The entry that stands for the engine while no window is open. */
import { app, Menu, nativeImage, Tray } from 'electron';
import type { Glance } from '../../shared/contract/bridge.ts';
import iconHalted from './icons/tray-halted.png';
import iconMoving from './icons/tray-moving.png';
import iconNeedsYou from './icons/tray-needs-you.png';
import iconQuiet from './icons/tray-quiet.png';
import iconSafe from './icons/tray-safe.png';

const ICONS: Readonly<Record<Glance['tone'], string>> = {
  safe: iconSafe,
  moving: iconMoving,
  quiet: iconQuiet,
  needsYou: iconNeedsYou,
  halted: iconHalted,
};

/** Shows the entry. The returned function tells it what the window says. */
export const setupTray = (title: string, show: () => void): ((glance: Glance) => void) => {
  const images = Object.fromEntries(
    Object.entries(ICONS).map(([tone, url]) => [tone, nativeImage.createFromDataURL(url)]),
  );
  // Nothing is known yet, so nothing is claimed.
  const tray = new Tray(images.quiet ?? nativeImage.createEmpty());
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
  // On macOS a click opens the menu, and says so as well: the window would take the focus from it.
  if (process.platform !== 'darwin') tray.on('click', show);
  say('starting');
  return (glance) => {
    tray.setImage(images[glance.tone] ?? nativeImage.createEmpty());
    say(glance.sentence);
  };
};
