import { readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../electron/engine/ports/system-clock.ts';
import { RUNNING_TIME_NOTE_MS, STILL_WRITTEN_BYTES, STILL_WRITTEN_MS } from '../../shared/limits.ts';
import type { RelativePath } from '../../shared/relative-path.ts';
import { createFolderWorld, type TestDevice } from '../support/folder-world.ts';

const DAY_MS = 86_400_000;

afterEach(() => {
  vi.restoreAllMocks();
});

/** Lets the folders' clock go on: what is done every so often is done once after each leap. */
function leapingClock(): (ms: number) => void {
  let leapt = 0;
  const regular = new Set<() => void>();
  const { monotonic, every } = systemClock;
  vi.spyOn(systemClock, 'monotonic').mockImplementation(() => monotonic() + leapt);
  vi.spyOn(systemClock, 'every').mockImplementation((ms, run) => {
    if (ms !== RUNNING_TIME_NOTE_MS) return every(ms, run);
    regular.add(run);
    return () => regular.delete(run);
  });
  return (ms) => {
    leapt += ms;
    for (const run of regular) run();
  };
}

test('HA5 HA6 while a folder is at work its versions grow older, and make room for what waits', async () => {
  const leap = leapingClock();
  const world = await createFolderWorld(2);
  try {
    const [one, two] = world.devices as [TestDevice, TestDevice];
    Object.assign(two.fs, { space: () => ({ free: 1e9, total: 10_000 }) });
    const texts = ['1', '2', '3'].map((text) => text.repeat(600));
    for (const text of texts) {
      writeFileSync(one.at('a'), text);
      await world.settle();
    }
    expect(two.folder.problems()).toMatchObject([{ path: 'a', code: 'versions-full' }]);
    expect(readFileSync(two.at('a'), 'utf8')).toBe(texts[1]);
    leap(2 * DAY_MS);
    for (let turn = 0; turn < 200 && two.folder.problems().length > 0; turn += 1) await world.settle();
    expect(readFileSync(two.at('a'), 'utf8')).toBe(texts[2]);
    expect(two.folder.versions('a' as RelativePath)).toHaveLength(1);
    for (let days = 0; days < 31; days += 1) leap(DAY_MS);
    await world.settle();
    expect(two.folder.allVersions()).toEqual([]);
    expect([...one.errors, ...two.errors]).toEqual([]);
  } finally {
    await world.close();
  }
});

test('who waits until all is taken in waits for a file that is still being written, too', async () => {
  const world = await createFolderWorld(1);
  try {
    const [one] = world.devices as [TestDevice];
    await world.settle();
    writeFileSync(one.at('film'), Buffer.alloc(2 * STILL_WRITTEN_BYTES));
    await one.folder.flush();
    expect(one.index.remote('film' as RelativePath)?.value).toMatchObject({
      kind: 'file',
      size: 2 * STILL_WRITTEN_BYTES,
    });
  } finally {
    await world.close();
  }
});

test('RC14 a large file that was moved into place is not waited for', async () => {
  const { after } = systemClock;
  vi.spyOn(systemClock, 'after').mockImplementation((ms, run) => {
    const isThatWait = ms > STILL_WRITTEN_MS / 2 && ms <= STILL_WRITTEN_MS;
    return isThatWait ? () => undefined : after(ms, run);
  });
  const world = await createFolderWorld(1);
  try {
    const [one] = world.devices as [TestDevice];
    await world.settle();
    writeFileSync(one.at('.flotilla/tmp/film'), Buffer.alloc(2 * STILL_WRITTEN_BYTES));
    // As a file's time is set by who moves it here, too; a move within the disk's tick after the write shows nothing.
    utimesSync(one.at('.flotilla/tmp/film'), new Date(), new Date());
    renameSync(one.at('.flotilla/tmp/film'), one.at('film'));
    await one.folder.flush();
    expect(one.index.remote('film' as RelativePath)?.value).toMatchObject({ kind: 'file' });
  } finally {
    await world.close();
  }
});
