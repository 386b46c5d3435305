import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { detectTray } from '../../electron/main/detect-tray.ts';
import { type SessionBus, startSessionBus } from '../support/dbus/session-bus.ts';
import { TrayDouble } from '../support/dbus/tray-double.ts';

/** The desktops as they look on the session's bus, by a real bus and the program that asks it. */
describe('whether the desktop shows tray entries', () => {
  let bus: SessionBus;

  beforeEach(async () => {
    bus = await startSessionBus();
  });

  afterEach(() => bus.stop());

  const detect = (): Promise<boolean> => detectTray('linux', { ...process.env, ...bus.environment });

  it('is so where a panel shows what is registered, as in KDE and XFCE', async () => {
    const panel = await TrayDouble.open(bus.path, true);
    expect(await detect()).toBe(true);
    panel.close();
  });

  it('is not so where nobody takes entries, as in GNOME without an extension', async () => {
    expect(await detect()).toBe(false);
  });

  it('is not so where entries are taken and no panel shows them', async () => {
    const watcher = await TrayDouble.open(bus.path, false);
    expect(await detect()).toBe(false);
    watcher.close();
  });

  it('is not so where there is no bus, or nothing to ask it with', async () => {
    expect(await detectTray('linux', { ...process.env, DBUS_SESSION_BUS_ADDRESS: `${bus.path}-none` })).toBe(false);
    expect(await detectTray('linux', { ...bus.environment, PATH: '' })).toBe(false);
  });

  it('is so on macOS and Windows, which are not asked', async () => {
    expect(await Promise.all([detectTray('darwin', { PATH: '' }), detectTray('win32', { PATH: '' })])).toEqual([
      true,
      true,
    ]);
  });
});
