import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeHomeDirectory } from '../../electron/engine/home-directory.ts';
import { Host } from '../../electron/engine/host.ts';
import { requireOwnAddress } from '../../electron/engine/network/own-address.ts';

const place = mkdtempSync(join(tmpdir(), 'flotilla-start-unit-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

const options = { name: null, bootstrap: null, lan: false, dht: false, listen: '127.0.0.1', accept: null, web: null };

describe('the home', () => {
  it('is made with all directories above it, for its user alone, and may be there already', () => {
    const home = join(place, 'a', 'b');
    makeHomeDirectory(home);
    makeHomeDirectory(home);
    for (const made of [home, join(place, 'a')]) expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  it.runIf(process.platform === 'linux')('is refused where nothing can be made, and does not try for ever', () => {
    for (const home of ['/proc/x', '/proc/x/y/z'])
      expect(() => makeHomeDirectory(home)).toThrow(expect.objectContaining({ code: 'home-not-usable' }));
  });

  it('is refused where it is a file or a link that leads nowhere', () => {
    const [file, link] = [join(place, 'file'), join(place, 'link')];
    writeFileSync(file, '');
    symlinkSync(join(place, 'nowhere'), link);
    for (const home of [file, join(file, 'below'), link])
      expect(() => makeHomeDirectory(home)).toThrow(expect.objectContaining({ code: 'home-not-usable' }));
  });
});

describe('an engine', () => {
  it('listens at addresses of this machine only', async () => {
    await requireOwnAddress('127.0.0.1');
    // Kept for documentation: no machine has it.
    await expect(requireOwnAddress('203.0.113.7')).rejects.toMatchObject({ code: 'address-not-usable' });
    const home = join(place, 'listening');
    await expect(Host.start({ ...options, home, listen: '203.0.113.7' }, null)).rejects.toMatchObject({
      code: 'address-not-usable',
    });
    expect(existsSync(home)).toBe(false);
  });

  it('accepts folders into directories only', async () => {
    const accept = join(place, 'a file');
    writeFileSync(accept, '');
    await expect(Host.start({ ...options, home: join(place, 'accepting'), accept }, null)).rejects.toMatchObject({
      code: 'path-not-a-directory',
    });
  });
});
