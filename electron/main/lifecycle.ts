/** One shell per home, and an orderly end. */
import { app } from 'electron';
import type { EngineHost } from './engine-host.ts';
import type { MainWindow } from './window.ts';

/** Whether this is the only shell of its home. If not, the other one was told, and this one has to quit. */
export const claimSingleInstance = (onSecond: (argv: readonly string[]) => void): boolean => {
  if (!app.requestSingleInstanceLock()) return false;
  app.on('second-instance', (_event, argv) => onSecond(argv));
  return true;
};

/** Ends the engine in order before the app ends, also on SIGINT and SIGTERM. */
export const setupQuitting = (engine: EngineHost, main: MainWindow): void => {
  let ended = false;
  app.on('before-quit', (event) => {
    if (ended) return;
    event.preventDefault();
    void engine.stop().then(() => {
      ended = true;
      main.allowClosing();
      app.quit();
    });
  });
  // The window only hides; the engine is what the app is for.
  app.on('window-all-closed', () => {});
  app.on('activate', () => main.show());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit());
};
