import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RACY_MTIME_MS, SWEEP_AFTER_MS } from '../../shared/limits.ts';
import type { RelativePath } from '../../shared/relative-path.ts';
import { createFolderWorld, type FolderWorld, type TestDevice, untilQuiet } from '../support/folder-world.ts';

const PATIENCE = { timeout: 60 * SWEEP_AFTER_MS, interval: 10 };

let world: FolderWorld;
let one: TestDevice;
let two: TestDevice;

beforeEach(async () => {
  world = await createFolderWorld(2);
  [one, two] = world.devices as [TestDevice, TestDevice];
  mkdirSync(one.at('d'));
  for (const name of ['a', 'd/b', 'd/c']) writeFileSync(one.at(name), name);
  await world.settle();
});

afterEach(async () => {
  expect([...one.errors, ...two.errors]).toEqual([]);
  await world.close();
});

const published = (device: TestDevice, path: string): string =>
  device.index.remote(path as RelativePath)?.value.kind ?? 'unknown';

/** What the native watcher tells of something that came and went before it spoke. */
const nothing = { type: 'changed', paths: [] } as const;

describe('RC16 what the watcher left out is found by the change times of directories', () => {
  it('a file that went, at the root and below', async () => {
    rmSync(one.at('a'));
    rmSync(one.at('d/b'));
    one.watcher.tell(nothing);
    await vi.waitFor(() => expect([published(one, 'a'), published(one, 'd/b')]).toEqual(['gone', 'gone']), PATIENCE);
    expect(published(one, 'd/c')).toBe('file');
  });

  it('a file that this device put there, deleted at once', async () => {
    rmSync(two.at('d/b'));
    two.watcher.tell({ type: 'changed', paths: [two.at('d/c')] });
    await vi.waitFor(() => expect(published(two, 'd/b')).toBe('gone'), PATIENCE);
  });

  it('a file that came into a directory that this device made', async () => {
    writeFileSync(two.at('d/new'), 'new');
    two.watcher.tell({ type: 'changed', paths: [two.at('d')] });
    await vi.waitFor(() => expect(published(two, 'd/new')).toBe('file'), PATIENCE);
  });

  it('RC13 also where a directory may not be entered any more: that is told there, and nothing else suffers', async () => {
    mkdirSync(one.at('d/inner'));
    await world.settle();
    let closed = true;
    one.fs.failWhere((_call, path) => (closed && path.startsWith(one.at('d/inner')) ? 'EACCES' : null));
    const states = new Set<string>();
    one.folder.subscribe(() => states.add(one.folder.status().state.type));
    one.watcher.tell(nothing);
    await vi.waitFor(() => expect(one.folder.problems()).toMatchObject([{ code: 'path-not-readable' }]), PATIENCE);
    writeFileSync(one.at('a'), 'goes on');
    one.watcher.tell({ type: 'changed', paths: [one.at('a')] });
    await vi.waitFor(() => expect(one.index.remote('a' as RelativePath)?.value).toMatchObject({ size: 7 }), PATIENCE);
    expect(states).not.toContain('error');
    expect(published(one, 'd/inner')).toBe('directory');
    closed = false;
    one.watcher.tell(nothing);
    await vi.waitFor(() => expect(one.folder.problems()).toEqual([]), PATIENCE);
  });

  it('without a word where nothing is found', async () => {
    one.watcher.tell(nothing);
    const stats = vi.spyOn(one.fs, 'lstat');
    await vi.waitFor(() => expect(stats).toHaveBeenCalledWith(one.at('d')), PATIENCE);
    const told = vi.fn();
    one.folder.subscribe(told);
    stats.mockClear();
    one.watcher.tell(nothing);
    await vi.waitFor(() => expect(stats).toHaveBeenCalledWith(one.at('d')), PATIENCE);
    await untilQuiet(one.folder);
    expect(told).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('once more, when the directory has rested since, whatever its own time was set to', async () => {
    one.watcher.tell(nothing);
    const began = Date.now();
    await vi.waitFor(() => expect(Date.now() - began).toBeGreaterThan(RACY_MTIME_MS), PATIENCE);
    const listings = vi.spyOn(one.fs, 'readDirectory');
    one.watcher.tell(nothing);
    await vi.waitFor(() => expect(listings).toHaveBeenCalledWith(one.at('d')), PATIENCE);
    listings.mockClear();
    // From here on its change time is trusted, and nothing is read that did not change.
    const stats = vi.spyOn(one.fs, 'lstat');
    one.watcher.tell(nothing);
    await vi.waitFor(() => expect(stats).toHaveBeenCalledWith(one.at('d')), PATIENCE);
    expect(listings).not.toHaveBeenCalledWith(one.at('d'));
    rmSync(one.at('d/b'));
    utimesSync(one.at('d'), 1, 1);
    one.watcher.tell(nothing);
    await vi.waitFor(() => expect(published(one, 'd/b')).toBe('gone'), PATIENCE);
    vi.restoreAllMocks();
  });
});
