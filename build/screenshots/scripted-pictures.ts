/** Pictures of every screen in states that were made by hand. */
import type { Browser } from 'playwright-core';
import type { Scene } from '../../test/support/pages/scene.ts';
import { Tab } from '../../test/support/pages/tab.ts';
import { takePictures } from './looks.ts';

/** Takes the scenes. `page`: where the page is bundled. */
export const takeScripted = async (
  browser: Browser,
  page: string,
  scenes: readonly Scene[],
  out: string,
): Promise<void> => {
  const tab = await Tab.open(browser, page);
  try {
    for (const scene of scenes) {
      await tab.show(scene);
      await takePictures(tab.page, out, scene.name);
    }
  } finally {
    await tab.close();
  }
};
