import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DesktopApp, openDesktopApp } from '../support/desktop-app.ts';
import { eventually, Playground, RealEngine } from '../support/real-engine.ts';
import { allOnline, foldersOf, votesAre } from '../support/real-group.ts';
import { treeOnDisk } from '../support/tree-on-disk.ts';
import { startVirtualDisplay, type VirtualDisplay } from '../support/virtual-display.ts';

/** The desktop app of one person and two more devices of theirs, from the first start on. */
describe('the desktop app with two more devices', () => {
  const ground = new Playground();
  const home = ground.path('home-desk');
  /** Drives the desktop's own engine by the command line: the same contract as the window's. */
  const desk = new RealEngine('Desk', home, []);
  const studio = ground.engine('Studio', ['--no-dht', '--accept', ground.path('accepted')]);
  const pi = ground.engine('Pi', ['--no-dht']);
  let display: VirtualDisplay;
  let desktop: DesktopApp;

  beforeAll(async () => {
    mkdirSync(ground.path('accepted'));
    display = await startVirtualDisplay();
    desktop = await openDesktopApp({ display: display.name, home, args: ['--no-dht'] });
  });

  afterAll(async () => {
    await desktop?.quit();
    await display?.stop();
    await ground.end();
  });

  const press = (name: string | RegExp): Promise<void> => desktop.page.getByRole('button', { name }).first().click();
  const seen = (text: string | RegExp): Promise<void> => desktop.page.getByText(text).first().waitFor();

  it('starts a group in the window', async () => {
    await desktop.page.getByLabel('Name of this computer').fill('Desk');
    await press('Go on');
    await press(/^Start a new group/);
    await press('Start it');
    await seen('Your first folder');
    const status = await eventually('the group is there', async () => {
      const one = await desk.state('status');
      return one.group === null ? null : one;
    });
    desk.device = status.device;
  });

  it('shares a directory that is dropped on the window with a real drag event', async () => {
    const photos = ground.path('Photos');
    mkdirSync(join(photos, 'Süd see'), { recursive: true });
    writeFileSync(join(photos, 'Süd see', 'boat.txt'), 'a boat');
    const session = await desktop.page.context().newCDPSession(desktop.page);
    const data = { items: [], files: [photos], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
    }
    await eventually('the folder is shared', async () => (await foldersOf(desk)).some(({ name }) => name === 'Photos'));
    await press('Done');
    await desktop.page.locator('[data-folder="Photos"]').waitFor();
  });

  it('lets a second device in, on which the folder appears', async () => {
    await studio.start();
    await studio.joinVia(desk);
    await eventually('the folder is there', async () =>
      (await foldersOf(studio)).some(({ name, path }) => name === 'Photos' && path !== null),
    );
    await desk.run('wait-idle', '--timeout', '60');
    const there = ground.path('accepted', 'Photos');
    expect(treeOnDisk(there)).toEqual(treeOnDisk(ground.path('Photos')));
    writeFileSync(join(there, 'from the studio.txt'), 'back');
    const film = randomBytes(8 * 1024 * 1024);
    writeFileSync(join(there, 'film.bin'), film);
    await studio.run('wait-idle', '--timeout', '60');
    expect(readFileSync(ground.path('Photos', 'from the studio.txt'), 'utf8')).toBe('back');
    expect(readFileSync(ground.path('Photos', 'film.bin')).equals(film)).toBe(true);
    await seen(/Everything is on both|Everything is on all 2 devices/);
  });

  it('shows in the master panel that the master was killed and another took over', async () => {
    await pi.start();
    await pi.joinVia(desk);
    for (const engine of [desk, studio, pi]) await allOnline(engine, 3);
    await votesAre(desk, [1, 1, 1]);
    await desk.run('master', 'transfer', studio.device);
    await desktop.page.getByRole('link', { name: /^Master/ }).click();
    await seen('Studio is the metadata master');
    await studio.kill();
    await eventually('another is master', async () => {
      const heading = await desktop.page.getByRole('heading', { level: 1 }).first().innerText();
      return /(Pi|This computer) is the metadata master/.test(heading);
    });
    await seen(/Studio → (Pi|Desk|this computer)/);
    const { failovers } = await desk.state('master');
    expect(failovers.at(-1)).toMatchObject({ from: studio.device, withinBudget: true });
  });
});
