/** Bundles the product into dist/, if what is there is not of the present sources. `--force` bundles in any case. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleForNode } from './bundling/node-bundles.ts';
import { bundleRenderer } from './bundling/renderer-bundle.ts';
import { hashSources } from './bundling/source-state.ts';

const root = resolve(__dirname, '..');
const dist = join(root, 'dist');
const stamp = join(dist, '.sources');

const main = async (): Promise<void> => {
  const state = hashSources(root);
  const before = existsSync(stamp) ? readFileSync(stamp, 'utf8') : null;
  if (before === state && !process.argv.includes('--force')) return;
  const started = performance.now();
  mkdirSync(dist, { recursive: true });
  writeFileSync(stamp, '');
  await Promise.all([bundleForNode(root, dist), bundleRenderer(root, join(dist, 'renderer'))]);
  writeFileSync(stamp, state);
  console.log(`bundled in ${((performance.now() - started) / 1000).toFixed(1)} s`);
};

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
