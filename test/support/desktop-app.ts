import { resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { ensureRuntime } from '../../build/runtime/ensure-runtime.ts';

const root = resolve(import.meta.dirname, '../..');

/** The real desktop app, running. */
export interface DesktopApp {
  readonly app: ElectronApplication;
  /** Its window's page. */
  readonly page: Page;
  /** Quits in order, as from the menu; does nothing where that was done. */
  quit(): Promise<void>;
}

interface DesktopAppOptions {
  /** Value for `DISPLAY`. */
  readonly display: string;
  /** The device's state directory. */
  readonly home: string;
  /** More options of `flotilla start`. */
  readonly args?: readonly string[];
  /** Added to the environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Opens the bundled app in a home of its own, bound to loopback. dist/ has to be there. */
export const openDesktopApp = async (options: DesktopAppOptions): Promise<DesktopApp> => {
  const { display, home, args = [], environment = {} } = options;
  const runtime = await ensureRuntime(root, () => {});
  if (runtime.kind === 'none') throw new Error(runtime.why);
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await _electron.launch({
    executablePath: runtime.executable,
    args: [...sandbox, root, '--home', home, '--listen', '127.0.0.1', ...args],
    env: { ...process.env, ...environment, DISPLAY: display },
  });
  const running = app.process();
  const page = await app.firstWindow();
  return {
    app,
    page,
    quit: async () => {
      if (running.exitCode !== null) return;
      const closed = app.waitForEvent('close');
      // The answer may be lost with the process that gives it.
      await app.evaluate(({ app: inside }) => inside.quit()).catch(() => {});
      await closed;
    },
  };
};
