import { describe, expect, it } from 'vitest';
import { accessRows } from '../../renderer/features/folders/access-view.ts';
import { type LoadedDirectory, treeRows } from '../../renderer/features/folders/file-tree-view.ts';
import { dotsOf, foldersView, statusOf } from '../../renderer/features/folders/folders-view.ts';
import { suggestPlace } from '../../renderer/features/folders/places.ts';
import { holderWords, shareWords } from '../../renderer/store/holders.ts';
import type { Holder } from '../../shared/model/folder.ts';
import { device, deviceId, folder, minutesAgo } from '../support/scripted/builders.ts';
import { STATES } from '../support/scripted/states.ts';
import { listDirectory } from '../support/scripted/tree.ts';

const pair = [device(1, 'Work'), device(2, 'Studio')] as const;
const without = [pair[0], device(2, 'Studio', { online: false, link: null })] as const;
const halt = { code: 'root-missing', path: '/media/x', since: minutesAgo(1) } as const;

describe("a folder's state in words", () => {
  it.each([
    ['idle', folder(1, 'A', pair, { 1: 1, 2: 1 }), pair, 'safe', 'Up to date', 'on both devices'],
    ['idle, one copy', folder(1, 'A', pair, { 1: 1 }), pair, 'quiet', 'Up to date', 'on this computer only'],
    [
      'sending',
      folder(1, 'A', pair, { 1: 1, 2: 0.5 }, { bytes: 1e9, rates: { downBps: 0, upBps: 1e6 } }),
      pair,
      'moving',
      'Sending to Studio',
      '500 MB left at 1.0 MB/s',
    ],
    [
      'other is off',
      folder(1, 'A', without, { 1: 1, 2: 0.5 }, { bytes: 1e9 }),
      without,
      'quiet',
      'Complete here',
      'Studio is off and still needs 500 MB',
    ],
    [
      'receiving',
      folder(
        1,
        'A',
        pair,
        { 1: 0.5, 2: 1 },
        { state: 'syncing', needFiles: 3, needBytes: 6e7, rates: { downBps: 1e6, upBps: 0 } },
      ),
      pair,
      'moving',
      'Receiving 3 files',
      '60 MB left at 1.0 MB/s, 1 minute',
    ],
    [
      'nobody has it',
      folder(1, 'A', without, { 1: 0.5, 2: 1 }, { state: 'syncing', needFiles: 3, needBytes: 6e7 }),
      without,
      'quiet',
      '3 files missing here',
      'Studio has to come back: 60 MB left',
    ],
    [
      'halted',
      folder(1, 'A', pair, { 1: 1 }, { state: 'halted', halt }),
      pair,
      'halted',
      'Stopped, needs an answer',
      'The folder’s directory is not there.',
    ],
    [
      'waiting',
      folder(1, 'A', pair, { 1: 1 }, { state: 'waiting' }),
      pair,
      'quiet',
      'Waits for the master',
      'Shared once the change is decided',
    ],
    [
      'paused',
      folder(1, 'A', pair, { 1: 1 }, { state: 'paused' }),
      pair,
      'quiet',
      'Paused',
      'Nothing is sent or received',
    ],
  ] as const)('%s', (_name, given, devices, tone, words, cause) => {
    expect(statusOf(given, devices)).toEqual({ tone, words, cause });
  });

  it('puts offered folders apart', () => {
    const view = foldersView(STATES.busy());
    expect(view.offered.map((row) => row.folder.name)).toEqual(['Recipes']);
    expect(view.held.map((row) => row.folder.name)).toEqual(['Music', 'Photos', 'Work']);
  });

  it('never fills a dot that lacks something', () => {
    const given = folder(1, 'A', pair, { 1: 1, 2: 0.9999 }, { bytes: 1e9 });
    const [own, other] = dotsOf(given, pair);
    expect(own).toMatchObject({ share: { kind: 'complete' }, words: 'has all of it' });
    expect(other?.share).toMatchObject({ kind: 'partial', share: 0.99 });
    expect(other?.words).toBe('has 99 %, 100 kB to come');
  });

  it.each([
    [
      'a byte of which all is known to be there',
      { haveBytes: 1, needBytes: 0, headsEqual: false },
      '99 %',
      'does not have the latest changes',
    ],
    ['nothing heard', { state: 'unknown' }, '?', 'was not heard from since this computer started'],
    ['paused', { state: 'paused', needFiles: 1 }, 'paused', 'has paused it'],
    ['its directory is gone', { state: 'halted', needFiles: 1 }, 'stopped', 'has stopped: someone has to answer there'],
    ['failing', { state: 'failing', needFiles: 1 }, 'stopped', 'has stopped: someone has to answer there'],
    ['half', { haveBytes: 2, needBytes: 2 }, '50 %', 'has 50 %, 2 bytes to come'],
  ] as const)('says of a device only what it told: %s', (_name, changes, short, words) => {
    const [, holder] = folder(1, 'A', pair, { 1: 1, 2: 1 }, { bytes: 4 }).holders;
    const told = { ...(holder as Holder), ...changes };
    expect([shareWords(told), holderWords(told)]).toEqual([short, words]);
  });

  it.each([
    ['halted', 'needsYou', 'Stopped on Studio', 'Someone has to answer there; up to date here'],
    ['paused', 'quiet', 'Up to date here', 'Paused on Studio'],
    ['unknown', 'quiet', 'Up to date here', 'Not heard from Studio since this computer started'],
  ] as const)('tells of a folder that is %s at another device', (doing, tone, words, cause) => {
    const given = folder(1, 'A', pair, { 1: 1, 2: 1 });
    const holders = given.holders.map((one) =>
      one.device === deviceId(2) ? { ...one, state: doing, needFiles: 1 } : one,
    );
    expect(statusOf({ ...given, holders }, pair)).toEqual({ tone, words, cause });
  });

  it('suggests a place beside what is held', () => {
    expect(suggestPlace(STATES.normal(), 'Our/new: folder')).toBe('/home/anna/Our-new- folder');
    expect(suggestPlace(STATES.empty(), 'New')).toBe('');
  });
});

describe('the tree of files', () => {
  const loaded = (directory: string): LoadedDirectory => listDirectory(directory, 0, null, 500, (state) => state);

  it('opens directories in place', () => {
    const rows = treeRows(
      new Map([
        ['', loaded('')],
        ['2026', loaded('2026')],
      ]),
      new Set(['2026', '2026/03']),
    );
    const shown = rows.map((row) =>
      row.kind === 'entry' ? `${row.depth} ${row.entry.name}` : `${row.depth} ${row.kind}`,
    );
    expect(shown.slice(0, 5)).toEqual(['0 2025', '0 2026', '1 03', '2 loading', '1 IMG_4411.jpg']);
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
  });

  it('says how many more there are', () => {
    const first = listDirectory('', 100_000, null, 500, () => 'same');
    const rows = treeRows(new Map([['', first]]), new Set());
    expect(rows).toHaveLength(501);
    expect(rows.at(-1)).toMatchObject({ kind: 'more', left: 99_500 });
  });

  it('says when a directory is empty', () => {
    expect(treeRows(new Map([['', { entries: [], next: null, total: 0 }]]), new Set())).toMatchObject([
      { kind: 'empty' },
    ]);
  });
});

describe('who has access', () => {
  it('puts the owner first, with all rights', () => {
    const state = STATES.trouble();
    const music = state.folders.find((one) => one.name === 'Music');
    if (!music) throw new Error('the state has it');
    const rows = accessRows(state, music);
    expect(rows[0]).toMatchObject({ owner: true, access: 'readWrite', device: { id: deviceId(2) } });
  });
});
