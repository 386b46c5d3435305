import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureBundle } from '../../build/bundling/ensure-bundle.ts';
import { launchBrowser } from '../support/pages/browser.ts';
import type { Scene } from '../support/pages/scene.ts';
import { Tab } from '../support/pages/tab.ts';
import { deviceId, folderId, minutesAgo } from '../support/scripted/builders.ts';
import { STATES } from '../support/scripted/states.ts';
import { SCRIPTED_TOKEN, type ScriptedEngine } from '../support/scripted-engine.ts';

const root = resolve(import.meta.dirname, '../..');
/** The page of the product itself: a scripted engine serves the same. */
const directory = join(root, 'dist/renderer');

let browser: Browser;
let tab: Tab;
let engine: ScriptedEngine;
let page: Page;

beforeAll(async () => {
  await ensureBundle(root);
  browser = await launchBrowser();
});

afterAll(() => browser?.close());

beforeEach(async () => {
  tab = await Tab.open(browser, directory);
  ({ engine, page } = tab);
});

afterEach(() => tab.close());

const show = (state: Scene['state'], route: string, names = 0): Promise<void> =>
  tab.show({ name: 'here', state, route, names });
const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).first().click();
const seen = (text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();
const gone = (text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor({ state: 'detached' });
const asked = (procedure: string): readonly unknown[] =>
  engine.script.calls.filter((call) => call.procedure === procedure).map((call) => call.input);

describe('the first run', () => {
  it('starts a group and shares the first folder', async () => {
    await show('first-run', '');
    await page.getByLabel('Name of this computer').fill('Desk');
    await press('Go on');
    await press(/^Start a new group/);
    await press('Start it');
    await seen('Your first folder');
    await press('Choose a directory…');
    await press('Pictures');
    await press('Choose this directory');
    await seen('Pictures is shared');
    await press('Done');
    await page.locator('[data-folder="Pictures"]').waitFor();
    expect(asked('devices.rename')).toEqual([{ device: deviceId(1), name: 'Desk' }]);
    expect(asked('folders.share')).toEqual([{ path: '/home/anna/Pictures', access: 'readWrite' }]);
  });

  it('joins with a code that was pasted with spaces, shows the phrase, and what is offered', async () => {
    await show('first-run', '');
    await press('Go on');
    await press(/^Join with a code/);
    await page.getByLabel('Code').fill(' FLT1 k7m2\n');
    await press('Join');
    await seen('amber river seven');
    await seen('Only go on if both screens show it.');
    await seen('You’re in');
    await press('Accept Photos');
    await page.getByLabel('Where on this computer?').fill('/home/anna/Photos');
    await page.getByRole('dialog').getByRole('button', { name: 'Accept', exact: true }).click();
    await seen('Accepted');
    expect(asked('group.join')).toMatchObject([{ code: 'flt1k7m2' }]);
    expect(asked('folders.accept')).toEqual([{ folder: folderId(1), path: '/home/anna/Photos' }]);
  });

  it('says what is wrong with a code, and lets it be corrected', async () => {
    await show('first-run', '');
    engine.script.refusals.set('group.join', 'invite-expired');
    await press('Go on');
    await press(/^Join with a code/);
    await page.getByLabel('Code').fill('flt1');
    await press('Join');
    await seen('The code has expired.');
    await press('Back');
    await seen('Is this your first device?');
  });
});

describe('devices', () => {
  it('makes a code for a device of one’s own, and lets it in when both phrases agree', async () => {
    await show('normal', '/devices');
    await press('Add a device…');
    await expect.poll(() => page.getByRole('radio', { name: /Is it yours\?/ }).isChecked()).toBe(true);
    await press('Make a code');
    await page.locator('[data-invite-code]').waitFor();
    expect(asked('group.invite')).toMatchObject([{ role: 'admin', approve: 'ask', expiresMs: 86_400_000 }]);
    engine.script.update((before) => ({
      ...before,
      requests: [{ id: 'r7', name: 'Tablet', phrase: 'stone bird nine', role: 'admin', since: minutesAgo(0) }],
    }));
    await seen('stone bird nine');
    await press('Both show it: let it in');
    await seen('Tablet is let in');
    expect(asked('group.approve')).toEqual([{ request: 'r7' }]);
  });

  it('says of a code that waits for the master that nobody can use it yet, and when it can', async () => {
    await show('two-without-heavier', '/devices');
    await press('Add a device…');
    await press('Make a code');
    await seen('It can’t be used yet: it waits for the master');
    engine.script.update((before) => ({
      ...before,
      invites: before.invites.map((invite) => ({ ...invite, state: 'open' as const })),
    }));
    await seen(/^Ends /);
  });

  it('takes a device out only after saying what happens to files', async () => {
    await show('normal', '/devices');
    await press('More for Pi');
    await page.getByRole('menuitem', { name: 'Take it out of the group…' }).click();
    await seen('What it already holds stays on it. No file is deleted anywhere.');
    expect(asked('devices.remove')).toEqual([]);
    await press('Take it out');
    await seen('Pi is out of the group');
  });
});

describe('master', () => {
  it('follows a failover while it happens', async () => {
    await show('normal', '/master');
    await seen('Studio is the metadata master');
    engine.script.update(() => STATES['failover-live']());
    await seen('The master is gone: another is being chosen');
    await seen('so far');
    engine.script.update((before) => ({
      ...before,
      master: { ...before.master, state: 'master', master: deviceId(1), quorate: true, term: 8, election: null },
    }));
    await seen('This computer is the metadata master');
    await gone('so far');
  });

  it('cancels what waits', async () => {
    await show('two-without-heavier', '/master');
    await seen('No decisions can be made until Studio is back.');
    await press('Cancel: Share "Scans"');
    await page.getByRole('button', { name: 'Cancel: Share "Scans"' }).waitFor({ state: 'detached' });
    expect(asked('waiting.cancel')).toEqual([{ id: 'w1' }]);
  });

  it('leads out of a group whose other computer died', async () => {
    await show('two-without-heavier', '/master');
    await press('Leave and start a new group…');
    await seen('All files on this computer stay where they are.');
    await page.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true }).click();
    await seen('What is this computer called?');
  });

  it('says what a group that was left still needs, and gives it up after saying what follows', async () => {
    await show('left', '');
    await seen('Still leaving Home group');
    await seen(/still has 2 of 3 votes in the background, until Studio can take them/);
    await press('Give up…');
    await seen(/Studio can’t decide anything any more then/);
    await page.getByRole('dialog').getByRole('button', { name: 'Give up', exact: true }).click();
    await gone('Still leaving Home group');
    expect(asked('group.giveUpLeaving')).toEqual([{ group: 'a7'.repeat(32) }]);
  });

  it('leads out of a group that has removed this computer', async () => {
    await show('removed', '/activity');
    await press('Leave the group here…');
    await page.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true }).click();
    await seen('What is this computer called?');
  });

  it('explains its words', async () => {
    await show('normal', '/master');
    await press('What is the inequality?');
    await seen(/crash detection \+ crash recovery \+ normal response/);
  });
});

describe('conflicts and versions', () => {
  it('keeps one version, and brings both back', async () => {
    await show('trouble', '/conflicts');
    await press('Keep mine: Offer Meyer.odt');
    await seen('Kept the version of this computer');
    await press('Undo');
    await seen('Both versions are back');
    expect(asked('conflicts.resolve')).toMatchObject([{ folder: folderId(2), keep: 'keep-this' }]);
    expect(asked('versions.restore')).toMatchObject([{ version: 'v9' }]);
  });

  it('restores a kept version', async () => {
    await show('normal', `/folders/${folderId(2)}/versions`);
    await press('Restore Old plans/terrace.svg');
    await seen('It is back');
    expect(asked('versions.restore')).toMatchObject([{ version: 'v2', path: 'Old plans/terrace.svg' }]);
  });
});

describe('folders', () => {
  it('goes on with a halted folder where it lies now', async () => {
    await show('trouble', `/folders/${folderId(1)}`);
    await page.getByRole('radio', { name: /^It lies somewhere else now/ }).check();
    await press('Choose where…');
    await page.getByLabel('Where is it now?').fill('/mnt/new/Photos');
    await press('It is there');
    await seen('Photos goes on');
    expect(asked('folders.resume')).toEqual([
      { folder: folderId(1), answer: { type: 'movedTo', path: '/mnt/new/Photos' } },
    ]);
  });

  it('shows the files of a paused folder, and what is kept of it', async () => {
    await show('paused', `/folders/${folderId(2)}`);
    await seen('Plan of the garden.svg');
    await page.getByRole('link', { name: 'Kept versions' }).click();
    await seen('Work is paused');
    const restore = page.getByRole('button', { name: 'Restore Old plans/terrace.svg' });
    expect(await restore.isDisabled()).toBe(true);
    await press('Go on');
    await gone('Work is paused');
    await restore.click();
    await seen('It is back');
  });

  it('offers of a folder that waits for the master only to take it back', async () => {
    await show('two-without-heavier', `/folders/${folderId(9)}`);
    await seen('Until then nothing of it leaves this computer');
    await press('More for Scans');
    await expect.poll(() => page.getByRole('menuitem').allInnerTexts()).toEqual(['Cancel sharing it']);
    await page.keyboard.press('Escape');
    await press('Cancel sharing it');
    await seen('Cancelled');
    expect(asked('waiting.cancel')).toEqual([{ id: 'w1' }]);
    expect(asked('folders.files')).toEqual([]);
  });

  it('says in words why something was refused', async () => {
    await show('normal', '/folders');
    engine.script.refusals.set('folders.share', 'path-inside-folder');
    await press('Share a folder…');
    await page.getByLabel('Directory on this computer').fill('/home/anna/Photos/2026');
    await page.getByRole('dialog').getByRole('button', { name: 'Share', exact: true }).click();
    await seen('That place lies inside a folder that is already shared.');
  });

  it('stays quick with 100,000 names', async () => {
    await show('hundred-thousand', `/folders/${folderId(1)}`, 100_000);
    await seen('document 000001.txt');
    const tree = page.getByRole('tree');
    await tree.locator('[data-index="0"]').focus();
    await page.keyboard.press('End');
    await expect.poll(() => tree.getByText(/^document 000[5-9]\d\d\.txt$/).count()).toBeGreaterThan(0);
    expect(await tree.getByRole('treeitem').count()).toBeLessThan(80);
  });

  it('opens directories by keyboard', async () => {
    await show('trouble', `/folders/${folderId(2)}`);
    const tree = page.getByRole('tree');
    await tree.locator('[data-index="0"]').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await seen('IMG_4411.jpg');
    await page.keyboard.press('ArrowLeft');
    await gone('IMG_4411.jpg');
  });

  it('says what a drop will do while something is dragged over the window', async () => {
    await show('normal', '/folders');
    const transfer = await page.evaluateHandle(() => {
      const made = new DataTransfer();
      made.items.add(new File([''], 'Scans'));
      return made;
    });
    await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
    await seen('Share this directory with Home group');
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    await gone('Share this directory with Home group');
    await seen('Where does Scans lie?');
  });
});

describe('the connection', () => {
  it('keeps the screen and comes back by itself', async () => {
    await show('normal', '/folders');
    engine.script.update((before) => before);
    engine.cut();
    await seen('Reconnecting… What you see is from a moment ago.');
    expect(await page.locator('[data-folder="Photos"]').count()).toBe(1);
    await gone('Reconnecting… What you see is from a moment ago.');
    engine.script.update((before) => ({ ...before, conflictCount: 1 }));
    await seen('1 file has two versions: choose one');
  });

  it('says that it may not come back where the engine was started with another token', async () => {
    await show('normal', '/folders');
    engine.setToken('another');
    engine.cut();
    await seen('This page may not talk to Flotilla.');
    engine.setToken(SCRIPTED_TOKEN);
    await page.locator('[data-folder="Photos"]').waitFor();
  });

  it('takes the token out of the address', async () => {
    await show('normal', '/folders');
    expect(page.url()).not.toContain('token');
    await page.reload();
    await seen('Everything is on all 3 devices');
  });
});

describe('the keyboard', () => {
  it('goes on from the heading of the screen that was chosen, and keeps its row of a long tree', async () => {
    await show('hundred-thousand', `/folders/${folderId(1)}`, 100_000);
    const row = page.getByRole('tree').locator('[data-index="2"]');
    await row.click();
    await page.getByRole('tree').evaluate((tree) => tree.parentElement?.scrollTo(0, 9_000));
    await seen('document 000260.txt');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-index'))).toBe('2');
    await page.getByRole('link', { name: /^Devices/ }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Devices');
    await expect.poll(() => page.title()).toMatch(/^Devices · /);
  });

  it('reaches every screen with a visible focus', async () => {
    await show('normal', '/folders');
    const reached = new Set<string>();
    for (let press = 0; press < 9; press += 1) {
      await page.keyboard.press('Tab');
      const focus = await page.evaluate(() => {
        const at = document.activeElement;
        const style = at ? getComputedStyle(at) : null;
        return { href: at?.getAttribute('href') ?? '', outline: style?.outlineStyle ?? 'none' };
      });
      reached.add(focus.href);
      expect(focus.outline).not.toBe('none');
    }
    for (const screen of ['folders', 'devices', 'master', 'conflicts', 'activity', 'settings']) {
      expect(reached).toContain(`#/${screen}`);
    }
  });
});
