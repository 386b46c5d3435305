/** The word on how to quit, for desktops that show no tray entries. */
import { type BrowserWindow, dialog, type MessageBoxOptions } from 'electron';

const KEEP_RUNNING = 0;

/** What is asked when the window is closed for the first time where nothing would stand for the engine. */
export const CLOSING_QUESTION = {
  type: 'info',
  message: 'Flotilla keeps your folders up to date with its window closed',
  // The menu bar is hidden: what stands in the window itself is named.
  detail:
    'No tray was found on this desktop. To quit later start Flotilla again, which brings the window back, and press ' +
    'Quit under Settings (or run "flotilla --quit").',
  buttons: ['Keep running', 'Quit Flotilla'],
  defaultId: KEEP_RUNNING,
  cancelId: KEEP_RUNNING,
  noLink: true,
} as const satisfies MessageBoxOptions;

/** Asks once what closing is to mean. Resolves to whether Flotilla goes on in the background. */
export const tellAboutClosing = async (window: BrowserWindow): Promise<boolean> => {
  const { response } = await dialog.showMessageBox(window, {
    ...CLOSING_QUESTION,
    buttons: [...CLOSING_QUESTION.buttons],
  });
  return response === KEEP_RUNNING;
};
