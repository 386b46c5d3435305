/** A real Chromium for the page: started once, a page for each width and colour scheme. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { NOW } from '../scripted/builders.ts';
import { STATES } from '../scripted/states.ts';
import type { ScriptedEngine } from '../scripted-engine.ts';
import type { Scene } from './scenes.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'] as const;

/** Where a Chromium lies on this machine. Throws with what to install where there is none. */
export const chromiumPath = (): string => {
  const found = [process.env.FLOTILLA_CHROMIUM, ...PLACES].find((path) => path !== undefined && existsSync(path));
  if (found === undefined) throw new Error('no Chromium here: apt-get install -y --no-install-recommends chromium');
  return found;
};

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--font-render-hinting=none',
    ],
  });

export interface Look {
  readonly scheme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
}

/** A context whose clock stands at the moment of the scripted states, without motion. */
export const openContext = async (browser: Browser, look: Look): Promise<BrowserContext> => {
  const context = await browser.newContext({
    colorScheme: look.scheme,
    reducedMotion: 'reduce',
    viewport: { width: look.width, height: look.height },
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  await context.clock.setFixedTime(NOW);
  return context;
};

/** Shows one scene and waits until it stands still. */
export const showScene = async (page: Page, engine: ScriptedEngine, scene: Scene): Promise<void> => {
  engine.setNames(scene.names ?? 0);
  engine.script.reset(STATES[scene.state]());
  await page.goto('about:blank');
  await page.goto(engine.url);
  await page.evaluate((route) => {
    window.location.hash = route;
  }, scene.route);
  await page.locator('h1').first().waitFor();
  await scene.prepare?.(page);
  await page.evaluate(async () => {
    await document.fonts.ready;
  });
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
};
