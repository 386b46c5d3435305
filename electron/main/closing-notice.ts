/** The word on how to quit, for desktops that show no tray entries. */
import { type BrowserWindow, dialog } from 'electron';

const KEEP_RUNNING = 0;

/** Asks once what closing is to mean. Resolves to whether Flotilla goes on in the background. */
export const tellAboutClosing = async (window: BrowserWindow): Promise<boolean> => {
  const { response } = await dialog.showMessageBox(window, {
    type: 'info',
    message: 'Flotilla keeps your folders up to date with its window closed',
    detail:
      'This desktop shows no tray icons. Start Flotilla again to see the window, and choose File > Quit there ' +
      '(or run "flotilla --quit") to quit.',
    buttons: ['Keep running', 'Quit Flotilla'],
    defaultId: KEEP_RUNNING,
    cancelId: KEEP_RUNNING,
    noLink: true,
  });
  return response === KEEP_RUNNING;
};
