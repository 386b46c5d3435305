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
const home = '/home-of-nobody';
const share = (path: string, roots: readonly string[] = []) => checkSharePath(nodeFileSystem, path, { roots, home });
const accept = (path: string, roots: readonly string[] = []) => checkAcceptPath(nodeFileSystem, path, { roots, home });

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
  expect(() => checkSharePath(fs, base, { roots: [], home })).toThrow(coded('path-not-writable'));
  expect(() => checkAcceptPath(fs, join(base, 'new'), { roots: [], home })).toThrow(coded('path-not-writable'));
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

test('HA7 the home of the engine is shared with nobody: neither it, nor anything in it or around it', () => {
  mkdirSync(join(base, 'ann/.local/share/flotilla/data'), { recursive: true });
  mkdirSync(join(base, 'ann/Photos'));
  symlinkSync(join(base, 'ann/.local'), join(base, 'elsewhere'));
  const taken = { roots: [], home: join(base, 'elsewhere/share/flotilla') };
  for (const place of ['ann', 'ann/.local/share/flotilla', 'ann/.local/share/flotilla/data', 'elsewhere/share']) {
    expect(() => checkSharePath(nodeFileSystem, join(base, place), taken), place).toThrow(coded('path-meets-home'));
    expect(() => checkAcceptPath(nodeFileSystem, join(base, place), taken), place).toThrow(coded('path-meets-home'));
  }
  const inside = join(base, 'ann/.local/share/flotilla/new');
  expect(() => checkAcceptPath(nodeFileSystem, inside, taken)).toThrow(coded('path-meets-home'));
  expect(existsSync(inside)).toBe(false);
  expect(existsSync(join(base, 'ann/.flotilla'))).toBe(false);
  expect(checkSharePath(nodeFileSystem, join(base, 'ann/Photos'), taken).root).toBe(join(base, 'ann/Photos'));
});
