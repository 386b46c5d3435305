import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleRenderer } from '../../build/bundling/renderer-bundle.ts';
import { launchBrowser, openContext, showScene } from '../support/pages/browser.ts';
import type { Scene } from '../support/pages/scenes.ts';
import { deviceId, folderId, minutesAgo } from '../support/scripted/builders.ts';
import { STATES } from '../support/scripted/states.ts';
import { type ScriptedEngine, startScriptedEngine } from '../support/scripted-engine.ts';

let directory: string;
let engine: ScriptedEngine;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'flotilla-page-'));
  await bundleRenderer(resolve(import.meta.dirname, '../..'), directory);
  engine = await startScriptedEngine(directory, STATES.normal());
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await engine?.close();
  rmSync(directory, { recursive: true, force: true });
});

beforeEach(async () => {
  context = await openContext(browser, { scheme: 'light', width: 1280, height: 860 });
  page = await context.newPage();
});

afterEach(() => context.close());

const show = (state: Scene['state'], route: string, names = 0): Promise<void> =>
  showScene(page, engine, { name: 'here', state, route, names });
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

  it('explains its words', async () => {
    await show('normal', '/master');
    await press('What is the inequality?');
    await seen(/crash detection \+ crash recovery \+ normal response/);
  });
});

describe('conflicts and versions', () => {
  it('keeps one version, and brings both back', async () => {
    await show('trouble', '/conflicts');
    await press('Keep that: the version of This computer');
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
    await press('It moved to…');
    await page.getByLabel('Where is it now?').fill('/mnt/new/Photos');
    await press('It is there');
    await seen('Photos goes on');
    expect(asked('folders.resume')).toEqual([
      { folder: folderId(1), answer: { type: 'movedTo', path: '/mnt/new/Photos' } },
    ]);
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

  it('takes the token out of the address', async () => {
    await show('normal', '/folders');
    expect(page.url()).not.toContain('token');
    await page.reload();
    await seen('Everything is on all 3 devices');
  });
});

describe('the keyboard', () => {
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
