/**
 * Takes a picture of every screen, light and dark, at 1280 and 640 pixels, from scripted states.
 * `npm run screenshots [-- DIRECTORY] [--only PART-OF-A-NAME]`; they go to dist/screenshots if no directory is named.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Look, launchBrowser, openContext, showScene } from '../test/support/pages/browser.ts';
import { SCENES } from '../test/support/pages/scenes.ts';
import { STATES } from '../test/support/scripted/states.ts';
import { startScriptedEngine } from '../test/support/scripted-engine.ts';
import { bundleRenderer } from './bundling/renderer-bundle.ts';

const root = resolve(__dirname, '..');

const LOOKS: readonly Look[] = [
  { scheme: 'light', width: 1280, height: 860 },
  { scheme: 'dark', width: 1280, height: 860 },
  { scheme: 'light', width: 640, height: 860 },
  { scheme: 'dark', width: 640, height: 860 },
];

const main = async (): Promise<void> => {
  const words = process.argv.slice(2);
  const at = words.indexOf('--only');
  const only = at < 0 ? '' : (words[at + 1] ?? '');
  const [directory] = words.filter((word, index) => !word.startsWith('--') && (at < 0 || index !== at + 1));
  const out = resolve(directory ?? join(root, 'dist', 'screenshots'));
  mkdirSync(out, { recursive: true });
  const page = mkdtempSync(join(tmpdir(), 'flotilla-pictures-'));
  await bundleRenderer(root, page);
  const engine = await startScriptedEngine(page, STATES.normal());
  const browser = await launchBrowser();
  const scenes = SCENES.filter((scene) => scene.name.includes(only));
  try {
    for (const look of LOOKS) {
      const context = await openContext(browser, look);
      const tab = await context.newPage();
      for (const scene of scenes) {
        await showScene(tab, engine, scene);
        await tab.screenshot({ path: join(out, `${scene.name}-${look.scheme}-${look.width}.png`) });
      }
      await context.close();
      console.log(`${scenes.length} screens, ${look.scheme}, ${look.width} px`);
    }
  } finally {
    await browser.close();
    await engine.close();
    rmSync(page, { recursive: true, force: true });
  }
  console.log(`in ${out}`);
};

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
