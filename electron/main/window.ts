/** The one window. Closing it hides it: the engine goes on, and so does the page that tells the tray what to say. */
import { join } from 'node:path';
import { app, BrowserWindow, screen } from 'electron';
import { DESKTOP_FACTS_ARGUMENT, type DesktopFacts } from '../../shared/contract/desktop-channels.ts';
import { PAGE_URL } from './app-protocol.ts';
import { readWindowState, type WindowState, writeWindowState } from './window-state.ts';

/** A page that crashed is loaded again, but not in a tight circle. */
const RELOAD_MS = 1_000;

/** The window, as the rest of the shell sees it. */
export interface MainWindow {
  readonly window: BrowserWindow;
  show(): void;
  /** From now on closing means closing. */
  allowClosing(): void;
}

interface WindowOptions {
  readonly preload: string;
  readonly stateFile: string;
  readonly title: string;
  readonly facts: DesktopFacts;
  /** Called the first time that the window is closed where no tray entry stays. Resolves to whether to go on in the background. */
  readonly tellAboutClosing: (window: BrowserWindow) => Promise<boolean>;
}

/** A remembered place counts only if a screen is still there. */
const placeOf = (state: WindowState): { x?: number; y?: number } => {
  const { x, y } = state;
  if (x === undefined || y === undefined) return {};
  const { bounds } = screen.getDisplayMatching({ x, y, width: state.width, height: state.height });
  const visible = x < bounds.x + bounds.width && y < bounds.y + bounds.height && x + state.width > bounds.x;
  return visible && y >= bounds.y ? { x, y } : {};
};

/** Opens the window and loads the page. The app has to be ready. */
export const setupWindow = (options: WindowOptions): MainWindow => {
  let state = readWindowState(options.stateFile);
  let closingAllowed = false;
  const window = new BrowserWindow({
    width: state.width,
    height: state.height,
    ...placeOf(state),
    minWidth: 640,
    minHeight: 480,
    title: options.title,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: '#1a1b1e',
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
      additionalArguments: [`${DESKTOP_FACTS_ARGUMENT}${JSON.stringify(options.facts)}`],
    },
  });

  const remember = (): void => {
    state = { ...state, ...window.getNormalBounds(), maximized: window.isMaximized() };
    writeWindowState(options.stateFile, state);
  };

  const hide = async (): Promise<void> => {
    if (!options.facts.hasTray && !state.toldAboutClosing) {
      const goOn = await options.tellAboutClosing(window);
      if (!goOn) return app.quit();
      state = { ...state, toldAboutClosing: true };
    }
    remember();
    window.hide();
  };

  window.once('ready-to-show', () => {
    if (state.maximized) window.maximize();
    window.show();
  });
  window.on('page-title-updated', (event) => event.preventDefault());
  window.on('close', (event) => {
    if (closingAllowed) return remember();
    event.preventDefault();
    void hide();
  });
  window.webContents.on('render-process-gone', (_event, details) => {
    console.error(`the page's process ended (${details.reason}); it is loaded again`);
    setTimeout(() => {
      if (!window.isDestroyed()) window.webContents.reload();
    }, RELOAD_MS);
  });
  void window.loadURL(PAGE_URL);

  return {
    window,
    show: () => {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    allowClosing: () => {
      closingAllowed = true;
    },
  };
};

/** Where the preload lies beside the shell's bundle. */
export const preloadPath = (bundleDirectory: string): string => join(bundleDirectory, 'preload.cjs');
