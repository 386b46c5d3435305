/** Every screen in the states that matter: what the pictures show and the page tests look at. */
import type { Page } from 'playwright-core';
import { folderId } from '../scripted/builders.ts';
import type { StateName } from '../scripted/states.ts';

/** One picture: a state, where to go in it, and what to press before. */
export interface Scene {
  readonly name: string;
  readonly state: StateName;
  /** After the `#`. */
  readonly route: string;
  /** Names in the folder's root; 0 for the small tree. */
  readonly names?: number;
  readonly prepare?: (page: Page) => Promise<void>;
}

const PLACES = {
  folders: '/folders',
  folder: `/folders/${folderId(2)}`,
  devices: '/devices',
  master: '/master',
  conflicts: '/conflicts',
  activity: '/activity',
  settings: '/settings',
} as const;

const everywhere = (state: StateName, name: string): readonly Scene[] =>
  Object.entries(PLACES).map(([place, route]) => ({ name: `${place}-${name}`, state, route }));

const press = (label: string) => async (page: Page) => {
  await page.getByRole('button', { name: label }).first().click();
};

export const SCENES: readonly Scene[] = [
  ...everywhere('normal', 'normal'),
  ...everywhere('empty', 'empty').filter((scene) => scene.name !== 'folder-empty'),
  ...everywhere('trouble', 'trouble'),
  ...everywhere('long-names', 'long-names'),
  { name: 'folders-busy', state: 'busy', route: PLACES.folders },
  { name: 'devices-request', state: 'request', route: PLACES.devices },
  { name: 'devices-busy', state: 'busy', route: PLACES.devices },
  { name: 'master-busy', state: 'busy', route: PLACES.master },
  { name: 'folders-right-to-left', state: 'right-to-left', route: PLACES.folders },
  { name: 'devices-right-to-left', state: 'right-to-left', route: PLACES.devices },
  { name: 'folder-hundred-thousand', state: 'hundred-thousand', route: `/folders/${folderId(1)}`, names: 100_000 },
  { name: 'folder-activity', state: 'normal', route: `${PLACES.folder}/activity` },
  { name: 'folder-versions', state: 'normal', route: `${PLACES.folder}/versions` },
  { name: 'folder-access', state: 'normal', route: `${PLACES.folder}/access` },
  { name: 'folder-halted', state: 'trouble', route: `/folders/${folderId(1)}` },
  { name: 'folder-read-only', state: 'trouble', route: `/folders/${folderId(3)}` },
  { name: 'master-two-without-heavier', state: 'two-without-heavier', route: PLACES.master },
  { name: 'master-failover-live', state: 'failover-live', route: PLACES.master },
  { name: 'home-cloned', state: 'cloned', route: PLACES.folders },
  { name: 'home-restored', state: 'restored', route: PLACES.folders },
  { name: 'first-run-1-name', state: 'first-run', route: '' },
  { name: 'first-run-2-choose', state: 'first-run', route: '', prepare: press('Go on') },
  {
    name: 'first-run-2-code',
    state: 'first-run',
    route: '',
    prepare: async (page) => {
      await press('Go on')(page);
      await page.getByRole('button', { name: /^Join with a code/ }).click();
    },
  },
  { name: 'first-run-2-approval', state: 'joining', route: '' },
  {
    name: 'first-run-3-share',
    state: 'first-run',
    route: '',
    prepare: async (page) => {
      await press('Go on')(page);
      await press('Start a new group')(page);
      await press('Start it')(page);
      await page.getByText('Your first folder').waitFor();
    },
  },
  { name: 'dialog-add-device', state: 'normal', route: PLACES.devices, prepare: press('Add a device…') },
  {
    name: 'dialog-invite-code',
    state: 'normal',
    route: PLACES.devices,
    prepare: async (page) => {
      await press('Add a device…')(page);
      await press('Make a code')(page);
      await page.getByText('Copy the code').waitFor();
    },
  },
  { name: 'dialog-share', state: 'normal', route: PLACES.folders, prepare: press('Share a folder…') },
  { name: 'dialog-accept', state: 'busy', route: PLACES.folders, prepare: press('Accept Recipes') },
  { name: 'dialog-budget', state: 'normal', route: PLACES.master, prepare: press('Change…') },
  {
    name: 'dialog-leave',
    state: 'two-without-heavier',
    route: PLACES.master,
    prepare: press('Leave and start a new group…'),
  },
];
