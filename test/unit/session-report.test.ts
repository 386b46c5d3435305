import { describe, expect, it } from 'vitest';
import type { FolderStatus } from '../../electron/engine/folder/folder-types.ts';
import { decodeReport, encodeReport } from '../../electron/engine/metadata/report.ts';
import { folderReport } from '../../electron/engine/view/folder-report.ts';
import type { FolderId } from '../../shared/ids.ts';

const heads = '0a'.repeat(32);
const status = (state: FolderStatus['state'], changes: Partial<FolderStatus> = {}): FolderStatus => ({
  state,
  root: '/home/anna/Photos',
  files: 4,
  bytes: 40,
  needFiles: 0,
  needBytes: 0,
  arrivedBytes: 0,
  conflicts: 0,
  problems: 0,
  diskFull: null,
  waitingForHolder: false,
  unpublished: 0,
  ...changes,
});

describe('MD15 what a device says of a folder', () => {
  it.each([
    [{ type: 'idle' }, 'working', 0],
    [{ type: 'scanning' }, 'working', 1],
    [{ type: 'syncing' }, 'working', 1],
    [{ type: 'paused' }, 'paused', 1],
    [{ type: 'halted', cause: 'root-missing', message: '' }, 'halted', 1],
    [{ type: 'error', code: 'io-error', message: '' }, 'failing', 1],
  ] as const)('%o', (state, doing, needFiles) => {
    expect(folderReport(status(state), [], heads)).toMatchObject({ state: doing, needFiles, problems: 0 });
  });

  it('counts the problems that someone has to do something about', () => {
    const problems = [
      { path: 'pipe', code: 'file-kind-unsupported', message: '' },
      { path: 'secret', code: 'path-not-readable', message: '' },
    ] as const;
    expect(folderReport(status({ type: 'idle' }), problems, heads).problems).toBe(1);
  });

  it('comes through as it was said', () => {
    const paused = folderReport(status({ type: 'paused' }, { needFiles: 3, needBytes: 9, arrivedBytes: 2 }), [], heads);
    const full = folderReport(status({ type: 'syncing' }, { needFiles: 1, needBytes: 9, diskFull: 3 }), [], heads);
    expect([paused.diskFull, full.diskFull]).toEqual([null, 3]);
    const folders = new Map([
      ['f1'.repeat(16) as FolderId, paused],
      ['f2'.repeat(16) as FolderId, full],
    ]);
    const sent = { folders, freeBytes: 5, platform: 'linux' };
    expect(decodeReport(encodeReport(sent))).toEqual(sent);
  });
});
