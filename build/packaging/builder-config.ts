/** How packages are made, for every platform: the one configuration of electron-builder. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from 'electron-builder';
import { runtimeNote } from '../runtime/ensure-runtime.ts';
import type { Runtime } from '../runtime/official.ts';

/** Directory of the finished packages, below the project's root. */
export const RELEASE_DIRECTORY = 'release';

/** What only a runtime that is started by hand needs. */
const NOT_PACKED = ['resources/default_app.asar', 'version'];

/** Said in the name of a package that is not made from the released runtime. */
const suffixOf = (runtime: Runtime): string => {
  const note = runtimeNote(runtime);
  return note === null ? '' : `-${note.toLowerCase().replace(/[^a-z0-9.]+/g, '-')}`;
};

/** The configuration for packages made from `runtime`. */
export const builderConfig = (runtime: Runtime): Configuration => ({
  appId: 'org.flotilla.desktop',
  productName: 'Flotilla',
  artifactName: `\${name}-\${version}-\${os}-\${arch}${suffixOf(runtime)}.\${ext}`,
  electronDist: runtime.directory,
  electronVersion: runtime.version,
  // All native modules bring binaries for every runtime.
  npmRebuild: false,
  directories: { output: RELEASE_DIRECTORY, buildResources: 'build/icons' },
  extraMetadata: {
    homepage: 'https://flotilla.invalid/',
    author: { name: 'The Flotilla authors', email: 'authors@flotilla.invalid' },
  },
  files: [
    'package.json',
    'dist/*.cjs',
    'dist/*.wasm',
    'dist/renderer/**',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders of electron-builder
    '!node_modules/*/prebuilds/!(${platform}-${arch})/**',
    // Binaries for other runtimes: Electron loads the N-API ones that are built against glibc.
    '!node_modules/**/*.bare',
    '!node_modules/@lmdb/*/{node.abi*,*.musl}.node',
    '!node_modules/**/*.{md,ts,map,c,cc,cpp,h,gyp,gypi}',
    '!node_modules/**/{test,tests,docs,deps,vendor}/**',
  ],
  asar: true,
  asarUnpack: ['**/*.node'],
  afterPack: async ({ appOutDir }) => {
    for (const path of NOT_PACKED) rmSync(join(appOutDir, path), { force: true });
  },
  protocols: [{ name: 'Flotilla invite', schemes: ['flotilla'] }],
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true,
    enableCookieEncryption: true,
    // Not known to the old test runtime; on the released one the archive's hash is checked at every start.
    ...(runtime.kind === 'official' && process.platform !== 'linux'
      ? { enableEmbeddedAsarIntegrityValidation: true }
      : {}),
  },
  linux: {
    target: ['tar.gz', 'deb'],
    icon: '.',
    category: 'Utility',
    executableName: 'flotilla',
    maintainer: 'The Flotilla authors <authors@flotilla.invalid>',
    synopsis: 'Keeps folders the same on your machines',
    syncDesktopName: true,
  },
  deb: {
    depends: ['libgtk-3-0', 'libnotify4', 'libnss3', 'libxss1', 'libasound2', 'libgbm1', 'libatspi2.0-0', 'xdg-utils'],
    recommends: ['libayatana-appindicator3-1'],
  },
  win: { target: ['nsis'], icon: '512x512.png' },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    deleteAppDataOnUninstall: false,
  },
  mac: {
    target: ['dmg', 'zip'],
    icon: '1024x1024.png',
    category: 'public.app-category.utilities',
    darkModeSupport: true,
  },
  dmg: { sign: false },
});
