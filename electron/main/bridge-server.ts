/** The shell's side of the bridge: answers the page, and nobody else. */
import { stat } from 'node:fs/promises';
import { extname, isAbsolute } from 'node:path';
import {
  app,
  clipboard,
  dialog,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  ipcMain,
  Notification,
  shell,
} from 'electron';
import { z } from 'zod';
import type { Glance } from '../../shared/contract/bridge.ts';
import { DESKTOP_CHANNELS } from '../../shared/contract/desktop-channels.ts';
import { PAGE_ORIGIN } from './app-protocol.ts';
import type { EngineHost } from './engine-host.ts';
import { readGlance } from './glance-shape.ts';
import type { MainWindow } from './window.ts';

const Title = z.string().max(200);
const Text = z.string().max(65_536);
const AbsolutePath = z.string().max(8_192).refine(isAbsolute);

interface BridgeParts {
  readonly main: MainWindow;
  readonly engine: EngineHost;
  readonly onGlance: (glance: Glance) => void;
  /** The page listens for invites from now on; gives those that came before. */
  readonly takeInvites: () => readonly string[];
}

/** Registers the answers to everything that the page may ask. Malformed questions are thrown back to the page. */
export const setupBridge = ({ main, engine, onGlance, takeInvites }: BridgeParts): void => {
  const { window } = main;
  const fromPage = (event: IpcMainEvent | IpcMainInvokeEvent): boolean =>
    event.sender === window.webContents && event.senderFrame?.url.startsWith(`${PAGE_ORIGIN}/`) === true;

  const on = (channel: string, listener: (event: IpcMainEvent, ...values: unknown[]) => void): void => {
    ipcMain.on(channel, (event, ...values) => {
      if (fromPage(event)) listener(event, ...values);
    });
  };
  const answer = (channel: string, respond: (value: unknown) => Promise<unknown>): void => {
    ipcMain.handle(channel, (event, value: unknown) => {
      if (!fromPage(event)) throw new Error('not allowed');
      return respond(value);
    });
  };

  /** Set once the page has asked for a port: from then on every new engine's port goes to it unasked. */
  let connected = false;
  const sendPort = (): void => {
    const port = engine.openPort();
    if (port !== null) window.webContents.postMessage(DESKTOP_CHANNELS.port, null, [port]);
  };
  on(DESKTOP_CHANNELS.connect, () => {
    connected = true;
    sendPort();
  });
  window.webContents.on('did-start-navigation', (event) => {
    if (event.isMainFrame && !event.isSameDocument) connected = false;
  });
  engine.onState((state) => {
    if (window.isDestroyed()) return;
    window.webContents.send(DESKTOP_CHANNELS.engineState, state);
    if (state.kind === 'running' && connected) sendPort();
  });
  on(DESKTOP_CHANNELS.engineState, (event) => event.reply(DESKTOP_CHANNELS.engineState, engine.state()));

  on(DESKTOP_CHANNELS.invites, (event) => {
    for (const code of takeInvites()) event.reply(DESKTOP_CHANNELS.invites, code);
  });
  on(DESKTOP_CHANNELS.glance, (_event, value) => {
    const glance = readGlance(value);
    if (glance !== null) onGlance(glance);
  });
  on(DESKTOP_CHANNELS.quit, () => app.quit());
  on(DESKTOP_CHANNELS.notify, (_event, title, body) => {
    if (!Notification.isSupported()) return;
    const notification = new Notification({ title: Title.parse(title), body: Text.parse(body) });
    notification.on('click', () => main.show());
    notification.show();
  });

  answer(DESKTOP_CHANNELS.chooseDirectory, async (title) => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: Title.parse(title),
      properties: ['openDirectory', 'createDirectory'],
    });
    return canceled ? null : (filePaths[0] ?? null);
  });
  answer(DESKTOP_CHANNELS.showInFolder, async (value) => {
    const path = AbsolutePath.parse(value);
    const isDirectory = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    // Opening anything but a directory would run it; so would one that macOS takes for a program.
    if (!isDirectory || extname(path) !== '') return shell.showItemInFolder(path);
    const problem = await shell.openPath(path);
    if (problem !== '') throw new Error(problem);
  });
  answer(DESKTOP_CHANNELS.copyText, async (text) => clipboard.writeText(Text.parse(text)));
};
