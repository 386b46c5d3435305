/**
 * Pictures from the pages of real engines: the demonstration's three devices, before and after their master is killed,
 * and with a folder that rests on one of the two that are left.
 */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { AppState } from '../../shared/model/app-state.ts';
import { goTo, openContext, openPage, standsStill } from '../../test/support/pages/browser.ts';
import { callCli, callUntil } from '../demo/cli-client.ts';
import {
  type Device,
  FOLDER,
  formGroup,
  NAMES,
  prepareDevice,
  STEP_MS,
  startNode,
  startPage,
} from '../demo/demo-group.ts';
import { createProcessGroup, type ProcessGroup } from '../demo/processes.ts';
import { LOOKS, takePictures } from './looks.ts';

/** A device with what runs of it. */
interface Running extends Device {
  readonly web: string;
  readonly engine: ProcessGroup;
}

type Status = Pick<AppState, 'devices' | 'folders' | 'master'>;

/** What begins the names of these pictures. */
export const REAL = 'real-';

/** The screens, after the `#`. */
const screensOf = (folder: string): Readonly<Record<string, string>> => ({
  folders: '/folders',
  folder: `/folders/${folder}`,
  'folder-versions': `/folders/${folder}/versions`,
  'folder-access': `/folders/${folder}/access`,
  devices: '/devices',
  master: '/master',
  conflicts: '/conflicts',
  activity: '/activity',
  settings: '/settings',
});

/** Everything that runs is in `all`, so that it ends even where this does not come to its end. */
class RealGroup {
  readonly #root: string;
  readonly #directory = mkdtempSync(join(tmpdir(), 'flotilla-pictures-'));
  readonly #all = createProcessGroup();

  constructor(root: string) {
    this.#root = root;
  }

  /** Three devices in one group with a folder that all of them have. */
  async start(): Promise<readonly Running[]> {
    const root = this.#root;
    const node = await startNode(root, join(this.#directory, 'bootstrap.txt'), this.#all);
    const devices = await Promise.all(
      NAMES.map(async (name): Promise<Running> => {
        const engine = createProcessGroup();
        this.#all.adopt(engine);
        const device = prepareDevice(this.#directory, name);
        return { ...device, engine, web: await startPage(root, device, node, engine) };
      }),
    );
    await formGroup(root, devices);
    return devices;
  }

  status(device: Device): Promise<Status> {
    return callCli<Status>(this.#root, device.home, ['status']);
  }

  /** Waits until the device says so. */
  until(device: Device, holds: (status: Status) => boolean): Promise<Status> {
    return callUntil(() => this.status(device), holds, STEP_MS);
  }

  call(device: Device, ...args: readonly string[]): Promise<unknown> {
    return callCli(this.#root, device.home, args);
  }

  async end(): Promise<void> {
    await this.#all.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Something to look at: a version that was kept, and two versions of one file. */
const live = async (group: RealGroup, devices: readonly Running[]): Promise<void> => {
  const [first, second, third] = devices;
  if (first === undefined || second === undefined || third === undefined) throw new Error('three devices are wanted');
  const at = (device: Device, path: string): string => join(device.files, FOLDER, path);
  const allHave = async (): Promise<void> => {
    for (const device of devices) await group.call(device, 'wait-idle', '--timeout', '30');
  };
  await allHave();
  writeFileSync(at(second, 'Recipes/Soup.md'), '# Soup\n\nEverything that is left, slowly, and a bay leaf.\n');
  await allHave();
  await group.call(third, 'pause', FOLDER);
  writeFileSync(at(first, 'Plans/Summer.txt'), 'By night train to the sea, by bicycle along it.\n');
  writeFileSync(at(third, 'Plans/Summer.txt'), 'By train to the mountains this time.\n');
  await group.call(third, 'resume', FOLDER);
  for (const device of devices) await group.until(device, ({ folders }) => folders[0]?.conflicts === 1);
};

/** A device that is not the master, and the one that is. */
const besideMaster = async (group: RealGroup, devices: readonly Running[]): Promise<readonly [Running, Running]> => {
  const [first] = devices;
  if (first === undefined) throw new Error('there are no devices');
  const status = await group.until(first, ({ master }) => master.quorate && master.master !== null);
  const name = status.devices.find(({ id }) => id === status.master.master)?.name;
  const master = devices.find((device) => device.name === name);
  const other = devices.findLast((device) => device.name !== name);
  if (master === undefined || other === undefined) throw new Error(`the master is ${name ?? 'nobody'}`);
  return [other, master];
};

/** The page of the device, as its user would open it. */
const openAt = async (browser: Browser, { web }: Running): Promise<Page> => {
  const [look] = LOOKS;
  if (look === undefined) throw new Error('pictures have no looks');
  const page = await openPage(await openContext(browser, look, null));
  await page.goto(web);
  await page.locator('h1').first().waitFor();
  return page;
};

const takeScreens = async (
  page: Page,
  screens: Readonly<Record<string, string>>,
  out: string,
  before: string,
): Promise<void> => {
  for (const [screen, route] of Object.entries(screens)) {
    await goTo(page, route);
    await page.locator('h1').first().waitFor();
    await standsStill(page);
    await takePictures(page, out, `${before}${screen}`);
  }
};

/** Those of the screens. */
const some = (screens: Readonly<Record<string, string>>, ...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, screens[name] ?? '']));

/** What is begun: to be awaited, and ended whatever comes of it. Nothing of it leaves this machine, and nothing stays. */
export const beginReal = (
  root: string,
  browser: Browser,
  out: string,
): { readonly taken: Promise<void>; end(): Promise<void> } => {
  const group = new RealGroup(root);
  const take = async (): Promise<void> => {
    const devices = await group.start();
    await live(group, devices);
    const [viewer, master] = await besideMaster(group, devices);
    const { folders } = await group.status(viewer);
    const screens = screensOf(folders[0]?.id ?? '');
    const page = await openAt(browser, viewer);
    await takeScreens(page, screens, out, REAL);
    master.engine.kill();
    await group.until(viewer, (seen) => {
      const isGone = seen.devices.some(({ name, online }) => name === master.name && !online);
      return isGone && seen.master.quorate && seen.master.failovers.length > 0;
    });
    await takeScreens(page, some(screens, 'master', 'devices', 'folders'), out, `${REAL}killed-`);

    await group.call(viewer, 'pause', FOLDER);
    await group.until(viewer, ({ folders: [of] }) => of?.state === 'paused');
    await takeScreens(
      page,
      some(screens, 'folders', 'folder', 'folder-versions', 'devices', 'conflicts'),
      out,
      `${REAL}paused-`,
    );
    renameSync(join(viewer.files, FOLDER), join(viewer.files, `${FOLDER}, moved away`));
    await group.call(viewer, 'resume', FOLDER);
    await group.until(viewer, ({ folders: [of] }) => of?.state === 'halted');
    await takeScreens(page, some(screens, 'folder', 'devices', 'master', 'activity'), out, `${REAL}halted-`);
    const other = devices.find((device) => device !== viewer && device !== master);
    if (other === undefined) return;
    await group.until(other, ({ folders: [of] }) => of?.holders.some(({ state }) => state === 'halted') === true);
    await takeScreens(
      await openAt(browser, other),
      some(screens, 'folders', 'devices', 'master'),
      out,
      `${REAL}elsewhere-`,
    );
  };
  return { taken: take(), end: () => group.end() };
};
