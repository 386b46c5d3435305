import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DesktopApp, openDesktopApp } from '../support/desktop-app.ts';
import { startVirtualDisplay, type VirtualDisplay } from '../support/virtual-display.ts';

describe('the desktop window', () => {
  const home = mkdtempSync(join(tmpdir(), 'flotilla-window-'));
  let display: VirtualDisplay;
  let desktop: DesktopApp;

  beforeAll(async () => {
    display = await startVirtualDisplay();
    desktop = await openDesktopApp({
      display: display.name,
      home,
      args: ['--no-dht', '--no-lan'],
      // Whoever runs this may have a tray; that is for another test.
      environment: { DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(home, 'no-bus')}` },
    });
  });

  afterAll(async () => {
    await desktop?.quit();
    await display?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('shows the page, and the page reaches its engine', async () => {
    await desktop.page.waitForSelector('#root > div');
    await expect.poll(() => desktop.page.locator('body').innerText(), { timeout: 20_000 }).toMatch(/computer/i);
  });

  it('says so when it runs on the test runtime', async () => {
    const title = await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle());
    const running = await desktop.app.evaluate(() => process.versions.electron);
    if (running === '25.1.1') expect(title).toBe('Flotilla (test runtime, Electron 25.1.1, out of support)');
    else expect(title).toBe('Flotilla');
  });

  it('keeps the page in a sandbox, away from Node and from other origins', async () => {
    const facts = await desktop.page.evaluate(async () => ({
      require: typeof Reflect.get(globalThis, 'require'),
      process: typeof Reflect.get(globalThis, 'process'),
      origin: location.origin,
      bridge: Object.keys(Reflect.get(globalThis, 'flotilla')).sort(),
      fetched: await fetch('https://flotilla.invalid/').then(
        () => 'allowed',
        () => 'refused',
      ),
      opened: window.open('https://flotilla.invalid/') === null ? 'refused' : 'allowed',
      notification: await Notification.requestPermission(),
    }));
    expect(facts).toMatchObject({
      require: 'undefined',
      process: 'undefined',
      origin: 'app://flotilla',
      fetched: 'refused',
      opened: 'refused',
      notification: 'denied',
    });
    expect(facts.bridge).not.toContain('ipcRenderer');
  });

  it('serves nothing from outside the page’s directory', async () => {
    const statuses = await desktop.page.evaluate(async () => {
      const paths = ['/../main.cjs', '/%2e%2e/main.cjs', '/..%2fmain.cjs', '/..%5cmain.cjs', '/nothing.js'];
      return Promise.all(paths.map(async (path) => (await fetch(path)).status));
    });
    expect(statuses).toEqual([404, 404, 404, 404, 404]);
  });

  it('stays at its page', async () => {
    const before = desktop.page.url();
    await desktop.page.evaluate(() => {
      location.href = 'https://flotilla.invalid/';
    });
    await expect.poll(() => desktop.page.url()).toBe(before);
  });

  it('hides when it is closed, says so once where there is no tray, and leaves the engine running', async () => {
    const asked = await desktop.app.evaluateHandle(({ dialog }) => {
      const messages: string[] = [];
      dialog.showMessageBox = async (...given: unknown[]) => {
        messages.push(Reflect.get(Object(given.at(-1)), 'detail'));
        return { response: 0, checkboxChecked: false };
      };
      return messages;
    });
    const visible = () => desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
    const close = () => desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    expect(await desktop.page.evaluate(() => Reflect.get(globalThis, 'flotilla').hasTray)).toBe(false);
    await close();
    await expect.poll(visible).toBe(false);
    expect(await asked.jsonValue()).toEqual([expect.stringContaining('Quit under Settings')]);
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
    await expect.poll(visible).toBe(true);
    await close();
    await expect.poll(visible).toBe(false);
    expect(await asked.jsonValue()).toHaveLength(1);
    expect(await desktop.page.evaluate(() => document.title)).toBe('Flotilla');
  });

  it('starts the engine again after a crash, and the page has it again', async () => {
    const states = await desktop.page.evaluateHandle(() => {
      const seen: string[] = [];
      Reflect.get(globalThis, 'flotilla').onEngineState((state: { kind: string }) => {
        if (seen.at(-1) !== state.kind) seen.push(state.kind);
      });
      return seen;
    });
    const enginePid = () =>
      desktop.app.evaluate(({ app }) => app.getAppMetrics().find(({ name }) => name === 'Flotilla engine')?.pid);
    const before = await enginePid();
    expect(before).toBeTypeOf('number');
    await expect.poll(() => states.jsonValue()).toEqual(['running']);
    process.kill(before ?? 0, 'SIGKILL');
    await expect
      .poll(() => states.jsonValue(), { timeout: 20_000 })
      .toEqual(['running', 'restarting', 'starting', 'running']);
    expect(await enginePid()).not.toBe(before);
  });
});
