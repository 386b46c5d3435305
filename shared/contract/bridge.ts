/** What the desktop window's preload offers the page as `window.flotilla`. Absent where the page is served to a browser. */
import type { ErrorCode } from '../errors.ts';

/** Posted to the page (`event.data`, with the port as `event.ports[0]`) for every connection to an engine, also after it was restarted. */
export const PORT_MESSAGE = 'flotilla-port';

/** One line about the state of all devices, for the tray: the same sentence as the window's. */
export interface Glance {
  readonly sentence: string;
  readonly tone: 'safe' | 'moving' | 'quiet' | 'needsYou' | 'halted';
}

/** What the engine's process is doing, as far as the desktop shell knows. */
export type EngineProcessState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  /** It ended unasked and is started again after `retryMs`. */
  | { readonly kind: 'restarting'; readonly retryMs: number }
  /** It said why it cannot run (for example another engine uses the same home); it is not started again by itself. */
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

/** The window's whole access to the desktop; everything else goes through the contract on the port. */
export interface DesktopBridge {
  readonly platform: 'linux' | 'darwin' | 'win32';
  /** Version of the product. */
  readonly version: string;
  /** Said when the window does not run on the runtime it is released with; else null. */
  readonly runtimeNote: string | null;
  /** Whether a tray entry stands for the engine once the window is closed; if not, the page says how to quit. */
  readonly hasTray: boolean;
  /** Asks for a port to the engine. It arrives as a `PORT_MESSAGE`; so does each later one, unasked, after the engine was restarted. */
  connect(): void;
  /** Absolute path of a dropped or chosen `File`; empty where the file has none. */
  pathOfFile(file: object): string;
  /** Lets the person choose a directory; null if they did not. */
  chooseDirectory(title: string): Promise<string | null>;
  /** Opens the directory that holds `path` in the platform's file manager. */
  showInFolder(path: string): Promise<void>;
  /** Puts text on the clipboard. */
  copyText(text: string): Promise<void>;
  /** Shows a notification of the desktop; without effect where there are none. */
  notify(title: string, body: string): void;
  /** Tells the tray what the window says. */
  setGlance(glance: Glance): void;
  /** Calls back for each invite code that came with a `flotilla://join/CODE` link, also for one that came before the call. */
  onInvite(listener: (code: string) => void): void;
  /** Calls back with the engine process's state, at once and after every change. */
  onEngineState(listener: (state: EngineProcessState) => void): void;
  /** Quits the engine and the app in order. */
  quit(): void;
}
