/** Bundles the product into dist/, unless what is there is of the present sources. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withHeartbeat } from '../running/heartbeat.ts';
import { hashSources } from './source-state.ts';

/** Bundles if the sources changed since, or `force` is given. Throws what a bundler reports. */
export const ensureBundle = async (root: string, force = false): Promise<void> => {
  const dist = join(root, 'dist');
  const stamp = join(dist, '.sources');
  const state = hashSources(root);
  if (!force && existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return;
  const started = performance.now();
  console.log('Bundling ...');
  mkdirSync(dist, { recursive: true });
  writeFileSync(stamp, '');
  await withHeartbeat('bundling', async () => {
    // Loaded only where there is something to do: the bundlers are most of the time that this takes.
    const { bundleForNode } = await import('./node-bundles.ts');
    const { bundleRenderer } = await import('./renderer-bundle.ts');
    await Promise.all([bundleForNode(root, dist), bundleRenderer(root, join(dist, 'renderer'))]);
  });
  writeFileSync(stamp, state);
  console.log(`  done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
};
