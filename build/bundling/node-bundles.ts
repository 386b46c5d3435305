/** Bundles everything that runs in Node or in Electron's Node: CommonJS, one file per process. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

interface NodeBundle {
  readonly entry: string;
  readonly out: string;
  /** A sandboxed preload may require nothing but `electron`, so everything else goes into the file. */
  readonly sandboxed?: true;
}

const BUNDLES: readonly NodeBundle[] = [
  { entry: 'electron/main/main.ts', out: 'main.cjs' },
  { entry: 'electron/preload/preload.ts', out: 'preload.cjs', sandboxed: true },
  { entry: 'electron/engine/host-utility.ts', out: 'engine.cjs' },
  { entry: 'electron/engine/jobs/worker.ts', out: 'worker.cjs' },
  { entry: 'electron/engine/host-node.ts', out: 'host-node.cjs' },
  { entry: 'electron/cli/cli.ts', out: 'cli.cjs' },
];

/**
 * A module that is bundled on its own is loaded as that file where another bundle imports it at run time. So a command
 * that only talks to an engine doesn't read all that an engine is made of: that is most of the time it would take.
 */
const bundledAlone: Plugin = {
  name: 'bundled-alone',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir, importer }) => {
      if (kind !== 'dynamic-import' || importer === '') return null;
      const alone = BUNDLES.find(({ entry }) => join(resolveDir, path).endsWith(join('/', entry)));
      return alone === undefined ? null : { path: `./${alone.out}`, external: true };
    });
  },
};

/** Optional accelerators that libraries ask for inside a `try`: left out, their fallback is used. */
const OPTIONAL = ['bufferutil', 'utf-8-validate', 'bare-*', 'msgpackr-extract'];

/** The stable path of the command line in a checkout; the bundle itself is CommonJS. */
const CLI_LOADER = `#!/usr/bin/env node
import { createRequire } from 'node:module';
createRequire(import.meta.url)('./cli.cjs');
`;

const automergeFile = (root: string, name: string): string => {
  const entry = createRequire(join(root, 'package.json')).resolve('@automerge/automerge');
  return join(dirname(entry), name);
};

const nativePackages = (root: string): string[] => {
  const manifest: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  return Object.keys(manifest.dependencies);
};

const optionsOf = (root: string, bundle: NodeBundle, outDirectory: string): BuildOptions => ({
  absWorkingDir: root,
  entryPoints: [join(root, bundle.entry)],
  outfile: join(outDirectory, bundle.out),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: bundle.sandboxed ? 'chrome114' : 'node18',
  external: bundle.sandboxed ? ['electron'] : ['electron', ...nativePackages(root), ...OPTIONAL],
  // The Node build of automerge reads its wasm from beside the file that it is bundled into.
  alias: { '@automerge/automerge': automergeFile(root, 'fullfat_node.cjs') },
  define: bundle.sandboxed ? {} : { 'import.meta.url': '__bundleUrl' },
  ...(bundle.sandboxed
    ? {}
    : { banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" } }),
  // `import()` of CommonJS would first look through all of its text for the names that it exports: 0.4 s of an engine's.
  supported: { 'dynamic-import': false },
  loader: { '.png': 'dataurl' },
  plugins: [bundledAlone],
  logLevel: 'warning',
  logOverride: { 'empty-import-meta': 'silent' },
  legalComments: 'none',
});

/** Writes main, preload, engine, worker and command line into `outDirectory`. Throws what the bundler reports. */
export const bundleForNode = async (root: string, outDirectory: string): Promise<void> => {
  mkdirSync(outDirectory, { recursive: true });
  await Promise.all(BUNDLES.map((bundle) => build(optionsOf(root, bundle, outDirectory))));
  copyFileSync(automergeFile(root, 'automerge_wasm_bg.wasm'), join(outDirectory, 'automerge_wasm_bg.wasm'));
  const loader = join(outDirectory, 'cli.mjs');
  writeFileSync(loader, CLI_LOADER);
  chmodSync(loader, 0o755);
};
