import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { folderProgress } from '../../electron/cli/folder-progress.ts';
import { followOn, timeSpent } from '../../electron/cli/progress.ts';
import type { Device } from '../../shared/model/device.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { device, folder } from '../support/scripted/builders.ts';

describe('how far the folders are, on one line', () => {
  const pair = [device(1, 'Work'), device(2, 'Studio')];
  const say = (devices: readonly Device[], ...folders: Parameters<typeof folderProgress>[1]) =>
    folderProgress({ devices, rates: { downBps: 2.1e6, upBps: 0 } }, folders);

  it('is a bar with what is to come here', () => {
    const half = folder(
      1,
      'A',
      pair,
      { 1: 0.5, 2: 1 },
      { state: 'syncing', bytes: 1.2e8, needFiles: 3, needBytes: 6e7 },
    );
    expect(say(pair, half)).toBe(
      `${'█'.repeat(12)}${'░'.repeat(12)} 50 %  3 files (60 MB) to come; 2.1 MB/s in, 0 kB/s out`,
    );
  });

  it('is a bar with what others still need', () => {
    expect(say(pair, folder(1, 'A', pair, { 1: 1, 2: 0.25 }))).toMatch(/^█{6}░{18} 25 % {2}to other devices;/);
  });

  it('never shows the whole before it is there', () => {
    expect(say(pair, folder(1, 'A', pair, { 1: 1, 2: 0.999 }))).toMatch(/^█{23}░ 99 %/);
  });

  it('counts what was looked at while a folder is gone through', () => {
    const scanned = folder(1, 'A', pair, { 1: 1 }, { state: 'scanning', scannedFiles: 1204 });
    expect(say(pair, scanned)).toBe('Looking through A: 1,204 names so far');
  });

  it('says what it waits for where nothing has a measure', () => {
    expect(say(pair, folder(1, 'A', pair, { 1: 1, 2: 1 }))).toBe('Comparing with the other devices');
    expect(say(pair, folder(1, 'A', pair, { 1: 1 }))).toBe('Taking in what is on this disk');
    const away = [device(1, 'Work'), device(2, 'Studio', { online: false })];
    const owned = { owner: away[1]?.id ?? '', state: 'syncing' } as const;
    expect(say(away, folder(1, 'A', away, { 1: 1, 2: 1 }, owned))).toBe('Waiting for a device that holds it');
  });
});

describe('the line on the terminal', () => {
  let clock: FakeClock;
  let written: string[];
  let done: (value: string) => void;
  let work: Promise<string>;

  beforeEach(() => {
    clock = createFakeClock();
    written = [];
    work = new Promise((resolve) => {
      done = resolve;
    });
  });
  afterEach(() => vi.restoreAllMocks());

  const terminal = (isTTY: boolean, columns = 12) => ({ isTTY, columns, write: (text: string) => written.push(text) });

  it('is there at once, is renewed, and is gone at the end', async () => {
    const followed = followOn(terminal(true), false, clock)(work, timeSpent('Work', clock));
    await clock.advanceAsync(1_000);
    done('answer');
    expect(await followed).toBe('answer');
    await clock.advanceAsync(5_000);
    const begin = '\r\u001b[K';
    expect(written).toEqual([`${begin}Work: 0 s`, `${begin}Work: 0 s`, `${begin}Work: 1 s`, begin]);
  });

  it('is cut to the terminal, so that it can be cleared', async () => {
    const followed = followOn(terminal(true), false, clock)(work, () => 'longer than twelve');
    await clock.advanceAsync(0);
    expect(written).toEqual(['\r\u001b[Klonger than']);
    done('');
    await followed;
  });

  it('is whole on a terminal that does not know its width', async () => {
    const followed = followOn(terminal(true, 0), false, clock)(work, () => 'longer than twelve');
    await clock.advanceAsync(0);
    expect(written).toEqual(['\r\u001b[Klonger than twelve']);
    done('');
    await followed;
  });

  it('is asked for one at a time, and what it fails with harms nothing', async () => {
    let asked = 0;
    const line = vi.fn(async () => {
      asked += 1;
      if (asked === 1) throw new Error('lost');
      return new Promise<string>(() => {});
    });
    const followed = followOn(terminal(true), false, clock)(work, line);
    await clock.advanceAsync(5_000);
    done('answer');
    expect(await followed).toBe('answer');
    expect(line).toHaveBeenCalledTimes(2);
    expect(written).toHaveLength(1);
  });

  it.each([
    ['there is no terminal', false, false],
    ['a program reads the answer', true, true],
  ])('is not there where %s', async (_why, isTTY, forPrograms) => {
    const line = vi.fn(() => 'line');
    const followed = followOn(terminal(isTTY), forPrograms, clock)(work, line);
    await clock.advanceAsync(5_000);
    done('answer');
    expect(await followed).toBe('answer');
    expect(line).not.toHaveBeenCalled();
    expect(written).toEqual([]);
  });

  it('goes where the work fails', async () => {
    const failing = followOn(terminal(true), false, clock)(Promise.reject(new Error('no')), () => 'line');
    await expect(failing).rejects.toThrow('no');
    expect(written.at(-1)).toBe('\r\u001b[K');
    expect(clock.pending()).toBe(0);
  });
});
