/** The states that pictures and page tests show, by name. */
import type { AppState } from '../../../shared/model/app-state.ts';
import {
  decision,
  device,
  deviceId,
  failover,
  filesChanged,
  folder,
  folderId,
  master,
  minutesAgo,
  NOW,
  state,
} from './builders.ts';

const group = { id: 'a1'.repeat(32), name: 'Home group' } as const;

const trio = [
  device(1, 'Work laptop'),
  device(2, 'Studio', { master: true, link: { kind: 'lan', rttMs: 0.4 } }),
  device(3, 'Pi', { role: 'member', link: { kind: 'direct', rttMs: 18 }, freeBytes: 11_400_000_000 }),
] as const;

const history = [
  decision(1, 60 * 49, 1, {
    kind: 'group.create',
    subject: { type: 'group', id: group.id, name: 'Home group' },
    value: null,
  }),
  decision(2, 60 * 48, 2, {
    kind: 'invite.redeem',
    subject: { type: 'device', id: deviceId(2), name: 'Studio' },
    value: 'admin',
  }),
  decision(3, 60 * 30, 3, {
    kind: 'invite.redeem',
    subject: { type: 'device', id: deviceId(3), name: 'Pi' },
    value: 'member',
  }),
  filesChanged(1, 190, 2, 1, 'added', 312, ['2026/03/IMG_4411.jpg', '2026/03/IMG_4412.jpg', '2026/03/IMG_4413.jpg']),
  decision(4, 120, 1, {
    kind: 'folder.create',
    subject: { type: 'folder', id: folderId(2), name: 'Work' },
    value: null,
  }),
  filesChanged(2, 64, 1, 2, 'changed', 1, ['Offers/Offer Meyer.odt']),
  filesChanged(3, 62, 1, 2, 'changed', 1, ['Offers/Offer Meyer.odt']),
  { type: 'master', id: 'm1', at: minutesAgo(30), device: deviceId(2), term: 7 },
  decision(5, 27, 1, {
    kind: 'folder.create',
    subject: { type: 'folder', id: folderId(3), name: 'Music' },
    value: null,
  }),
  filesChanged(4, 12, 3, 3, 'moved', 14, ['Bach/BWV 846.flac']),
  filesChanged(5, 3, 1, 2, 'changed', 1, ['Notes/today.md']),
] as const;

const failovers = [
  failover(60 * 26, 2, 1, [1320, 180, 90]),
  failover(60 * 5, 1, 2, [1012, 244, 118]),
  failover(60 * 3, 2, 1, [0, 61, 40], { cause: 'handover' }),
  failover(30, 1, 2, [1431, 302, 171]),
] as const;

const normal = (): AppState => {
  const all = { 1: 1, 2: 1, 3: 1 };
  const folders = [
    folder(1, 'Photos', trio, all, { owner: deviceId(2), bytes: 48_200_000_000, files: 9_412 }),
    folder(2, 'Work', trio, all, { bytes: 2_310_000_000, files: 3_204 }),
    folder(3, 'Music', trio, all, { bytes: 31_700_000_000, files: 4_120 }),
  ];
  return state('Work laptop', {
    group,
    devices: [...trio],
    master: master({ 1: 1, 2: 1, 3: 1 }, { failovers }),
    folders,
    activity: history,
    invites: [],
  });
};

const busy = (): AppState => {
  const devices = [
    device(1, 'Work laptop', { rates: { downBps: 0, upBps: 41_500_000 } }),
    device(2, 'Studio', {
      master: true,
      link: { kind: 'lan', rttMs: 0.4 },
      rates: { downBps: 0, upBps: 38_000_000 },
      needFiles: 214,
      needBytes: 4_600_000_000,
    }),
    device(3, 'Pi', {
      role: 'member',
      link: { kind: 'relayed', rttMs: 64 },
      rates: { downBps: 0, upBps: 3_500_000 },
      needFiles: 214,
      needBytes: 7_100_000_000,
    }),
  ];
  const base = normal();
  return {
    ...base,
    devices,
    rates: { downBps: 0, upBps: 41_500_000 },
    folders: [
      folder(
        1,
        'Photos',
        devices,
        { 1: 1, 2: 0.9, 3: 0.82 },
        { bytes: 48_200_000_000, files: 9_412, rates: { downBps: 0, upBps: 38_000_000 } },
      ),
      folder(
        2,
        'Work',
        devices,
        { 1: 1, 2: 1, 3: 1 },
        { bytes: 2_310_000_000, files: 3_204, state: 'scanning', scannedFiles: 1_204 },
      ),
      folder(
        3,
        'Music',
        devices,
        { 1: 0.74, 2: 1 },
        {
          owner: deviceId(2),
          bytes: 31_700_000_000,
          files: 4_120,
          state: 'syncing',
          needFiles: 812,
          needBytes: 8_200_000_000,
          rates: { downBps: 21_000_000, upBps: 0 },
        },
      ),
      folder(
        4,
        'Recipes',
        devices,
        { 2: 1 },
        { owner: deviceId(2), path: null, state: 'offered', bytes: 81_000_000, files: 214 },
      ),
    ],
    master: master(
      { 1: 1, 2: 2, 3: 1 },
      { failovers, wantedElectorate: { [deviceId(1)]: 1, [deviceId(2)]: 1, [deviceId(3)]: 1 } },
    ),
    invites: [
      {
        id: 'c1'.repeat(32),
        code: 'flt1k7m2qz9xw4ah3tn8vb5rj6yc0pd2es7guf3kx9mz4wqa8hn5',
        role: 'admin',
        approve: 'ask',
        expires: NOW + 22 * 3_600_000,
        madeBy: deviceId(1),
        state: 'open',
      },
    ],
  };
};

/** Like busy, and somebody asks to come in. */
const request = (): AppState => ({
  ...busy(),
  requests: [{ id: 'r1', name: 'Kitchen tablet', phrase: 'amber river seven', role: 'admin', since: minutesAgo(0.3) }],
});

const trouble = (): AppState => {
  const devices = [
    device(1, 'Work laptop', { weight: 1 }),
    device(2, 'Studio', {
      online: false,
      link: null,
      lastSeen: minutesAgo(42),
      needFiles: 3,
      needBytes: 18_000_000,
      freeBytes: 200_000_000,
    }),
    device(3, 'Pi', { role: 'member', online: false, link: null, lastSeen: minutesAgo(60 * 30) }),
  ];
  const conflicts = [
    {
      folder: folderId(2),
      path: 'Offers/Offer Meyer.odt',
      versions: [
        { device: deviceId(2), mtime: minutesAgo(50), size: 48_200, path: 'Offers/Offer Meyer.odt' },
        {
          device: deviceId(1),
          mtime: minutesAgo(55),
          size: 47_100,
          path: 'Offers/Offer Meyer (conflict Work-laptop 1b9a3f02).odt',
        },
      ],
    },
    {
      folder: folderId(2),
      path: 'Notes/todo.md',
      versions: [
        { device: deviceId(1), mtime: minutesAgo(44), size: 1_210, path: 'Notes/todo.md' },
        { device: deviceId(2), mtime: minutesAgo(46), size: 1_190, path: 'Notes/todo (conflict Studio 77aa01c4).md' },
        { device: deviceId(3), mtime: minutesAgo(60 * 31), size: 980, path: 'Notes/todo (conflict Pi 0c44be19).md' },
      ],
    },
  ];
  return {
    ...normal(),
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
      { id: 'w1', kind: 'folder.create', text: 'Share "Scans"', since: minutesAgo(31), canCancel: true },
      { id: 'w2', kind: 'device.remove', text: 'Remove "Pi" from the group', since: minutesAgo(8), canCancel: true },
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
      folder(
        2,
        'Work',
        devices,
        { 1: 1, 2: 0.99, 3: 1 },
        {
          bytes: 2_310_000_000,
          files: 3_204,
          conflicts: 2,
          problemCount: 3,
          problems: [
            { path: 'Scans/receipt 2026-03-01.pdf', code: 'path-not-readable', message: 'EACCES: permission denied' },
            { path: 'build/control.fifo', code: 'file-kind-unsupported', message: 'FIFO' },
            { path: 'Old/CON.txt', code: 'name-reserved', message: 'reserved' },
          ],
        },
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
          localChanges: 2,
        },
      ),
      folder(5, 'Scans', devices, { 1: 1 }, { state: 'waiting', tentative: false, bytes: 12_000_000, files: 31 }),
    ],
    problems: [
      { id: 'p1', code: 'disk-full', message: 'ENOSPC', since: minutesAgo(41), device: deviceId(2), path: null },
    ],
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

const longNames = (): AppState => {
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
        { conflicts: 1, problemCount: 1, problems: [{ path: deep, code: 'name-too-long', message: 'too long' }] },
      ),
    ],
    conflictCount: 1,
    conflicts: [
      {
        folder: folderId(2),
        path: deep,
        versions: [
          { device: deviceId(2), mtime: minutesAgo(50), size: 48_200, path: deep },
          {
            device: deviceId(1),
            mtime: minutesAgo(55),
            size: 47_100,
            path: deep.replace('.txt', ' (conflict The-computer-under- 1b9a3f02).txt'),
          },
        ],
      },
    ],
    waiting: [
      { id: 'w1', kind: 'folder.create', text: `Share "${LONG_FOLDER}"`, since: minutesAgo(31), canCancel: true },
    ],
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

const rightToLeft = (): AppState => {
  const devices = [
    device(1, 'המחשב בעבודה'),
    device(2, 'الاستوديو', { master: true }),
    device(3, 'Pi', { role: 'member' }),
  ];
  return {
    ...normal(),
    self: { ...normal().self, name: 'המחשב בעבודה' },
    group: { id: group.id, name: 'משפחה' },
    devices,
    folders: [
      folder(
        1,
        'صور العائلة',
        devices,
        { 1: 1, 2: 1, 3: 1 },
        { owner: deviceId(2), bytes: 48_200_000_000, files: 9_412 },
      ),
      folder(2, 'מסמכים 2026', devices, { 1: 1, 2: 1, 3: 1 }, { bytes: 2_310_000_000, files: 3_204 }),
    ],
  };
};

const hundredThousand = (): AppState => {
  const base = normal();
  return {
    ...base,
    folders: base.folders.map((of, index) =>
      index === 0 ? { ...of, name: 'Archive', files: 100_000, bytes: 410_000_000_000 } : of,
    ),
  };
};

const twoWithoutHeavier = (): AppState => {
  const devices = [
    device(1, 'Work laptop', { weight: 1 }),
    device(2, 'Studio', { weight: 2, online: false, link: null, lastSeen: minutesAgo(60 * 26) }),
  ];
  const base = normal();
  return {
    ...base,
    devices,
    folders: base.folders.map((of, index) =>
      folder(index + 1, of.name, devices, { 1: 1, 2: 1 }, { bytes: of.bytes, files: of.files }),
    ),
    master: master(
      { 1: 1, 2: 2 },
      { state: 'candidate', master: null, quorate: false, since: null, failovers: [], waiting: 1 },
    ),
    waiting: [{ id: 'w1', kind: 'folder.create', text: 'Share "Scans"', since: minutesAgo(31), canCancel: true }],
  };
};

const failoverLive = (): AppState => {
  const base = normal();
  const devices = base.devices.map((of) =>
    of.name === 'Studio' ? { ...of, online: false, link: null, master: false, lastSeen: NOW - 1600 } : of,
  );
  return {
    ...base,
    devices,
    master: {
      ...base.master,
      state: 'candidate',
      master: null,
      quorate: false,
      since: null,
      term: 8,
      election: { phase: 'electing', lastHeard: NOW - 1600, since: NOW - 260, detectMs: 1340, electMs: null },
    },
  };
};

const empty = (): AppState => {
  const devices = [device(1, 'Work laptop', { weight: 1, master: true })];
  return state('Work laptop', {
    group,
    devices,
    master: master({ 1: 1 }, { state: 'alone', master: deviceId(1), term: 1, commitIndex: 2, since: minutesAgo(2) }),
    activity: [
      decision(1, 2, 1, {
        kind: 'group.create',
        subject: { type: 'group', id: group.id, name: 'Home group' },
        value: null,
      }),
    ],
  });
};

/** Makes each state anew, so that one test's changes are not another's. */
export const STATES = {
  'first-run': () => state('Work laptop'),
  joining: () =>
    state('Work laptop', {
      joining: { type: 'waitingForApproval', since: minutesAgo(0.2), phrase: 'amber river seven' },
    }),
  empty,
  normal,
  busy,
  request,
  trouble,
  'long-names': longNames,
  'right-to-left': rightToLeft,
  'hundred-thousand': hundredThousand,
  'two-without-heavier': twoWithoutHeavier,
  'failover-live': failoverLive,
  cloned: () => ({ ...normal(), home: 'cloned' as const }),
  restored: () => ({ ...normal(), home: 'confirm' as const }),
} satisfies Record<string, () => AppState>;

export type StateName = keyof typeof STATES;
