import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../electron/cli/connect.ts';
import type { ContractClient } from '../../shared/contract/contract.ts';
import { type SessionBus, startSessionBus } from '../support/dbus/session-bus.ts';
import { TrayDouble, type TrayEntry } from '../support/dbus/tray-double.ts';
import { type DesktopApp, openDesktopApp } from '../support/desktop-app.ts';
import { eventually } from '../support/real-engine.ts';
import { shownWindows } from '../support/shown-windows.ts';
import { startVirtualDisplay, type VirtualDisplay } from '../support/virtual-display.ts';

const SOON = { timeout: 20_000 };

/** The real shell on a desktop with a tray: what a panel sees and does there goes over a real D-Bus. */
describe('the desktop app on a desktop with a tray', () => {
  const home = mkdtempSync(join(tmpdir(), 'flotilla-tray-'));
  let bus: SessionBus;
  let panel: TrayDouble;
  let display: VirtualDisplay;
  let desktop: DesktopApp;
  let entry: TrayEntry;

  beforeAll(async () => {
    [bus, display] = await Promise.all([startSessionBus(), startVirtualDisplay()]);
    panel = await TrayDouble.open(bus.path, true);
    desktop = await openDesktopApp({
      display: display.name,
      home,
      args: ['--no-dht', '--no-lan'],
      // For some desktops Electron hands the icon over as a file.
      environment: { ...bus.environment, XDG_CURRENT_DESKTOP: 'XFCE' },
    });
  });

  afterAll(async () => {
    try {
      await desktop?.quit();
    } finally {
      panel?.close();
      await Promise.all([display?.stop(), bus?.stop()]);
      rmSync(home, { recursive: true, force: true });
    }
  });

  const titles = (): Promise<readonly string[]> => shownWindows(display.name);
  const windowShown = async (): Promise<boolean> => (await titles()).some((title) => title.startsWith('Flotilla'));
  const closeWindow = (): Promise<void> =>
    desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  const withEngine = async <T>(ask: (client: ContractClient) => Promise<T>): Promise<T> => {
    const engine = await connect(home);
    try {
      return await ask(engine.client);
    } finally {
      engine.close();
    }
  };

  it('puts one entry there, with an icon, and no more when it says something else', async () => {
    await expect.poll(() => panel.entries().length, SOON).toBe(1);
    entry = panel.entries()[0] as TrayEntry;
    expect(await entry.properties()).toMatchObject({ Category: 'ApplicationStatus', Status: 'Active' });
    expect(await entry.icon()).toMatchObject({ width: 32, height: 32 });
    await eventually('there is a group', () => withEngine(({ group }) => group.create({ name: 'Home' })));
    await expect.poll(() => entry.toolTip(), SOON).not.toMatch(/: starting$/i);
    expect(panel.entries()).toHaveLength(1);
    expect(await desktop.page.evaluate(() => Reflect.get(globalThis, 'flotilla').hasTray)).toBe(true);
  });

  it('says what the window says', async () => {
    const sentence = await eventually('both say the same', async () => {
      const [, said, rest] = (await desktop.page.title()).split(' · ');
      return rest === 'Flotilla' && (await entry.toolTip()).endsWith(`: ${said}`) ? said : null;
    });
    expect(await entry.menu()).toMatchObject([
      { label: sentence, enabled: false },
      { separator: true },
      { label: 'Open', enabled: true },
      { label: 'Quit', enabled: true },
    ]);
  });

  it('hides the window without a question when it is closed, and the engine runs on', async () => {
    await expect.poll(windowShown, SOON).toBe(true);
    await closeWindow();
    await expect.poll(titles, SOON).toEqual([]);
    expect((await withEngine(({ engine }) => engine.status())).group).toMatchObject({ name: 'Home' });
    expect(await entry.isThere()).toBe(true);
  });

  it('opens the window again from the menu, and by a press on the icon', async () => {
    await entry.pick('Open');
    await expect.poll(windowShown, SOON).toBe(true);
    await closeWindow();
    await expect.poll(titles, SOON).toEqual([]);
    await entry.press();
    await expect.poll(windowShown, SOON).toBe(true);
  });

  it('quits from the menu, the engine too', async () => {
    const closed = desktop.app.waitForEvent('close');
    await entry.pick('Quit');
    await closed;
    await expect(connect(home)).rejects.toThrow('No engine runs in this home');
    expect(await entry.isThere()).toBe(false);
  });
});
