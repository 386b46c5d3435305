/** `npm run dist`: makes the packages of this platform in release/. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { path7za } from '7zip-bin';
import { build as buildPackages } from 'electron-builder';
import { build as bundle } from 'esbuild';
import { ensureBundle } from '../bundling/ensure-bundle.ts';
import { ensureRuntime, runtimeNote } from '../runtime/ensure-runtime.ts';
import { builderConfig, RELEASE_DIRECTORY } from './builder-config.ts';

const root = resolve(__dirname, '../..');
/** Fast, at some 5 % more size. */
const COMPRESSION_LEVEL = '1';

/** electron-builder wants an executable file; it would else fetch tools from a place that is not always in reach. */
const provideTools = async (workspace: string): Promise<void> => {
  chmodSync(path7za, 0o755);
  const fpm = join(workspace, 'fpm');
  await bundle({
    entryPoints: [join(__dirname, 'fpm.ts')],
    outfile: fpm,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    banner: { js: `#!${process.execPath}` },
    logLevel: 'warning',
  });
  chmodSync(fpm, 0o755);
  process.env.ELECTRON_BUILDER_7ZIP_PATH ??= path7za;
  process.env.ELECTRON_BUILDER_COMPRESSION_LEVEL ??= COMPRESSION_LEVEL;
  if (process.platform === 'linux') process.env.CUSTOM_FPM_PATH ??= fpm;
};

const main = async (): Promise<void> => {
  await ensureBundle(root);
  const runtime = await ensureRuntime(root);
  if (runtime.kind === 'none') throw new Error(runtime.why);
  const note = runtimeNote(runtime);
  if (note !== null) console.log(`These packages are made from a ${note}: they are not for release.`);
  const workspace = mkdtempSync(join(tmpdir(), 'flotilla-dist-'));
  try {
    await provideTools(workspace);
    rmSync(join(root, RELEASE_DIRECTORY), { recursive: true, force: true });
    const made = await buildPackages({ projectDir: root, config: builderConfig(runtime), publish: 'never' });
    console.log(made.join('\n'));
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
};

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
