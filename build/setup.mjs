/**
 * First thing that `npm start` and `npm test` call, so it must run in a clone that holds no package yet: plain
 * JavaScript on Node's own modules. It installs the packages and system libraries that are missing and hands over.
 *
 *   node build/setup.mjs start|test [arguments]
 *
 * Exit codes of its own: 69 system libraries are missing and may not be installed without asking (the line to run is
 * printed), 70 an installation failed, 64 wrong usage or too old a Node.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join, resolve } from 'node:path';

const EXIT_USAGE = 64;
const EXIT_LIBRARIES = 69;
const EXIT_INSTALL = 70;
/** Well under the 5 s of silence after which a person wonders whether anything still happens. */
const HEARTBEAT_MS = 3000;

const root = resolve(import.meta.dirname ?? '.', '..');

/** Shared libraries that Electron and Chromium load, each with the Debian package that holds it. */
const WINDOW_LIBRARIES = [
  ['libgtk-3.so.0', 'libgtk-3-0'],
  ['libnss3.so', 'libnss3'],
  ['libasound.so.2', 'libasound2'],
  ['libgbm.so.1', 'libgbm1'],
  ['libatspi.so.0', 'libatspi2.0-0'],
  ['libXss.so.1', 'libxss1'],
  ['libnotify.so.4', 'libnotify4'],
];

/** Programs that only the tests call: a virtual display and what tells its windows, a browser, network namespaces. */
const TEST_PROGRAMS = [
  ['Xvfb', 'xvfb'],
  ['xauth', 'xauth'],
  ['xwininfo', 'x11-utils'],
  ['chromium', 'chromium'],
  ['ip', 'iproute2'],
];

const fail = (code, text) => {
  console.error(text);
  process.exit(code);
};

const checkNode = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(EXIT_USAGE, `Node ${process.versions.node} is too old: version 20.19 or a newer one is needed.`);
};

/** Runs a program without showing its output unless it fails; says every few seconds that it still runs. */
const runQuietly = (label, command, args, environment = process.env) =>
  new Promise((done) => {
    const started = Date.now();
    console.log(`${label} ...`);
    const child = spawn(command, args, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let tail = '';
    const keep = (chunk) => {
      tail = (tail + chunk).slice(-4000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const seconds = () => Math.round((Date.now() - started) / 1000);
    const heartbeat = setInterval(() => console.log(`  ${label}: ${seconds()} s`), HEARTBEAT_MS);
    const finish = (ok) => {
      clearInterval(heartbeat);
      if (ok) console.log(`  done in ${seconds()} s`);
      else console.error(tail.trimEnd());
      done(ok);
    };
    child.on('error', (error) => {
      keep(String(error));
      finish(false);
    });
    child.on('close', (code) => finish(code === 0));
  });

// --- packages

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** Whether npm's own record of what it installed agrees with the lock file, whoever called npm. */
const recordMatches = (lock) => {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = readJson(record).packages;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '' || wanted.link) return true;
    const found = installed[path];
    if (found === undefined) return wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
};

const installPackages = async () => {
  const lockText = readFileSync(join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lockText).digest('hex');
  const stamp = join(root, 'node_modules', '.flotilla-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  if (!recordMatches(JSON.parse(lockText.toString('utf8')))) {
    const npm = process.env.npm_execpath;
    const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--loglevel=error'];
    const ok =
      npm !== undefined && /\.c?js$/.test(npm)
        ? await runQuietly('Installing packages (npm ci)', process.execPath, [npm, ...args])
        : await runQuietly('Installing packages (npm ci)', process.platform === 'win32' ? 'npm.cmd' : 'npm', args);
    if (!ok) fail(EXIT_INSTALL, 'The packages could not be installed; what npm said stands above.');
  }
  writeFileSync(stamp, hash);
};

// --- system libraries (Linux)

const programExists = (name) => {
  const places = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return places.some((place) => {
    try {
      accessSync(join(place, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
};

/** Names of the shared libraries that the dynamic linker knows; null where it cannot be asked. */
const knownLibraries = () => {
  for (const command of ['/sbin/ldconfig', 'ldconfig']) {
    const result = spawnSync(command, ['-p'], { encoding: 'utf8' });
    if (result.status === 0) return new Set(result.stdout.split('\n').map((line) => line.trim().split(' ')[0]));
  }
  return null;
};

const missingPackages = (mode) => {
  const libraries = knownLibraries();
  const missing = libraries === null ? [] : WINDOW_LIBRARIES.filter(([name]) => !libraries.has(name));
  if (mode === 'test') missing.push(...TEST_PROGRAMS.filter(([name]) => !programExists(name)));
  return missing.map(([, debian]) => debian);
};

const hasDisplay = () => Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** Newer Debian and Ubuntu call some libraries `…t64`. Asked only when something has to be installed. */
const presentNames = (packages) =>
  packages.map((name) => {
    const renamed = `${name}t64`;
    return spawnSync('apt-cache', ['show', '--no-all-versions', renamed]).status === 0 ? renamed : name;
  });

const installSystemLibraries = async (mode) => {
  if (process.platform !== 'linux') return;
  // Without a display `npm start` serves a page, and needs none of them.
  if (mode === 'start' && !hasDisplay()) return;
  const missing = missingPackages(mode);
  if (missing.length === 0) return;
  if (!programExists('apt-get')) {
    fail(EXIT_LIBRARIES, `Missing on this system (names of the Debian packages): ${missing.join(' ')}`);
  }
  const asRoot = process.getuid?.() === 0;
  if (!asRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) {
    const line = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${presentNames(missing).join(' ')}`;
    fail(EXIT_LIBRARIES, `System libraries are missing. Please run this line, then try again:\n\n  ${line}\n`);
  }
  const apt = (label, ...args) => {
    const line = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=300', ...args];
    const [command, ...rest] = asRoot ? line : ['sudo', '-n', ...line];
    return runQuietly(label, command, rest);
  };
  // A list that could not be renewed in full may still do.
  await apt('Renewing the list of system packages (apt-get update)', 'update');
  const names = presentNames(missing);
  const done = await apt(`Installing ${names.join(' ')}`, 'install', '-y', '--no-install-recommends', ...names);
  if (!done) fail(EXIT_INSTALL, 'The system libraries could not be installed; what apt-get said stands above.');
};

// --- hand over

const [mode, ...rest] = process.argv.slice(2);
if (mode !== 'start' && mode !== 'test') fail(EXIT_USAGE, 'usage: node build/setup.mjs start|test [arguments]');
checkNode();
await installSystemLibraries(mode);
await installPackages();

const script = join(root, 'build', `${mode}.ts`);
const require = createRequire(import.meta.url);
process.argv = [process.execPath, script, ...rest];
// tsx teaches this process TypeScript, for `require` and for `import`.
await import('tsx');
require(script);
