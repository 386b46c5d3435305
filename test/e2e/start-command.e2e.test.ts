import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type RunningProgram, startProgram } from '../support/program.ts';
import { shownWindows } from '../support/shown-windows.ts';
import { startVirtualDisplay } from '../support/virtual-display.ts';

const NO_DISPLAY = { DISPLAY: undefined, WAYLAND_DISPLAY: undefined };

describe('npm start', () => {
  const place = mkdtempSync(join(tmpdir(), 'flotilla-start-'));

  afterAll(() => rmSync(place, { recursive: true, force: true }));

  it('opens a window where there is a display, and closes it at its end', async () => {
    const display = await startVirtualDisplay();
    try {
      const options = ['--home', join(place, 'window'), '--listen', '127.0.0.1', '--no-dht', '--no-lan'];
      const env = { ...NO_DISPLAY, DISPLAY: display.name };
      const started = startProgram(process.execPath, ['build/setup.mjs', 'start', ...options], { env });
      await expect
        .poll(() => shownWindows(display.name), { timeout: 60_000 })
        .toEqual([expect.stringMatching(/^Flotilla( \(test runtime, .*\))?$/)]);
      expect(await started.end('SIGTERM')).toBe(0);
      expect(started.output()).not.toContain('http://');
      await expect.poll(() => shownWindows(display.name), { timeout: 20_000 }).toEqual([]);
    } finally {
      await display.stop();
    }
  });

  it('serves the page where there is no display, says why, ends in order, and makes nothing twice', async () => {
    const options = ['--home', join(place, 'home'), '--listen', '127.0.0.1', '--no-dht', '--no-lan'];
    for (const round of ['first', 'second']) {
      const started = startProgram(process.execPath, ['build/setup.mjs', 'start', ...options], { env: NO_DISPLAY });
      const [url] = await started.untilPrinted(/http:\/\/127\.0\.0\.1:\d+\/\S+/, 60_000);
      expect(started.output()).toContain('There is no display here');
      if (round === 'second') expect(started.output()).not.toMatch(/npm ci|apt-get|Bundling/);
      const page = await fetch(url);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('<title>Flotilla</title>');
      expect(await started.end('SIGTERM')).toBe(0);
    }
  });

  it('says which version it is', async () => {
    const asked = startProgram(process.execPath, ['build/setup.mjs', 'start', '--version'], { env: NO_DISPLAY });
    await asked.untilPrinted(/^Flotilla \d/m, 30_000);
    expect(await asked.untilEnded()).toBe(0);
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

  it('shows three devices with the same folder within a minute, as pages and in windows, and removes what it made', async () => {
    const sample = (device: string) => readdirSync(join(directory, device, 'files', 'Sample')).sort();
    const start = async (env: Readonly<Record<string, string | undefined>>): Promise<RunningProgram> => {
      const demo = startProgram(process.execPath, ['build/setup.mjs', 'start', '--demo'], { env });
      await demo.untilPrinted(/Press Ctrl\+C/, 60_000);
      expect(demo.output()).toMatch(/the metadata master is (Studio|Work|Laptop)/);
      expect(sample('Studio')).toContain('Read me first.txt');
      expect(sample('Work')).toEqual(sample('Studio'));
      expect(sample('Laptop')).toEqual(sample('Studio'));
      return demo;
    };
    const pages = await start(env);
    expect(pages.output().match(/http:\/\/127\.0\.0\.1:\d+\//g)).toHaveLength(3);
    // While it runs neither a second one nor a reset takes the homes from under it.
    const beside = startProgram(process.execPath, ['build/setup.mjs', 'start', '--demo'], { env });
    await beside.untilPrinted(/Another engine runs in/, 60_000);
    expect(await beside.untilEnded()).toBe(1);
    expect(beside.output()).not.toMatch(/three devices run|\n\s+at /);
    const early = startProgram(process.execPath, ['build/setup.mjs', 'start', '--demo', '--reset'], { env });
    await early.untilPrinted(/still runs/, 30_000);
    expect(await early.untilEnded()).toBe(1);
    expect(sample('Studio')).toContain('Read me first.txt');
    expect(await pages.end('SIGINT')).toBe(0);

    const display = await startVirtualDisplay();
    try {
      const windows = await start({ ...env, DISPLAY: display.name });
      await expect
        .poll(() => shownWindows(display.name), { timeout: 30_000 })
        .toEqual(['Laptop', 'Studio', 'Work'].map((name) => expect.stringMatching(`^${name} - Flotilla`)));
      expect(windows.output()).not.toContain('http://');
      expect(windows.output()).not.toContain('joined');
      expect(await windows.end('SIGINT')).toBe(0);
      await expect.poll(() => shownWindows(display.name), { timeout: 20_000 }).toEqual([]);
    } finally {
      await display.stop();
    }
    const reset = startProgram(process.execPath, ['build/setup.mjs', 'start', '--demo', '--reset'], { env });
    await reset.untilPrinted(/Removed/, 30_000);
    expect(await reset.untilEnded()).toBe(0);
    expect(existsSync(directory)).toBe(false);
  });

  it('removes nothing that it did not make', async () => {
    const other = mkdtempSync(join(place, 'other-'));
    writeFileSync(join(other, 'mine.txt'), 'mine');
    const env = { ...NO_DISPLAY, FLOTILLA_DEMO: other };
    const demo = startProgram(process.execPath, ['build/setup.mjs', 'start', '--demo'], { env });
    await demo.untilPrinted(/was there before/, 30_000);
    expect(await demo.untilEnded()).toBe(1);
    const reset = startProgram(process.execPath, ['build/setup.mjs', 'start', '--demo', '--reset'], { env });
    await reset.untilPrinted(/so it stays/, 30_000);
    expect(await reset.untilEnded()).toBe(1);
    expect(readFileSync(join(other, 'mine.txt'), 'utf8')).toBe('mine');
  });
});
