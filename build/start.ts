/**
 * `npm start`: bundles what changed and opens the window, or where no window can be opened serves the page.
 * `npm start -- --demo` runs three devices on this machine.
 */
import { join, resolve } from 'node:path';
import { ensureBundle } from './bundling/ensure-bundle.ts';
import { runDemo } from './demo/demo.ts';
import { runInForeground } from './running/child.ts';
import { findWindowRuntime, sandboxSwitches } from './running/window-runtime.ts';
import { runtimeNote } from './runtime/ensure-runtime.ts';

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

const main = async (): Promise<void> => {
  const args = process.argv.slice(2);
  await ensureBundle(root);
  if (args.includes('--demo')) {
    process.exitCode = await runDemo(root, args);
    return;
  }
  process.exitCode = (await openWindow(args)) ?? (await servePage(args));
};

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
