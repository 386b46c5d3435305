import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** The worker's entry, bundled into a temporary directory, for tests that want real threads. */
export async function bundleWorker(): Promise<{ readonly file: string; remove(): void }> {
  const root = resolve(import.meta.dirname, '../..');
  const directory = mkdtempSync(join(tmpdir(), 'flotilla-worker-'));
  const file = join(directory, 'worker.cjs');
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'dir');
  await build({
    absWorkingDir: root,
    entryPoints: ['electron/engine/jobs/worker.ts'],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node18',
    external: ['@napi-rs/blake-hash', 'sodium-native', 'lmdb', '@parcel/watcher', 'udx-native'],
    logLevel: 'error',
  });
  return { file, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
