import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openContext, openPage } from '../support/pages/browser.ts';
import { eventually, Playground } from '../support/real-engine.ts';
import { foldersOf } from '../support/real-group.ts';

/** The page in a browser against an engine without a screen: the same interface as the window's. */
describe('the page of a headless engine', () => {
  const ground = new Playground();
  const nas = ground.engine('Nas', ['--no-dht']);
  const laptop = ground.engine('Laptop', ['--no-dht']);
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    await nas.start('--web');
    await laptop.start();
    browser = await launchBrowser();
    page = await openPage(await openContext(browser, { scheme: 'light', width: 1280, height: 860 }, null));
  });

  afterAll(async () => {
    await browser?.close();
    await ground.end();
  });

  const press = (name: string | RegExp): Promise<void> => page.getByRole('button', { name }).first().click();
  const seen = (text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();

  it('turns away whoever comes without the token', async () => {
    const address = new URL(nas.web ?? '');
    expect((await fetch(`${address.origin}/`)).status).toBe(401);
    expect((await fetch(`${address.origin}/?token=guess`)).status).toBe(401);
    expect((await fetch(address)).status).toBe(200);
  });

  it('starts a group, lets a device in after the phrase was compared, and shows it', async () => {
    await page.goto(nas.web ?? '');
    await page.getByLabel('Name of this computer').fill('Nas');
    await press('Go on');
    await press(/^Start a new group/);
    await press('Start it');
    await seen('Your first folder');
    await page
      .getByRole('button', { name: /Later|Done|Skip|Not now/ })
      .first()
      .click();
    await page.getByRole('link', { name: /^Devices/ }).click();
    const invite = await nas.run<{ code: string }>('invite', '--role', 'member');
    const joining = laptop.attempt(['join', '-', '--wait', '60'], invite.code);
    const request = await eventually('the request is there', async () => {
      const [first] = await nas.run<{ phrase: string }[]>('requests');
      return first;
    });
    await seen(request.phrase);
    await press(/let it in$/);
    const joined = await joining;
    expect(joined.exit, joined.stdout + joined.stderr).toBe(0);
    await seen('Laptop');
  });

  it('shows a folder of the other device, accepts it and says that all is the same', async () => {
    const work = ground.path('Work');
    const place = ground.path('here');
    mkdirSync(work);
    writeFileSync(join(work, 'plan.txt'), 'the plan');
    await laptop.run('share', work);
    await page.getByRole('link', { name: /^Folders/ }).click();
    await seen('Work');
    const { id } = await eventually('it is offered', async () => (await foldersOf(nas))[0]);
    await nas.run('accept', id, place);
    await nas.run('wait-idle', '--timeout', '60');
    await seen(/Everything is on (both|all 2)/);
    await page.locator('[data-folder="Work"] a').first().click();
    await seen('plan.txt');
  });
});
