/** The states in which nothing asks for anybody. */
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
  state,
} from './builders.ts';

export const group = { id: 'a1'.repeat(32), name: 'Home group' } as const;

const trio = [
  device(1, 'Work laptop'),
  device(2, 'Studio', { master: true, link: { kind: 'lan', rttMs: 0.4 } }),
  device(3, 'Pi', { role: 'member', link: { kind: 'direct', rttMs: 18 }, freeBytes: 11_400_000_000 }),
] as const;

export const history = [
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

export const failovers = [
  failover(60 * 26, 2, 1, [1320, 180, 90]),
  failover(60 * 5, 1, 2, [1012, 244, 118]),
  failover(60 * 3, 2, 1, [1188, 61, 140]),
  failover(30, 1, 2, [1431, 302, 171]),
] as const;

export const normal = (): AppState => {
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

/** As normal, seen by a device that may not change the group. */
export const member = (): AppState => {
  const base = normal();
  return {
    ...base,
    devices: base.devices.map((of) => (of.self ? { ...of, role: 'member' as const } : of)),
    folders: base.folders.map((of) => ({ ...of, owner: deviceId(2) })),
  };
};

export const empty = (): AppState => {
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

export const hundredThousand = (): AppState => {
  const base = normal();
  return {
    ...base,
    folders: base.folders.map((of, index) =>
      index === 0 ? { ...of, name: 'Archive', files: 100_000, bytes: 410_000_000_000 } : of,
    ),
  };
};

export const rightToLeft = (): AppState => {
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
