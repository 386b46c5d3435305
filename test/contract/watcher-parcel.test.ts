import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parcelWatcher } from '../../electron/engine/folder/watcher-parcel.ts';

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-watch-')));
  mkdirSync(join(root, '.flotilla/tmp'), { recursive: true });
  mkdirSync(join(root, 'd'));
});

afterEach(() => rmSync(root, { recursive: true }));

test('the native watcher tells of every change but those in .flotilla, and of none after its end', async () => {
  const told = new Set<string>();
  const watch = await parcelWatcher.watch(root, (event) => {
    if (event.type === 'changed') for (const path of event.paths) told.add(path.slice(root.length + 1));
  });
  writeFileSync(join(root, '.flotilla/tmp/x'), 'x');
  writeFileSync(join(root, 'a'), 'a');
  writeFileSync(join(root, 'd/b'), 'b');
  await vi.waitFor(() => expect([...told].sort()).toEqual(['a', 'd/b']), { timeout: 10_000 });
  renameSync(join(root, 'd/b'), join(root, 'c'));
  rmSync(join(root, 'a'));
  await vi.waitFor(() => expect([...told].sort()).toEqual(['a', 'c', 'd/b']), { timeout: 10_000 });
  await watch.close();
});

test('of what came and went before it spoke it says at least that something happened', async () => {
  writeFileSync(join(root, 'known'), 'before');
  writeFileSync(join(root, 'other'), 'before');
  writeFileSync(join(root, '.flotilla/tmp/saved'), 'after');
  const words: (readonly string[])[] = [];
  const watch = await parcelWatcher.watch(root, (event) => {
    if (event.type === 'changed') words.push(event.paths.map((path) => path.slice(root.length + 1)));
  });
  // A first event is told at once and opens a gathering; what comes right after falls into it.
  writeFileSync(join(root, 'other'), 'after');
  await vi.waitFor(() => expect(words.flat()).toContain('other'), { timeout: 10_000 });
  const before = words.length;
  renameSync(join(root, '.flotilla/tmp/saved'), join(root, 'known'));
  rmSync(join(root, 'known'));
  await vi.waitFor(() => expect(words.length).toBeGreaterThan(before), { timeout: 10_000 });
  await watch.close();
});
