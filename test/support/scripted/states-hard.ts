/** The states that are hard to draw: everything wrong at once, and names without measure. */
import type { AppState } from '../../../shared/model/app-state.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import {
  decision,
  device,
  deviceId,
  failover,
  filesChanged,
  folder,
  folderId,
  leaving,
  master,
  minutesAgo,
  waiting,
} from './builders.ts';
import { failovers, group, history, normal } from './states-calm.ts';

/** The others have removed this computer. */
export const removed = (): AppState => {
  const base = normal();
  return {
    ...base,
    devices: base.devices.filter(({ self }) => !self),
    problems: [
      {
        id: 'removed-from-group-here',
        code: 'removed-from-group',
        message: 'removed',
        since: minutesAgo(2),
        device: null,
        path: null,
      },
    ],
  };
};

/** The folder with too little room on the disk of one of its holders. */
const fullAt = (full: Folder, device: string, freeBytes: number): Folder => ({
  ...full,
  holders: full.holders.map((one) => (one.device === device ? { ...one, problems: 1, diskFull: freeBytes } : one)),
});

export const trouble = (): AppState => {
  const devices = [
    device(1, 'Work laptop', { needFiles: 812, needBytes: 8_200_000_000 }),
    device(2, 'Studio', {
      online: false,
      link: null,
      lastSeen: minutesAgo(42),
      needFiles: 3,
      needBytes: 18_000_000,
      freeBytes: 76_700_000,
    }),
    device(3, 'Pi', { role: 'member', online: false, link: null, lastSeen: minutesAgo(60 * 30) }),
  ];
  const conflicts = [
    {
      folder: folderId(2),
      path: 'Offers/Offer Meyer.odt',
      deletedBy: null,
      versions: [
        { device: deviceId(2), mtime: minutesAgo(50), size: 48_200, path: 'Offers/Offer Meyer.odt' },
        {
          device: deviceId(1),
          mtime: minutesAgo(55),
          size: 47_100,
          path: 'Offers/Offer Meyer (conflict Worklaptop 1b9a3f02).odt',
        },
      ],
    },
    {
      folder: folderId(2),
      path: 'Notes/todo.md',
      deletedBy: null,
      versions: [
        { device: deviceId(1), mtime: minutesAgo(44), size: 1_210, path: 'Notes/todo.md' },
        { device: deviceId(2), mtime: minutesAgo(46), size: 1_190, path: 'Notes/todo (conflict Studio 77aa01c4).md' },
        { device: deviceId(3), mtime: minutesAgo(60 * 31), size: 980, path: 'Notes/todo (conflict Pi 0c44be19).md' },
      ],
    },
  ];
  return {
    ...normal(),
    leaving: [
      leaving('Old home'),
      leaving('', { id: 'a8'.repeat(32), weight: 0, votes: 0, staying: [], needed: false }),
    ],
    devices,
    conflicts,
    conflictCount: 2,
    master: master(
      { 1: 1, 2: 1, 3: 1 },
      {
        state: 'candidate',
        master: null,
        quorate: false,
        failovers: [...failovers, failover(700, 2, 1, [4100, 1600, 420])],
        waiting: 2,
        since: null,
        term: 9,
      },
    ),
    waiting: [
      waiting(1, 31, { kind: 'folder.create', subject: folderId(9), text: 'Share "Scans"' }),
      waiting(2, 8, { kind: 'device.remove', subject: deviceId(3), text: 'Remove Pi' }),
    ],
    folders: [
      folder(
        1,
        'Photos',
        devices,
        { 1: 1, 2: 1, 3: 1 },
        {
          owner: deviceId(2),
          bytes: 48_200_000_000,
          files: 9_412,
          state: 'halted',
          halt: { code: 'root-missing', path: '/media/anna/Backup disk/Photos', since: minutesAgo(12) },
          path: '/media/anna/Backup disk/Photos',
        },
      ),
      fullAt(
        folder(
          2,
          'Work',
          devices,
          { 1: 1, 2: 0.99, 3: 1 },
          {
            bytes: 2_310_000_000,
            files: 3_204,
            conflicts: 2,
            problems: [
              { path: 'Scans/receipt 2026-03-01.pdf', code: 'path-not-readable', message: 'EACCES: permission denied' },
              { path: 'build/control.fifo', code: 'file-kind-unsupported', message: 'FIFO' },
              {
                path: 'Old/Rückgabe.txt',
                code: 'name-collision',
                message: 'Another name here differs from it in Unicode form alone',
              },
            ],
          },
        ),
        deviceId(2),
        76_700_000,
      ),
      folder(
        3,
        'Music',
        devices,
        { 1: 0.74, 2: 1 },
        {
          owner: deviceId(2),
          access: 'readOnly',
          bytes: 31_700_000_000,
          files: 4_120,
          state: 'syncing',
          needFiles: 812,
          needBytes: 8_200_000_000,
          problems: ['my corrections.md', 'Bach/my favourites.m3u'].map((path) => ({
            path,
            code: 'no-right-to-write' as const,
            message: 'This device may only read here',
          })),
        },
      ),
      folder(9, 'Scans', [], {}, { state: 'waiting', bytes: 0, files: 0 }),
    ],
    problems: [],
    activity: [
      ...history,
      {
        type: 'conflict',
        id: 'x1',
        at: minutesAgo(2),
        device: deviceId(2),
        folder: folderId(2),
        path: 'Offers/Offer Meyer.odt',
      },
      decision(9, 1, 3, {
        kind: 'folder.rename',
        subject: { type: 'folder', id: folderId(2), name: 'Work' },
        value: 'Office',
        outcome: 'refused',
        code: 'not-owner',
      }),
    ],
  };
};

const LONG = 'The computer under the stairs that used to belong to grandmother Wilhelmina-Friederike';
const LONG_FOLDER = 'Correspondence_with_the_housing_association_2019-2026_(scanned,_not_yet_sorted)_final_FINAL_v2';

export const longNames = (): AppState => {
  const devices = [
    device(1, LONG),
    device(2, 'Donaudampfschifffahrtsgesellschaftskapitänskajütenrechner', { master: true }),
    device(3, 'x'.repeat(64), {
      role: 'member',
      online: false,
      link: null,
      lastSeen: minutesAgo(70),
      needFiles: 1,
      needBytes: 100,
    }),
  ];
  const deep = `${'a directory with a rather long name/'.repeat(6)}and then a file.txt`;
  return {
    ...normal(),
    self: { ...normal().self, name: LONG },
    group: { id: group.id, name: 'The extended family, neighbours and the choir of Saint Bartholomew' },
    devices,
    folders: [
      folder(
        1,
        LONG_FOLDER,
        devices,
        { 1: 1, 2: 1, 3: 0.9 },
        { owner: deviceId(2), path: `/home/anna/${'very long/'.repeat(12)}${LONG_FOLDER}` },
      ),
      folder(
        2,
        'Photos',
        devices,
        { 1: 1, 2: 1, 3: 1 },
        {
          conflicts: 1,
          problems: [{ path: deep, code: 'name-too-long', message: 'too long' }],
        },
      ),
    ],
    conflictCount: 1,
    conflicts: [
      {
        folder: folderId(2),
        path: deep,
        deletedBy: null,
        versions: [
          { device: deviceId(2), mtime: minutesAgo(50), size: 48_200, path: deep },
          {
            device: deviceId(1),
            mtime: minutesAgo(55),
            size: 47_100,
            path: deep.replace('.txt', ' (conflict Thecomputerunderthes 1b9a3f02).txt'),
          },
        ],
      },
    ],
    waiting: [waiting(1, 31, { kind: 'folder.create', subject: folderId(9), text: `Share "${LONG_FOLDER}"` })],
    requests: [{ id: 'r1', name: LONG, phrase: 'amber river seven', role: 'member', since: minutesAgo(1) }],
    activity: [
      ...history,
      filesChanged(20, 1, 2, 2, 'changed', 1, [deep]),
      decision(21, 0.5, 2, {
        kind: 'folder.create',
        subject: { type: 'folder', id: folderId(1), name: LONG_FOLDER },
        value: null,
      }),
    ],
  };
};
