/** `npx tsx build/bundle.ts [--force]`: bundles the product into dist/ if its sources changed. */
import { resolve } from 'node:path';
import { ensureBundle } from './bundling/ensure-bundle.ts';

ensureBundle(resolve(__dirname, '..'), process.argv.includes('--force')).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
