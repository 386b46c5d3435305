/** What shows only once something was pressed: dialogs, toasts, what is dragged, the steps of the first run. */
import type { Page } from 'playwright-core';
import { sentenceOf } from '../../../shared/text/error-sentences.ts';
import { folderId } from '../scripted/builders.ts';
import { press, type Scene, see } from './scene.ts';

const WORK = `/folders/${folderId(2)}`;

const pressing = (name: string | RegExp) => (page: Page) => press(page, name);

const choose = async (page: Page, menu: string, item: string): Promise<void> => {
  await press(page, menu);
  await page.getByRole('menuitem', { name: item }).click();
};

/** Drags something over the window without letting it go. */
const drag = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([], 'Photos'));
    window.dispatchEvent(new DragEvent('dragenter', { dataTransfer }));
  });

const toCode = async (page: Page): Promise<void> => {
  await press(page, 'Go on');
  await press(page, /^Join with a code/);
};

const FIRST_RUN: readonly Scene[] = [
  { name: 'first-run-1-name', state: 'first-run', route: '' },
  { name: 'first-run-2-choose', state: 'first-run', route: '', prepare: pressing('Go on') },
  {
    name: 'first-run-2-start',
    state: 'first-run',
    route: '',
    prepare: async (page) => {
      await press(page, 'Go on');
      await press(page, /^Start a new group/);
    },
  },
  { name: 'first-run-2-code', state: 'first-run', route: '', prepare: toCode },
  {
    name: 'first-run-2-code-refused',
    state: 'first-run',
    route: '',
    prepare: async (page, engine) => {
      await toCode(page);
      engine.script.refusals.set('group.join', 'invite-expired');
      await page.getByLabel('Code').fill('aefd5-kolf2-4ukxx-jvwym-blocr');
      await press(page, 'Join');
      await see(page, 'The code has expired.');
    },
  },
  { name: 'first-run-2-approval', state: 'joining', route: '' },
  {
    name: 'first-run-3-share',
    state: 'first-run',
    route: '',
    prepare: async (page) => {
      await press(page, 'Go on');
      await press(page, 'Start a new group');
      await press(page, 'Start it');
      await see(page, 'Your first folder');
    },
  },
  {
    name: 'first-run-3-offered',
    state: 'first-run',
    route: '',
    prepare: async (page) => {
      await toCode(page);
      await page.getByLabel('Code').fill('aefd5-kolf2-4ukxx-jvwym-blocr');
      await press(page, 'Join');
      await see(page, 'You’re in');
    },
  },
];

const DIALOGS: readonly Scene[] = [
  { name: 'dialog-add-device', state: 'normal', route: '/devices', prepare: pressing('Add a device…') },
  {
    name: 'dialog-invite-code',
    state: 'normal',
    route: '/devices',
    prepare: async (page) => {
      await press(page, 'Add a device…');
      await press(page, 'Make a code');
      await see(page, 'Copy the code');
    },
  },
  { name: 'dialog-share', state: 'normal', route: '/folders', prepare: pressing('Share a folder…') },
  {
    name: 'dialog-browse',
    state: 'normal',
    route: '/folders',
    prepare: async (page) => {
      await press(page, 'Share a folder…');
      await press(page, 'Choose…');
      await see(page, 'Documents');
    },
  },
  { name: 'dialog-accept', state: 'busy', route: '/folders', prepare: pressing('Accept Recipes') },
  { name: 'dialog-budget', state: 'normal', route: '/master', prepare: pressing('Change…') },
  {
    name: 'dialog-confirm',
    state: 'normal',
    route: '/folders',
    prepare: (page) => choose(page, 'More for Work', 'Stop sharing with everyone…'),
  },
  {
    name: 'dialog-rename',
    state: 'normal',
    route: '/folders',
    prepare: (page) => choose(page, 'More for Work', 'Rename…'),
  },
  {
    name: 'dialog-leave',
    state: 'two-without-heavier',
    route: '/master',
    prepare: pressing('Leave and start a new group…'),
  },
];

const SAID: readonly Scene[] = [
  {
    name: 'toast-done',
    state: 'normal',
    route: '/folders',
    prepare: async (page) => {
      await choose(page, 'More for Work', 'Pause');
      await see(page, 'Work is paused');
    },
  },
  {
    name: 'toast-refused',
    state: 'busy',
    route: '/folders',
    prepare: async (page, engine) => {
      engine.script.refusals.set('folders.accept', 'path-not-writable');
      await press(page, 'Accept Recipes');
      await page.getByRole('dialog').getByRole('button', { name: 'Accept', exact: true }).click();
      await see(page, '/srv/locked');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    },
  },
  { name: 'drop-overlay', state: 'normal', route: '/folders', prepare: drag },
  { name: 'drop-overlay-no-group', state: 'first-run', route: '', prepare: drag },
  {
    name: 'folder-versions-none',
    state: 'normal',
    route: `${WORK}/versions`,
    before: (engine) => {
      engine.script.noVersions = true;
    },
  },
];

/** What a browser says of connections that are refused. */
const REFUSED = /WebSocket connection|Failed to load resource/;

const CONNECTIONS: readonly Scene[] = [
  {
    name: 'starting',
    state: 'normal',
    route: '',
    sign: '[aria-busy="true"]',
    before: (engine) => {
      engine.script.silent = true;
    },
  },
  {
    name: 'not-running',
    state: 'normal',
    route: '',
    sign: 'text=Try now',
    before: (engine) => engine.shut(),
    console: REFUSED,
  },
  {
    name: 'reconnecting',
    state: 'normal',
    route: '/folders',
    prepare: async (page, engine) => {
      engine.shut();
      engine.cut();
      await see(page, 'Reconnecting…');
    },
    console: REFUSED,
  },
  {
    name: 'failed',
    state: 'normal',
    route: '',
    prepare: async (page, engine) => {
      engine.setToken('of another start');
      engine.cut();
      await see(page, sentenceOf('unauthorized').what);
    },
    console: REFUSED,
  },
];

export const ACTS: readonly Scene[] = [...FIRST_RUN, ...DIALOGS, ...SAID, ...CONNECTIONS];
