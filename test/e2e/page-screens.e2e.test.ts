import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleRenderer } from '../../build/bundling/renderer-bundle.ts';
import { ERROR_CODES } from '../../shared/errors.ts';
import { type Look, launchBrowser, openContext, showScene } from '../support/pages/browser.ts';
import { SCENES } from '../support/pages/scenes.ts';
import { textFaults } from '../support/pages/text-layout.ts';
import { STATES } from '../support/scripted/states.ts';
import { type ScriptedEngine, startScriptedEngine } from '../support/scripted-engine.ts';

const RAW = /\bundefined\b|\bNaN\b|\[object |\bnull\b|\bInfinity\b/;
const codes = ERROR_CODES.filter((code) => code.includes('-'));

const LOOKS: readonly Look[] = [
  { scheme: 'light', width: 1280, height: 860 },
  { scheme: 'dark', width: 640, height: 860 },
];
const PHONE: Look = { scheme: 'light', width: 390, height: 800 };

let directory: string;
let engine: ScriptedEngine;
let browser: Browser;

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

/** The faults that axe finds, in words. */
const axeFaults = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const checker = Reflect.get(window, 'axe') as {
      run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
    };
    const { violations } = await checker.run();
    return violations.flatMap((violation) =>
      violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)}`),
    );
  });
};

const openLook = async (look: Look): Promise<{ context: BrowserContext; page: Page; errors: string[] }> => {
  const context = await openContext(browser, look);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  return { context, page, errors };
};

const lookAt = (look: Look, scenes: typeof SCENES): void => {
  describe(`${look.scheme}, ${look.width} px`, () => {
    let opened: Awaited<ReturnType<typeof openLook>>;
    beforeAll(async () => {
      opened = await openLook(look);
    });
    afterAll(() => opened.context.close());

    it.each(scenes.map((scene) => [scene.name, scene] as const))('%s', async (_name, scene) => {
      const { page, errors } = opened;
      errors.length = 0;
      await showScene(page, engine, scene);
      expect(await textFaults(page)).toEqual([]);
      const words = await page.locator('body').innerText();
      expect(words).not.toMatch(RAW);
      expect(codes.filter((code) => words.includes(code))).toEqual([]);
      expect(await axeFaults(page)).toEqual([]);
      expect(errors).toEqual([]);
    });
  });
};

for (const look of LOOKS) lookAt(look, SCENES);
lookAt(
  PHONE,
  SCENES.filter((scene) => /-(normal|trouble|long-names)$|^first-run|^dialog/.test(scene.name)),
);
