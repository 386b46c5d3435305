/**
 * Takes a picture of every screen, light and dark, at 1280 and 640 pixels: in scripted states, and from the pages of three
 * real engines on this machine, also after their master was killed (names that begin with `real-`).
 * `npm run screenshots [-- DIRECTORY] [--only PART-OF-A-NAME]`; they go to dist/screenshots if no directory is named.
 */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../test/support/pages/browser.ts';
import { SCENES } from '../test/support/pages/scenes.ts';
import { ensureBundle } from './bundling/ensure-bundle.ts';
import { withHeartbeat } from './running/heartbeat.ts';
import { LOOKS } from './screenshots/looks.ts';
import { beginReal, REAL } from './screenshots/real-pictures.ts';
import { takeScripted } from './screenshots/scripted-pictures.ts';

const root = resolve(__dirname, '..');

/** Rejects when a signal asks this to end: what was begun is ended then, as after any failure. */
const untilEnded = (): Promise<never> =>
  new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => reject(new Error(`ended by ${signal}`)));
  });

const takeReal = async (browser: Browser, out: string, ended: Promise<never>): Promise<void> => {
  const { taken, end } = beginReal(root, browser, out);
  try {
    await withHeartbeat('real engines', () => Promise.race([taken, ended]));
  } finally {
    await end();
  }
};

const main = async (): Promise<void> => {
  const ended = untilEnded();
  ended.catch(() => undefined);
  const words = process.argv.slice(2);
  const at = words.indexOf('--only');
  const only = at < 0 ? '' : (words[at + 1] ?? '');
  const [directory] = words.filter((word, index) => !word.startsWith('--') && (at < 0 || index !== at + 1));
  const out = resolve(directory ?? join(root, 'dist', 'screenshots'));
  mkdirSync(out, { recursive: true });
  await ensureBundle(root);
  const browser = await launchBrowser(false);
  try {
    const scenes = SCENES.filter(({ name }) => name.includes(only));
    if (scenes.length > 0)
      await Promise.race([takeScripted(browser, join(root, 'dist', 'renderer'), scenes, out), ended]);
    console.log(`${scenes.length} scripted screens, ${LOOKS.length} looks each`);
    if (only === '' || only.startsWith(REAL)) await takeReal(browser, out, ended);
  } finally {
    await browser.close();
  }
  console.log(`in ${out}`);
};

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    // Whatever was under way has been ended, and may still wait for what never comes.
    process.exit(1);
  },
);
