/** The window's only way out of its sandbox. It hands things over and decides nothing. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { type DesktopBridge, type EngineProcessState, PORT_MESSAGE } from '../../shared/contract/bridge.ts';
import { DESKTOP_CHANNELS, DESKTOP_FACTS_ARGUMENT, type DesktopFacts } from '../../shared/contract/desktop-channels.ts';

const readFacts = (): DesktopFacts => {
  const argument = process.argv.find((candidate) => candidate.startsWith(DESKTOP_FACTS_ARGUMENT));
  if (argument === undefined) throw new Error('the shell gave no facts');
  return JSON.parse(argument.slice(DESKTOP_FACTS_ARGUMENT.length));
};

const platformOf = (name: string): DesktopBridge['platform'] =>
  name === 'darwin' || name === 'win32' ? name : 'linux';

const pathOfFile = (file: object): string => {
  if (!(file instanceof File)) return '';
  // Runtimes before 32 have no webUtils, and put the path on the file itself.
  if (typeof webUtils?.getPathForFile === 'function') return webUtils.getPathForFile(file);
  const path: unknown = Reflect.get(file, 'path');
  return typeof path === 'string' ? path : '';
};

const facts = readFacts();

const bridge: DesktopBridge = {
  platform: platformOf(process.platform),
  version: facts.version,
  runtimeNote: facts.runtimeNote,
  hasTray: facts.hasTray,
  connect: () => ipcRenderer.send(DESKTOP_CHANNELS.connect),
  pathOfFile,
  chooseDirectory: (title) => ipcRenderer.invoke(DESKTOP_CHANNELS.chooseDirectory, title),
  showInFolder: (path) => ipcRenderer.invoke(DESKTOP_CHANNELS.showInFolder, path),
  copyText: (text) => ipcRenderer.invoke(DESKTOP_CHANNELS.copyText, text),
  notify: (title, body) => ipcRenderer.send(DESKTOP_CHANNELS.notify, title, body),
  setGlance: (glance) => ipcRenderer.send(DESKTOP_CHANNELS.glance, glance),
  onInvite: (listener) => {
    ipcRenderer.on(DESKTOP_CHANNELS.invites, (_event, code: string) => listener(code));
    ipcRenderer.send(DESKTOP_CHANNELS.invites);
  },
  onEngineState: (listener) => {
    ipcRenderer.on(DESKTOP_CHANNELS.engineState, (_event, state: EngineProcessState) => listener(state));
    ipcRenderer.send(DESKTOP_CHANNELS.engineState);
  },
  quit: () => ipcRenderer.send(DESKTOP_CHANNELS.quit),
};

contextBridge.exposeInMainWorld('flotilla', bridge);

// A port cannot pass the bridge, but a message to the window itself carries it.
ipcRenderer.on(DESKTOP_CHANNELS.port, (event) => {
  const [port] = event.ports;
  if (port !== undefined) window.postMessage(PORT_MESSAGE, window.location.origin, [port]);
});
