/**
 * `npm start`: bundles what changed and opens the window, or where no window can be opened serves the page.
 * `npm start -- --demo` runs three devices on this machine.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureBundle } from './bundling/ensure-bundle.ts';
import { runDemo } from './demo/demo.ts';
import { runInForeground } from './running/child.ts';
import { findWindowRuntime, sandboxSwitches } from './running/window-runtime.ts';
import { cacheDirectory } from './runtime/cache-directory.ts';
import { runtimeNote } from './runtime/ensure-runtime.ts';
import { cachedOfficial } from './runtime/official.ts';
import { cachedStandIn } from './runtime/stand-in.ts';

const root = resolve(__dirname, '..');

const openWindow = async (args: readonly string[]): Promise<number | null> => {
  const runtime = await findWindowRuntime(root);
  if (runtime === null) return null;
  const note = runtimeNote(runtime);
  if (note !== null) console.log(`This is a ${note}.`);
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env;
  return runInForeground(runtime.executable, [...sandboxSwitches(), root, ...args], { env: environment });
};

const servePage = (args: readonly string[]): Promise<number> =>
  runInForeground(process.execPath, [join(root, 'dist', 'cli.mjs'), 'start', '--web', ...args]);

const printVersion = (): void => {
  const { productName, version }: { productName: string; version: string } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const cache = cacheDirectory();
  const runtime = cachedOfficial(root, cache) ?? cachedStandIn(cache);
  const note = runtime === null ? null : runtimeNote(runtime);
  console.log(`${productName} ${version}${note === null ? '' : ` (${note})`}`);
};

const main = async (): Promise<void> => {
  const args = process.argv.slice(2);
  if (args.includes('--version')) return printVersion();
  await ensureBundle(root);
  if (args.includes('--demo')) {
    return runDemo(root, args);
  }
  process.exitCode = (await openWindow(args)) ?? (await servePage(args));
};

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
