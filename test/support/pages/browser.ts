/** A real Chromium for the page, and the ways in which a page is looked at. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'] as const;

/** Where a Chromium lies on this machine. Throws with what to install where there is none. */
export const chromiumPath = (): string => {
  const found = [process.env.FLOTILLA_CHROMIUM, ...PLACES].find((path) => path !== undefined && existsSync(path));
  if (found === undefined) throw new Error('no Chromium here: apt-get install -y --no-install-recommends chromium');
  return found;
};

/** `endsOnSignals`: whether a signal ends it and this process with it; else whoever launched it has to see to that. */
export const launchBrowser = (endsOnSignals = true): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath(),
    handleSIGINT: endsOnSignals,
    handleSIGTERM: endsOnSignals,
    handleSIGHUP: endsOnSignals,
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

/** A context without motion, whose clock stands at `now`, or goes on where that is null. */
export const openContext = async (browser: Browser, look: Look, now: number | null): Promise<BrowserContext> => {
  const context = await browser.newContext({
    colorScheme: look.scheme,
    reducedMotion: 'reduce',
    viewport: { width: look.width, height: look.height },
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  if (now !== null) await context.clock.setFixedTime(now);
  return context;
};

/** A page of the context in which functions can be run that were named by the loader that this runs in. */
export const openPage = async (context: BrowserContext): Promise<Page> => {
  const page = await context.newPage();
  await page.addInitScript('globalThis.__name = (given) => given');
  return page;
};

/** Goes to another screen of the page that is there. */
export const goTo = async (page: Page, route: string): Promise<void> => {
  await page.evaluate((hash) => {
    window.location.hash = hash;
    document.querySelector('main')?.scrollTo(0, 0);
  }, route);
};

/** Waits until the fonts are there and, unless that is what is looked at, nothing is busy. */
export const standsStill = async (page: Page, isBusy = false): Promise<void> => {
  await page.evaluate(async () => {
    await document.fonts.ready;
  });
  await page.waitForFunction((rows) => rows || document.querySelector('[aria-busy="true"]') === null, isBusy);
};

/** Changes colours and size of what is shown, and waits until it is drawn so. */
export const lookAt = async (page: Page, { scheme, width, height }: Look): Promise<void> => {
  await page.emulateMedia({ colorScheme: scheme });
  await page.setViewportSize({ width, height });
  await page.evaluate(async (wanted) => {
    const drawn = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done));
    const root = document.documentElement;
    do await drawn();
    while (root.dataset.mantineColorScheme !== undefined && root.dataset.mantineColorScheme !== wanted);
    await drawn();
  }, scheme);
};
