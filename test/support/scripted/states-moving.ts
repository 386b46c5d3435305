/** The states in which something is under way. */
import type { AppState } from '../../../shared/model/app-state.ts';
import { device, deviceId, folder, folderId, master, minutesAgo, NOW, waiting } from './builders.ts';
import { failovers, normal } from './states-calm.ts';

export const busy = (): AppState => {
  const devices = [
    device(1, 'Work laptop', {
      rates: { downBps: 21_000_000, upBps: 41_500_000 },
      needFiles: 812,
      needBytes: 8_200_000_000,
    }),
    device(2, 'Studio', {
      master: true,
      weight: 2,
      link: { kind: 'lan', rttMs: 0.4 },
      rates: { downBps: 21_000_000, upBps: 38_000_000 },
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
    rates: { downBps: 21_000_000, upBps: 41_500_000 },
    folders: [
      folder(
        1,
        'Photos',
        devices,
        { 1: 1, 2: 0.9, 3: 0.82 },
        { bytes: 48_200_000_000, files: 9_412, rates: { downBps: 0, upBps: 41_500_000 } },
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
        code: 'aefd5-kolf2-4ukxx-jvwym-blocr-z7uvp-pqcko-zo3ea-7fryr-hfbh2-kincm-cavss-ewiqy-uwolt-zxdht-drdaa-dxk2s-li',
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
export const request = (): AppState => ({
  ...busy(),
  requests: [{ id: 'r1', name: 'Kitchen tablet', phrase: 'amber river seven', role: 'admin', since: minutesAgo(0.3) }],
});

export const failoverLive = (): AppState => {
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

export const twoWithoutHeavier = (): AppState => {
  const devices = [
    device(1, 'Work laptop', { weight: 1 }),
    device(2, 'Studio', { weight: 2, online: false, link: null, lastSeen: minutesAgo(60 * 26) }),
  ];
  const base = normal();
  return {
    ...base,
    devices,
    folders: [
      ...base.folders.map((of, index) =>
        folder(index + 1, of.name, devices, { 1: 1, 2: 1 }, { bytes: of.bytes, files: of.files }),
      ),
      folder(9, 'Scans', [], {}, { state: 'waiting', files: 0, bytes: 0 }),
    ],
    master: master(
      { 1: 1, 2: 2 },
      { state: 'candidate', master: null, quorate: false, since: null, failovers: [], waiting: 1 },
    ),
    waiting: [waiting(1, 31, { kind: 'folder.create', subject: folderId(9), text: 'Share "Scans"' })],
  };
};
