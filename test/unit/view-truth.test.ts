import { describe, expect, it } from 'vitest';
import { FREE_SPACE_RESERVE_BYTES } from '../../shared/limits.ts';
import type { AppState } from '../../shared/model/app-state.ts';
import type { Device } from '../../shared/model/device.ts';
import type { Holder } from '../../shared/model/folder.ts';
import { truthOf } from '../../shared/model/truth.ts';
import { device, deviceId, folder, minutesAgo, state } from '../support/scripted/builders.ts';
import { STATES } from '../support/scripted/states.ts';

const pair = [device(1, 'Work'), device(2, 'Studio')] as const;
const grouped = (changes: Partial<AppState>): AppState =>
  state('Work', {
    group: { id: 'a1'.repeat(32), name: 'Home' },
    devices: [...pair],
    folders: [folder(1, 'Photos', pair, { 1: 1, 2: 1 })],
    ...changes,
  });
const shared = folder(1, 'Photos', pair, { 1: 1, 2: 1 });
const away = (changes: object) => device(2, 'Studio', { online: false, link: null, ...changes });

/** Photos, with something else said by the other device. */
const elsewhere = (changes: Partial<Holder>, studio: Device = pair[1]): AppState =>
  grouped({
    devices: [pair[0], studio],
    folders: [
      {
        ...shared,
        copies: { complete: 1, wanted: 2 },
        holders: shared.holders.map((one) => (one.device === deviceId(2) ? { ...one, ...changes } : one)),
      },
    ],
  });

const table: readonly (readonly [name: string, state: AppState, tone: string, text: string])[] = [
  ['no group', STATES['first-run'](), 'needsYou', 'This computer is not in a group yet'],
  ['removed by the others', STATES.removed(), 'needsYou', 'This computer was removed from Home group'],
  ['no folder', STATES.empty(), 'quiet', 'No folder is shared yet'],
  ['all is everywhere', STATES.normal(), 'safe', 'Everything is on all 3 devices'],
  ['two devices', grouped({}), 'safe', 'Everything is on both devices'],
  [
    'a folder that only some chose',
    grouped({
      folders: [folder(1, 'A', [...pair, device(3, 'Pi')], { 1: 1, 2: 1 })],
      devices: [...pair, device(3, 'Pi')],
    }),
    'safe',
    'Everything is up to date',
  ],
  [
    'one copy only',
    grouped({ folders: [folder(1, 'Photos', pair, { 1: 1 })] }),
    'quiet',
    'Photos is complete on one device only',
  ],
  ['one device', grouped({ devices: [pair[0]] }), 'quiet', 'Everything is on this computer only'],
  [
    'sending',
    grouped({
      devices: [
        pair[0],
        device(2, 'Studio', { needFiles: 214, needBytes: 4.6e9, rates: { downBps: 0, upBps: 3.8e7 } }),
      ],
    }),
    'moving',
    'Sending 214 files to Studio, 2 minutes left',
  ],
  [
    'needs, and nothing moves yet',
    grouped({ devices: [pair[0], device(2, 'Studio', { needFiles: 1, needBytes: 10 })] }),
    'moving',
    'Studio still needs 1 file',
  ],
  [
    'receiving',
    grouped({
      devices: [
        device(1, 'Work', { rates: { downBps: 1e6, upBps: 0 } }),
        device(2, 'Studio', { rates: { downBps: 1e6, upBps: 0 } }),
      ],
      folders: [folder(1, 'Photos', pair, { 1: 0.9, 2: 1 }, { state: 'syncing', needFiles: 12, needBytes: 3e7 })],
    }),
    'moving',
    'Receiving 12 files from Studio, 30 seconds left',
  ],
  [
    'off and behind',
    grouped({ devices: [pair[0], away({ needFiles: 3, needBytes: 100 })] }),
    'quiet',
    'Studio is off: 3 changes wait for it',
  ],
  [
    'one change waits',
    grouped({ devices: [pair[0], away({ needFiles: 1, needBytes: 100 })] }),
    'quiet',
    'Studio is off: 1 change waits for it',
  ],
  [
    'off, and missed a change',
    grouped({
      devices: [pair[0], away({})],
      folders: [
        { ...shared, holders: shared.holders.map((one) => ({ ...one, headsEqual: one.device === deviceId(1) })) },
      ],
    }),
    'quiet',
    'Studio is off: changes wait for it',
  ],
  [
    'content is elsewhere',
    grouped({
      devices: [pair[0], away({})],
      folders: [folder(1, 'Photos', pair, { 1: 0.5, 2: 1 }, { state: 'syncing', needFiles: 7, needBytes: 9 })],
    }),
    'quiet',
    '7 files will come when Studio is back',
  ],
  [
    'paused',
    grouped({ folders: [folder(1, 'Photos', pair, { 1: 1, 2: 1 }, { state: 'paused' })] }),
    'quiet',
    'Photos is paused',
  ],
  [
    'scanning',
    grouped({ folders: [folder(1, 'Photos', pair, { 1: 1, 2: 1 }, { state: 'scanning', scannedFiles: 1204 })] }),
    'moving',
    'Looking through Photos: 1,204 names so far',
  ],
  ['one conflict', grouped({ conflictCount: 1 }), 'needsYou', '1 file has two versions: choose one'],
  [
    'a conflict where nothing can be chosen now',
    grouped({
      conflictCount: 1,
      folders: [folder(1, 'Photos', pair, { 1: 1, 2: 1 }, { state: 'paused', conflicts: 1 })],
    }),
    'quiet',
    'Photos is paused',
  ],
  [
    'a request',
    grouped({ requests: [{ id: 'r', name: 'Tablet', phrase: 'a b', role: 'member', since: minutesAgo(1) }] }),
    'needsYou',
    'Tablet asks to join',
  ],
  ['several things', STATES.trouble(), 'halted', '7 things need you: 1 folder has stopped, 2 conflicts, 4 problems'],
  [
    'a pipe in a folder',
    grouped({
      folders: [{ ...shared, problemCount: 1, problems: [{ path: 'p', code: 'file-kind-unsupported', message: '' }] }],
    }),
    'safe',
    'Everything is on both devices',
  ],
  ['paused at the other', elsewhere({ state: 'paused', needFiles: 1 }), 'quiet', 'Photos is paused on Studio'],
  [
    'stopped at the other',
    elsewhere({ state: 'halted', needFiles: 1 }),
    'needsYou',
    'Studio needs you: Photos has stopped there',
  ],
  ['a problem at the other', elsewhere({ problems: 2 }), 'needsYou', 'Studio needs you: 2 problems in Photos'],
  [
    'a full disk at the other',
    elsewhere({
      problems: 1,
      diskFull: FREE_SPACE_RESERVE_BYTES + 200_000_000,
      needFiles: 3,
      needBytes: 3_100_000_000,
    }),
    'needsYou',
    'The disk of Studio is full (200 MB left, 3.1 GB needed)',
  ],
  [
    'a full disk here',
    grouped({
      folders: [
        {
          ...shared,
          needCount: 1,
          problemCount: 1,
          problems: [{ path: 'film', code: 'disk-full', message: '' }],
          holders: shared.holders.map((one, at) =>
            at === 0 ? { ...one, needBytes: 3_100_000_000, diskFull: FREE_SPACE_RESERVE_BYTES + 200_000_000 } : one,
          ),
        },
      ],
    }),
    'needsYou',
    'The disk of this computer is full (200 MB left, 3.1 GB needed)',
  ],
  [
    'not heard of since the start',
    elsewhere({ state: 'unknown', headsEqual: false, haveBytes: 0 }, away({})),
    'quiet',
    'Studio is off: not heard from since this computer started',
  ],
  [
    'just connected',
    elsewhere({ state: 'unknown', headsEqual: false, haveBytes: 0 }),
    'quiet',
    'Waits to hear what Studio has',
  ],
  [
    'a halt',
    grouped({ folders: [folder(1, 'Photos', pair, { 1: 1, 2: 1 }, { state: 'halted' })] }),
    'halted',
    'Photos has stopped and needs you',
  ],
  ['a cloned home', STATES.cloned(), 'halted', 'Two computers run as this one: both have stopped'],
];

describe('the sentence of truth', () => {
  it.each(table)('%s', (_name, given, tone, text) => {
    const truth = truthOf(given);
    expect([truth.tone, truth.text]).toEqual([tone, text]);
  });

  it('does not wait for a device that left', () => {
    const leaving = away({ needFiles: 3, needBytes: 3, leaving: true, id: deviceId(2) });
    expect(truthOf(grouped({ devices: [pair[0], leaving] })).text).toBe('Everything is on this computer only');
  });
});
