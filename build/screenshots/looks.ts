/** How each picture is taken. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type Look, lookAt } from '../../test/support/pages/browser.ts';

/** Light and dark, as wide as a window and as narrow as one gets. */
export const LOOKS: readonly Look[] = [
  { scheme: 'light', width: 1280, height: 860 },
  { scheme: 'dark', width: 1280, height: 860 },
  { scheme: 'light', width: 640, height: 860 },
  { scheme: 'dark', width: 640, height: 860 },
];

/** Takes what the page shows in all looks, into `NAME-SCHEME-WIDTH.png`. */
export const takePictures = async (page: Page, out: string, name: string): Promise<void> => {
  for (const look of LOOKS) {
    await lookAt(page, look);
    await page.screenshot({ path: join(out, `${name}-${look.scheme}-${look.width}.png`) });
  }
};
