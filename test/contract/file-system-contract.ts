import { lutimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FileSystem, systemCode } from '../../electron/engine/ports/file-system.ts';

/** What every `FileSystem` must do. `place` gives an empty directory for each test. */
export function fileSystemContract(name: string, open: () => FileSystem, place: () => string): void {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const code = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      return systemCode(error);
    }
    return 'done';
  };

  test(`${name}: nothing but rename takes the place of what is there`, () => {
    const fs = open();
    const [a, b] = [join(place(), 'a'), join(place(), 'b')];
    fs.writeNew(a, bytes('a'));
    fs.writeNew(b, bytes('b'));
    expect(code(() => fs.writeNew(a, bytes('x')))).toBe('EEXIST');
    expect(code(() => fs.link(a, b))).toBe('EEXIST');
    expect(code(() => fs.copy(a, b))).toBe('EEXIST');
    expect(code(() => fs.makeLink('a', b))).toBe('EEXIST');
    expect(code(() => fs.makeDirectory(b))).toBe('EEXIST');
    expect(new TextDecoder().decode(fs.readSmall(b, 10))).toBe('b');
    fs.rename(a, b);
    expect(new TextDecoder().decode(fs.readSmall(b, 10))).toBe('a');
    expect(fs.lstat(a)).toBeNull();
  });

  test(`${name}: links are never followed in the last segment`, () => {
    const fs = open();
    const [target, link] = [join(place(), 'target'), join(place(), 'link')];
    fs.writeNew(target, bytes('t'));
    fs.setMtime(target, 1_000_000_000_000);
    fs.makeLink('target', link);
    expect(fs.lstat(link)?.kind).toBe('symlink');
    expect(fs.readLink(link)).toBe('target');
    expect(code(() => fs.readSmall(link, 10))).not.toBe('done');
    expect(code(() => fs.setMode(link, 0o600))).not.toBe('done');
    fs.setMtime(link, 1_500_000_000_000);
    expect(fs.lstat(target)?.mtime).toBe(1_000_000_000_000);
    fs.unlink(link);
    expect(fs.lstat(target)?.kind).toBe('file');
  });

  test(`${name}: times keep their millisecond, and marks tell states apart`, () => {
    const fs = open();
    const file = join(place(), 'file');
    fs.writeNew(file, bytes('1'));
    for (const mtime of [0, 1, 999, 1_600_000_000_123, 1_700_000_000_007, 1_899_999_999_999]) {
      fs.setMtime(file, mtime);
      expect(fs.lstat(file)?.mtime).toBe(mtime);
    }
    const before = fs.lstat(file);
    fs.setMode(file, 0o640);
    expect(fs.lstat(file)?.mode).toBe(0o640);
    expect(fs.lstat(file)?.mark).not.toEqual(before?.mark);
    expect(fs.lstat(file)?.mark).toMatchObject({ inode: before?.mark.inode, size: 1 });
  });

  test(`${name}: a time beyond what a date can hold is the last one`, () => {
    const fs = open();
    const file = join(place(), 'file');
    fs.writeNew(file, bytes('1'));
    for (const seconds of [99_999_999_999_999, -99_999_999_999_999]) {
      lutimesSync(file, seconds, seconds);
      // Some disks hold no such times: what they made of it is told as it is.
      expect(Math.abs(fs.lstat(file)?.mtime ?? Number.NaN)).toBeLessThanOrEqual(8.64e15);
    }
  });

  test(`${name}: directories list their names, and go only when empty`, () => {
    const fs = open();
    const directory = join(place(), 'directory');
    fs.makeDirectory(directory);
    fs.writeNew(join(directory, '\u00e9'), bytes(''));
    fs.flushDirectory(directory);
    expect(fs.readDirectory(directory)).toEqual([{ name: '\u00e9', shown: '\u00e9' }]);
    expect(['ENOTEMPTY', 'EEXIST']).toContain(code(() => fs.removeDirectory(directory)));
    fs.unlink(join(directory, '\u00e9'));
    fs.removeDirectory(directory);
    expect(fs.lstat(directory)).toBeNull();
    expect(fs.lstat(join(directory, 'below'))).toBeNull();
    expect(code(() => fs.readDirectory(directory))).toBe('ENOENT');
  });

  test(`${name}: small reads are bounded, and there is room on the disk`, () => {
    const fs = open();
    const file = join(place(), 'file');
    fs.writeNew(file, bytes('12345'));
    expect(fs.readSmall(file, 5)).toEqual(bytes('12345'));
    expect(code(() => fs.readSmall(file, 4))).toBe('EFBIG');
    const { free, total } = fs.space(place());
    expect(total).toBeGreaterThan(free);
  });
}
