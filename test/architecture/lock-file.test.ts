import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8');
const text = read('package-lock.json');
const packages: Readonly<Record<string, LockedPackage>> = JSON.parse(text).packages;

/** Whether `name` is found from the package at `path`, in the way that Node looks: from there upwards. */
const isLocked = (path: string, name: string): boolean => {
  let place = path;
  for (;;) {
    if (`${place === '' ? '' : `${place}/`}node_modules/${name}` in packages) return true;
    if (place === '') return false;
    place = place.includes('/node_modules/') ? place.slice(0, place.lastIndexOf('/node_modules/')) : '';
  }
};

describe('the lock file', () => {
  it('names no registry, so that it serves whichever npm is configured for', () => {
    expect(text).not.toMatch(/"resolved"/);
    expect(text).not.toMatch(/https?:\/\/[^"]*(registry|npmjs)/);
    expect(read('.npmrc')).toContain('omit-lockfile-registry-resolved=true');
  });

  it('pins the content of every package', () => {
    const without = Object.entries(packages).filter(
      ([path, { integrity, link }]) => path !== '' && !link && !integrity,
    );
    expect(without.map(([path]) => path)).toEqual([]);
  });

  it('and the set-up ask for the same Node', () => {
    const { engines }: { engines: { node: string } } = JSON.parse(read('package.json'));
    const [, least] = /version ([\d.]+) or a newer one is needed/.exec(read('build/setup.mjs')) ?? [];
    expect(engines.node).toBe(`>=${least}`);
    expect(JSON.parse(text).packages[''].engines).toEqual(engines);
  });

  it('holds the optional packages of all platforms', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !isLocked(path, name))
        .map((name) => `${path} -> ${name}`),
    );
    expect(missing).toEqual([]);
  });
});
