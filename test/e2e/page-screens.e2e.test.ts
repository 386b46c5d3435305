import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { ensureBundle } from '../../build/bundling/ensure-bundle.ts';
import { type Look, launchBrowser } from '../support/pages/browser.ts';
import { axeFaults, COLOUR_RULES, layoutFaults, NARROW_RULES } from '../support/pages/page-faults.ts';
import type { Scene } from '../support/pages/scene.ts';
import { SCENES } from '../support/pages/scenes.ts';
import { Tab } from '../support/pages/tab.ts';

/** Every look, and which rules of axe are new in it. One of each width is tall: there all that scrolls is seen. */
const LOOKS: readonly (Look & { readonly rules: readonly string[] | null | 'none' })[] = [
  { scheme: 'light', width: 1280, height: 860, rules: null },
  { scheme: 'dark', width: 1280, height: 2400, rules: COLOUR_RULES },
  { scheme: 'dark', width: 640, height: 860, rules: NARROW_RULES },
  { scheme: 'light', width: 640, height: 2400, rules: 'none' },
  { scheme: 'light', width: 390, height: 800, rules: 'none' },
];
/** Each has two cores to itself; a third page would only wait. */
const TABS = 2;

const root = resolve(import.meta.dirname, '../..');

/** The page of the product itself, and axe beside it: its policy lets in no script that is not a file of its own place. */
let directory: string;
let browser: Browser;
const tabs: Tab[] = [];
const waiting: ((tab: Tab) => void)[] = [];
const free: Tab[] = [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'flotilla-page-'));
  await ensureBundle(root);
  cpSync(join(root, 'dist/renderer'), directory, { recursive: true });
  writeFileSync(join(directory, 'axe.js'), axe.source);
  browser = await launchBrowser();
  for (let index = 0; index < TABS; index += 1) tabs.push(await Tab.open(browser, directory));
  free.push(...tabs);
});

afterAll(async () => {
  for (const tab of tabs) await tab.close();
  await browser?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A tab that nobody uses, one that has the state already where there is one. */
const take = async (state: Scene['state']): Promise<Tab> => {
  const at = free.findIndex((tab) => tab.has(state));
  const [tab] = free.splice(Math.max(0, at), 1);
  return tab ?? new Promise((resolve) => waiting.push(resolve));
};

const giveBack = (tab: Tab): void => {
  const next = waiting.shift();
  if (next) next(tab);
  else free.push(tab);
};

describe.concurrent('every screen is drawn whole, in words, and for everyone, in each look', () => {
  it.for(SCENES.map((scene) => [scene.name, scene] as const))('%s', async ([, scene], { expect }) => {
    const tab = await take(scene.state);
    try {
      await tab.show(scene);
      for (const look of LOOKS) {
        await tab.look(look);
        const at = `${look.scheme}, ${look.width} x ${look.height}`;
        expect(await layoutFaults(tab.page), at).toEqual([]);
        if (look.rules !== 'none') expect(await axeFaults(tab.page, look.rules), at).toEqual([]);
      }
      expect(tab.errors.filter((text) => !scene.console?.test(text))).toEqual([]);
    } finally {
      giveBack(tab);
    }
  });
});
