/** The desktop shell: everything it is made of, in the order in which it is set up. */
import { join } from 'node:path';
import { app } from 'electron';
import { DESKTOP_CHANNELS } from '../../shared/contract/desktop-channels.ts';
import { declareAppScheme, setupAppProtocol } from './app-protocol.ts';
import { setupBridge } from './bridge-server.ts';
import { tellAboutClosing } from './closing-notice.ts';
import { setupInviteLinks } from './deep-link.ts';
import { detectTray } from './detect-tray.ts';
import { setupEngineHost } from './engine-host.ts';
import { claimSingleInstance, setupQuitting } from './lifecycle.ts';
import { setupMenu } from './menu.ts';
import { readOptions, type ShellOptions } from './options.ts';
import { runtimeNote, version, versionLine, windowTitle } from './product.ts';
import { setupSecurity } from './security.ts';
import { setupTray } from './tray.ts';
import { type MainWindow, preloadPath, setupWindow } from './window.ts';

const electronVersion = process.versions.electron ?? '';
const title = windowTitle(electronVersion);

/** The page and the command line say it too. */
const noteArguments = (): readonly string[] => {
  const note = runtimeNote(electronVersion);
  return note === null ? [] : ['--runtime-note', note];
};

const open = async (options: ShellOptions): Promise<void> => {
  let main: MainWindow | null = null;
  const invites = setupInviteLinks((code) => main?.window.webContents.send(DESKTOP_CHANNELS.invites, code));
  const onSecond = (argv: readonly string[]): void => {
    if (readOptions(argv, process.cwd()).quits) app.quit();
    invites.offer(argv);
    main?.show();
  };
  if (!claimSingleInstance(onSecond) || options.quits) return app.quit();
  invites.offer(process.argv);

  await app.whenReady();
  setupSecurity();
  setupMenu();
  setupAppProtocol(join(__dirname, 'renderer'));
  const engine = setupEngineHost(join(__dirname, 'engine.cjs'), [...options.engineArguments, ...noteArguments()], () =>
    app.quit(),
  );
  const hasTray = await detectTray();
  const shown = setupWindow({
    preload: preloadPath(__dirname),
    stateFile: join(app.getPath('userData'), 'window.json'),
    // Several homes on one screen are told apart by the names that they were started with.
    title: options.name === null ? title : `${options.name} - ${title}`,
    facts: { version, runtimeNote: runtimeNote(electronVersion), hasTray },
    tellAboutClosing,
  });
  main = shown;
  const setGlance = setupTray(title, shown.show);
  setupBridge({ main: shown, engine, onGlance: setGlance, takeInvites: invites.take });
  setupQuitting(engine, shown);
};

const options = readOptions(process.argv.slice(1), process.cwd(), process.env.FLOTILLA_HOME);
if (options.showVersion) {
  console.log(versionLine(electronVersion));
  app.exit(0);
} else {
  // Two homes are two devices: each has a window, a lock and a cache of its own.
  app.setPath('userData', join(options.home ?? app.getPath('userData'), 'window'));
  declareAppScheme();
  void open(options);
}
