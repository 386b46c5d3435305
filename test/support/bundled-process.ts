import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** A TypeScript file of the tests, bundled to run in processes of its own. */
export interface BundledProgram {
  start(argument: string): ChildProcess;
  remove(): Promise<void>;
}

/** Bundles a file under test/ for Node. Native packages are loaded from the checkout. */
export async function bundleProgram(file: string): Promise<BundledProgram> {
  const directory = await mkdtemp(join(tmpdir(), 'flotilla-test-'));
  const outfile = join(directory, 'program.cjs');
  const root = resolve(import.meta.dirname, '../..');
  await build({
    entryPoints: [resolve(root, file)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node18',
    format: 'cjs',
    external: ['sodium-native', 'udx-native', '@napi-rs/blake-hash', 'lmdb', '@parcel/watcher'],
    logLevel: 'error',
  });
  return {
    start: (argument) =>
      fork(outfile, [argument], {
        env: { ...process.env, NODE_PATH: resolve(root, 'node_modules') },
        execArgv: [],
      }),
    remove: () => rm(directory, { recursive: true }),
  };
}
