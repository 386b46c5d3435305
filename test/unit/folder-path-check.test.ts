import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeFileSystem } from '../../electron/engine/folder/file-system-node.ts';
import { newMarker, writeMarker } from '../../electron/engine/folder/marker.ts';
import { checkAcceptPath, checkSharePath } from '../../electron/engine/folder/path-check.ts';
import type { DeviceId, FolderId, GroupId } from '../../shared/ids.ts';
import { createFaultyFileSystem } from '../support/faulty-file-system.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

let base: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-path-')));
});

afterEach(() => rmSync(base, { recursive: true }));

const coded = (code: string): unknown => expect.objectContaining({ code });
const share = (path: string, others: readonly string[] = []) => checkSharePath(nodeFileSystem, path, others);
const accept = (path: string, others: readonly string[] = []) => checkAcceptPath(nodeFileSystem, path, others);

test('HA7 a place to share exists, is a directory, and neither lies in nor around another', () => {
  mkdirSync(join(base, 'shared/inside'), { recursive: true });
  writeFileSync(join(base, 'file'), '');
  symlinkSync(join(base, 'shared'), join(base, 'link'));
  expect(() => share(join(base, 'nowhere'))).toThrow(coded('path-not-found'));
  expect(() => share('relative')).toThrow(coded('path-not-found'));
  expect(() => share(join(base, 'file'))).toThrow(coded('path-not-a-directory'));
  expect(() => share(join(base, 'file/below'))).toThrow(coded('path-not-a-directory'));
  const others = [join(base, 'shared')];
  expect(() => share(join(base, 'shared'), others)).toThrow(coded('path-inside-folder'));
  expect(() => share(join(base, 'link'), others)).toThrow(coded('path-inside-folder'));
  expect(() => share(join(base, 'link/inside'), others)).toThrow(coded('path-inside-folder'));
  expect(() => share(base, others)).toThrow(coded('path-around-folder'));
  mkdirSync(join(base, 'shared too'));
  expect(share(join(base, 'shared too'), others)).toEqual({
    root: join(base, 'shared too'),
    existing: 0,
    formerly: null,
  });
});

test('HA7 a place that may not be written to is refused', () => {
  const fs = createFaultyFileSystem(nodeFileSystem);
  fs.failWhere((call) => (call === 'makeDirectory' || call === 'writeNew' ? 'EROFS' : null));
  expect(() => checkSharePath(fs, base, [])).toThrow(coded('path-not-writable'));
  expect(() => checkAcceptPath(fs, join(base, 'new'), [])).toThrow(coded('path-not-writable'));
});

test('HA7 a place to accept into is made, its files are counted, and a refused one leaves nothing behind', () => {
  expect(accept(join(base, 'a/b/c'))).toMatchObject({ root: join(base, 'a/b/c'), existing: 0 });
  writeFileSync(join(base, 'a/b/c/x'), '');
  expect(accept(join(base, 'a/b/c')).existing).toBe(1);
  expect(() => accept(join(base, 'a/b/c/d/e'), [join(base, 'a/b/c')])).toThrow(coded('path-inside-folder'));
  expect(existsSync(join(base, 'a/b/c/d'))).toBe(false);
  expect(() => accept(join(base, 'a/b/c/x/y'))).toThrow(coded('path-not-a-directory'));
});

test('HA7 a place that another sharing left its marker in can be used again', () => {
  const folder = 'cd'.repeat(16) as FolderId;
  const ids = { group: 'ab'.repeat(32) as GroupId, folder, device: 'ef'.repeat(32) as DeviceId };
  writeMarker(nodeFileSystem, base, newMarker(createSeededRandom(1), ids));
  expect(share(base)).toEqual({ root: base, existing: 0, formerly: folder });
});
