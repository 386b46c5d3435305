import { describe, expect, it } from 'vitest';
import { conflictsView } from '../../renderer/features/conflicts/conflicts-view.ts';
import { devicesView } from '../../renderer/features/devices/devices-view.ts';
import { nodeWords } from '../../renderer/features/devices/map-view.ts';
import { dotsOf, foldersView } from '../../renderer/features/folders/folders-view.ts';
import { restOf, versionRows } from '../../renderer/features/versions/versions-view.ts';
import type { AppState } from '../../shared/model/app-state.ts';
import type { Folder } from '../../shared/model/folder.ts';
import { device, deviceId, folder, folderId, minutesAgo, NOW } from '../support/scripted/builders.ts';
import { STATES } from '../support/scripted/states.ts';

describe('folders', () => {
  it('stand by name, those that ask for someone first', () => {
    const { held } = foldersView(STATES.trouble());
    expect(held.map((row) => row.folder.name)).toEqual(['Music', 'Photos', 'Work', 'Scans']);
  });

  it.each([
    ['cloned', 'Two computers run as this one'],
    ['restored', 'Waits for your answer: restored from a copy'],
  ] as const)('claim nothing of themselves where the home is %s', (name, cause) => {
    const { held } = foldersView(STATES[name]());
    expect(held.length).toBeGreaterThan(0);
    for (const row of held) expect(row.status).toEqual({ tone: 'halted', words: 'Stopped', cause });
  });

  it('count a change that is kept here once, not as a problem too', () => {
    const normal = STATES.normal();
    const [first, ...others] = normal.folders;
    if (first === undefined) throw new Error('no folder');
    const kept = { ...first, access: 'readOnly', localChanges: 2, problemCount: 3, needCount: 3 } as const;
    const row = foldersView({ ...normal, folders: [kept, ...others] }).held.find((one) => one.folder.id === kept.id);
    expect(row?.marks.map(({ words }) => words)).toEqual(['1 problem', '2 changes kept here', 'Read only']);
  });

  it.each([
    ['Work laptop', 'WL'],
    ['Studio', 'St'],
    [' the  Pi ', 'TP'],
    ['😀', '😀'],
  ])('stand for the device %s by %s', (name, initials) => {
    const devices = [device(1, name)];
    expect(dotsOf(folder(1, 'A', devices, { 1: 1 }), devices)[0]?.initials).toBe(initials);
  });
});

describe('conflicts', () => {
  const of = (times: readonly [number | null, number | null], sizes: readonly [number, number]): AppState => ({
    ...STATES.normal(),
    conflictCount: 1,
    conflicts: [
      {
        folder: folderId(2),
        path: 'a.txt',
        deletedBy: null,
        versions: [
          { device: deviceId(2), mtime: times[0], size: sizes[0], path: 'a.txt' },
          { device: deviceId(1), mtime: times[1], size: sizes[1], path: 'a (conflict Work 1).txt' },
        ],
      },
    ],
  });

  it.each([
    [[minutesAgo(50), minutesAgo(55)], [2_100, 1_000], 'Studio’s is 5 minutes newer and 1.1 kB larger'],
    [[minutesAgo(55), minutesAgo(50)], [1_000, 1_000], 'Yours is 5 minutes newer and of the same size'],
    [[NOW, NOW], [1_000, 2_100], 'Both were changed at the same time; Studio’s is 1.1 kB smaller'],
    [[null, NOW], [1, 2], null],
  ] as const)('say in a line how two versions differ', (times, sizes, words) => {
    const [card] = conflictsView(of(times, sizes), NOW);
    expect(card?.difference).toBe(words);
    const newest = card?.versions.map(({ newest: isNewest }) => isNewest);
    expect(newest?.filter(Boolean)).toHaveLength(times[0] === times[1] ? 0 : 1);
    expect(card?.versions.map(({ keep }) => keep)).toEqual(['Keep Studio’s', 'Keep mine']);
  });
});

it('says where a version cannot be restored, and who may choose in a conflict', () => {
  const states = ['idle', 'scanning', 'syncing', 'paused', 'halted', 'error'] as const;
  const rests = states.map((one) => restOf({ name: 'Work', state: one }));
  expect(rests.map((rest) => rest?.title ?? null)).toEqual([
    null,
    null,
    null,
    'Work is paused',
    'Work has stopped',
    'Work can’t work at the moment',
  ]);
  expect(rests.map((rest) => rest?.canGoOn ?? false)).toEqual([false, false, false, true, false, false]);
  const state = STATES.trouble();
  const readOnly = state.folders.map((of) => ({ ...of, access: 'readOnly' as const }));
  const cannot = (of: AppState) => conflictsView(of, NOW).map((card) => card.cannot !== null);
  expect([cannot(state), cannot({ ...state, folders: readOnly })]).toEqual([
    [false, false],
    [true, true],
  ]);
});

it('says of what rests where that is, and why nothing can be chosen in it', () => {
  const needs = (state: AppState) => devicesView(state, NOW)[0]?.needs;
  expect([needs(STATES.paused()), needs(STATES['halted-foreign']())]).toEqual([
    '1 folder paused here',
    '1 folder stopped here: needs an answer',
  ]);
  const state = STATES.trouble();
  const cannot = (change: Partial<Folder>) => {
    const folders = state.folders.map((folder) => ({ ...folder, ...change }));
    return conflictsView({ ...state, folders }, NOW)[0]?.cannot;
  };
  expect(cannot({ state: 'idle' })).toBeNull();
  expect(cannot({ state: 'paused' })).toBe('The folder is paused. You can choose once it goes on.');
  expect(cannot({ state: 'halted' })).toBe('The folder has stopped. You can choose once it goes on.');
  expect(cannot({ state: 'idle', access: 'readOnly' })).toMatch(/^This computer may only read/);
});

it('says under a device on the map what it lacks, else whether it is here', () => {
  expect(nodeWords(device(2, 'A', { needFiles: 1 }))).toBe('needs 1 file');
  expect(nodeWords(device(1, 'A'))).toBe('this computer');
  expect(nodeWords(device(2, 'A'))).toBe('here');
  expect(nodeWords(device(2, 'A', { online: false }))).toBe('away');
});

it('names a kept version by its file, and the way to it apart', () => {
  const version = { id: 'v', time: NOW, size: 1, device: null, folder: folderId(1), kind: 'file', mtime: NOW } as const;
  const rows = versionRows(
    [
      { ...version, path: 'a/b/c.txt', reason: 'replaced' },
      { ...version, path: 'd.txt', reason: 'deleted' },
    ],
    () => 'this computer',
    NOW,
  );
  expect(rows.map(({ name, place }) => [name, place])).toEqual([
    ['c.txt', 'a/b'],
    ['d.txt', ''],
  ]);
});
