import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProgram, runCli, startProgram } from '../support/program.ts';
import { startVirtualDisplay, type VirtualDisplay } from '../support/virtual-display.ts';

const root = resolve(import.meta.dirname, '../..');
const release = join(root, 'release');
const packages = existsSync(release) ? readdirSync(release).filter((name) => /\.(tar\.gz|deb)$/.test(name)) : [];
const isRoot = process.getuid?.() === 0;

interface Installed {
  readonly program: string;
  remove(): void;
}

const unpackTar = (file: string, into: string): Installed => {
  execFileSync('tar', ['-xzf', file, '-C', into]);
  const [top = ''] = readdirSync(into);
  return { program: join(into, top, 'flotilla'), remove: () => {} };
};

/** As root it is installed the way a person would; else its files are laid out without touching the system. */
const installDeb = (file: string, into: string): Installed => {
  if (!isRoot) {
    execFileSync('dpkg-deb', ['-x', file, into]);
    return { program: join(into, 'opt/Flotilla/flotilla'), remove: () => {} };
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['install', '-y', '--no-install-recommends', file], { env });
  return { program: '/usr/bin/flotilla', remove: () => execFileSync('apt-get', ['purge', '-y', 'flotilla'], { env }) };
};

const hasNodeModulesNear = (path: string): boolean => {
  for (let place = dirname(path); ; place = dirname(place)) {
    if (existsSync(join(place, 'node_modules'))) return true;
    if (place === dirname(place)) return false;
  }
};

describe('the packages', () => {
  const place = mkdtempSync(join(tmpdir(), 'flotilla-packages-'));
  let display: VirtualDisplay;
  let bootstrap: RunningProgram;
  let address: string;
  const running: RunningProgram[] = [];

  beforeAll(async () => {
    display = await startVirtualDisplay();
    bootstrap = startProgram(process.execPath, ['dist/cli.mjs', 'bootstrap', '--json']);
    [, address = ''] = await bootstrap.untilPrinted(/"address":"([^"]+)"/, 20_000);
  });

  afterAll(async () => {
    for (const program of running) await program.end();
    await bootstrap?.end();
    await display?.stop();
    rmSync(place, { recursive: true, force: true });
  });

  it('were made, one of each kind', () => {
    expect(packages.map((name) => name.replace(/^.*\.(tar\.gz|deb)$/, '$1')).sort()).toEqual(['deb', 'tar.gz']);
  });

  it('say in their names what runtime they hold, if it is not the released one', () => {
    const sandbox = isRoot ? ['--no-sandbox'] : [];
    const version = execFileSync(join(release, 'linux-unpacked/flotilla'), ['--version', ...sandbox], {
      env: { ...process.env, DISPLAY: display.name },
      encoding: 'utf8',
    });
    const note = /\((test runtime, .*)\)/
      .exec(version)?.[1]
      ?.replace(/[^a-z0-9.]+/gi, '-')
      .toLowerCase();
    for (const name of packages) {
      if (note === undefined) expect(name).not.toContain('test-runtime');
      else expect(name).toContain(note);
    }
  });

  it.each(packages)('%s starts away from the checkout and syncs a file with another device', async (name) => {
    const into = join(place, name);
    mkdirSync(into);
    const installed = (name.endsWith('.deb') ? installDeb : unpackTar)(join(release, name), into);
    try {
      expect(hasNodeModulesNear(installed.program)).toBe(false);
      const network = ['--listen', '127.0.0.1', '--bootstrap', address];
      const [packagedHome, otherHome] = [join(into, 'home-packaged'), join(into, 'home-other')];
      const sandbox = isRoot ? ['--no-sandbox'] : [];
      const packaged = startProgram(
        installed.program,
        [...sandbox, '--remote-debugging-port=0', '--home', packagedHome, '--name', 'Packaged', ...network],
        { env: { DISPLAY: display.name, NODE_PATH: undefined } },
      );
      running.push(packaged);
      const start = ['dist/cli.mjs', 'start', '--home', otherHome, '--name', 'Other', '--json', ...network];
      const other = startProgram(process.execPath, start);
      running.push(other);
      await other.untilPrinted(/"ready":true/, 30_000);

      const [, endpoint = ''] = await packaged.untilPrinted(/DevTools listening on (ws:\S+)/, 30_000);
      const browser = await chromium.connectOverCDP(endpoint, { noDefaults: true });
      const page = browser.contexts()[0]?.pages()[0];
      await page?.waitForSelector('#root > div');
      expect(page?.url()).toBe('app://flotilla/index.html');
      await browser.close();

      const status = () => runCli<{ folders: { name: string }[] }>(packagedHome, ['status']);
      await expect.poll(() => status().then(Boolean, () => false), { timeout: 30_000 }).toBe(true);
      await runCli(otherHome, ['create-group', 'Packages']);
      const { code } = await runCli<{ code: string }>(otherHome, ['invite', '--approve', 'auto']);
      await runCli(packagedHome, ['join', code, '--wait', '30']);
      const shared = join(into, 'shared');
      mkdirSync(shared);
      writeFileSync(join(shared, 'hello.txt'), 'from the other device');
      await runCli(otherHome, ['share', shared, '--name', 'Shared']);
      await expect.poll(() => status().then(({ folders }) => folders.length), { timeout: 30_000 }).toBe(1);
      const accepted = join(into, 'accepted');
      await runCli(packagedHome, ['accept', 'Shared', accepted]);
      const arrived = join(accepted, 'hello.txt');
      await expect.poll(() => existsSync(arrived), { timeout: 30_000 }).toBe(true);
      expect(readFileSync(arrived, 'utf8')).toBe('from the other device');

      await runCli(packagedHome, ['stop']);
      await packaged.end();
      await other.end();
    } finally {
      installed.remove();
    }
  });
});
