import { describe, expect, it } from 'vitest';
import { folderMenu } from '../../renderer/features/folders/folder-menu-view.ts';
import { waitingAbout } from '../../renderer/store/selectors.ts';
import { device, deviceId, folder, folderId } from '../support/scripted/builders.ts';
import { STATES } from '../support/scripted/states.ts';

const pair = [device(1, 'Work'), device(2, 'Studio')] as const;
const held = folder(1, 'A', pair, { 1: 1 });
const others = folder(1, 'A', pair, { 1: 1 }, { owner: deviceId(2) });

describe('the menu of a folder', () => {
  it.each([
    ['idle', held, 'show pause rescan rename drop unshare'],
    ['idle, not owned', others, 'show pause rescan drop'],
    ['paused', { ...held, state: 'paused' }, 'show resume rename drop unshare'],
    ['halted', { ...held, state: 'halted' }, 'show rename drop unshare'],
    ['failing', { ...held, state: 'error' }, 'show pause rename drop unshare'],
    ['offered', { ...others, state: 'offered', path: null }, ''],
    ['given up by its owner', { ...held, state: 'offered', path: null }, 'rename unshare'],
    ['waiting', { ...held, state: 'waiting' }, 'cancel'],
  ] as const)('%s', (_name, given, items) => {
    expect(folderMenu(given, deviceId(1), true).join(' ')).toBe(items);
  });

  it('finds what waits about it', () => {
    const state = STATES['two-without-heavier']();
    expect(waitingAbout(state, folderId(9)).map(({ id }) => id)).toEqual(['w1']);
    expect(waitingAbout(state, folderId(1))).toEqual([]);
  });
});
