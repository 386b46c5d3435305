import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startProgram } from '../support/program.ts';

const NO_DISPLAY = { DISPLAY: undefined, WAYLAND_DISPLAY: undefined };

describe('npm start', () => {
  const place = mkdtempSync(join(tmpdir(), 'flotilla-start-'));

  afterAll(() => rmSync(place, { recursive: true, force: true }));

  it('serves the page where there is no display, says why, and ends in order', async () => {
    const home = join(place, 'home');
    const options = ['--home', home, '--listen', '127.0.0.1', '--no-dht', '--no-lan'];
    const started = startProgram(process.execPath, ['build/setup.mjs', 'start', ...options], { env: NO_DISPLAY });
    const [url] = await started.untilPrinted(/http:\/\/127\.0\.0\.1:\d+\/\S+/, 60_000);
    expect(started.output()).toContain('There is no display here');
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<title>Flotilla</title>');
    expect(await started.end('SIGTERM')).toBe(0);
  });

  it('installs and bundles nothing that is there', async () => {
    const again = startProgram(process.execPath, ['build/setup.mjs', 'start', '--version'], { env: NO_DISPLAY });
    await again.untilPrinted(/^Flotilla \d/m, 30_000);
    expect(again.output()).not.toMatch(/npm ci|apt-get|Bundling/);
    expect(await again.untilEnded()).toBe(0);
  });

  it('refuses what it does not know', async () => {
    const wrong = startProgram(process.execPath, ['build/setup.mjs', 'launch']);
    await wrong.untilPrinted(/usage: /, 30_000);
    expect(await wrong.untilEnded()).toBe(64);
  });
});

describe('npm start -- --demo', () => {
  const place = mkdtempSync(join(tmpdir(), 'flotilla-demo-test-'));
  const directory = join(place, 'demo');
  const env = { ...NO_DISPLAY, FLOTILLA_DEMO: directory };

  afterAll(() => rmSync(place, { recursive: true, force: true }));

  it('shows three devices with the same folder within a minute, twice, and removes what it made', async () => {
    for (const round of ['first', 'second']) {
      const demo = startProgram(process.execPath, ['build/setup.mjs', 'start', '--demo'], { env });
      await demo.untilPrinted(/Press Ctrl\+C/, 60_000);
      expect(demo.output().match(/http:\/\/127\.0\.0\.1:\d+\//g), round).toHaveLength(3);
      expect(demo.output()).toMatch(/the metadata master is (Studio|Work|Laptop)/);
      const sample = (device: string) => readdirSync(join(directory, device, 'files', 'Sample')).sort();
      expect(sample('Studio')).toContain('Read me first.txt');
      expect(sample('Work')).toEqual(sample('Studio'));
      expect(sample('Laptop')).toEqual(sample('Studio'));
      expect(await demo.end('SIGINT')).toBe(0);
    }
    const reset = startProgram(process.execPath, ['build/setup.mjs', 'start', '--demo', '--reset'], { env });
    await reset.untilPrinted(/Removed/, 30_000);
    expect(await reset.untilEnded()).toBe(0);
    expect(existsSync(directory)).toBe(false);
  });

  it('removes nothing that it did not make', async () => {
    const other = mkdtempSync(join(place, 'other-'));
    writeFileSync(join(other, 'mine.txt'), 'mine');
    const reset = startProgram(process.execPath, ['build/setup.mjs', 'start', '--demo', '--reset'], {
      env: { ...NO_DISPLAY, FLOTILLA_DEMO: other },
    });
    await reset.untilPrinted(/so it stays/, 30_000);
    expect(await reset.untilEnded()).toBe(1);
    expect(readFileSync(join(other, 'mine.txt'), 'utf8')).toBe('mine');
  });
});
