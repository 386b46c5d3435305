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
