import { expect, it } from 'vitest';
import type { Report } from '../../electron/engine/metadata/report.ts';
import { type FolderKnowledge, folderView } from '../../electron/engine/view/folder-view.ts';
import { createGroupLog, folderNamed } from '../support/group-log.ts';
import { deviceNamed } from '../support/named-device.ts';

const [studio, work, pi, laptop] = ['Studio', 'Work', 'Pi', 'Laptop'].map(deviceNamed) as [
  ReturnType<typeof deviceNamed>,
  ReturnType<typeof deviceNamed>,
  ReturnType<typeof deviceNamed>,
  ReturnType<typeof deviceNamed>,
];
const id = folderNamed('photos');

/** How many of the three holders are complete, on a device that does not hold the folder. */
function completeBy(heads: readonly (string | null)[], needFiles = [0, 0, 0]): number {
  const log = createGroupLog(studio);
  for (const device of [work, pi, laptop]) log.join(studio, device);
  log.ask(studio, { kind: 'folder.create', folder: id, name: 'Photos', access: 'readWrite', indexBits: 6 });
  for (const device of [work, pi])
    log.ask(device, { kind: 'folder.setSelection', folder: id, device: device.id, selection: 'all' });
  const reports = new Map(
    [studio, work, pi].flatMap((device, i): [string, Report][] => {
      const told = heads[i];
      if (told === null || told === undefined) return [];
      const rest = {
        needBytes: 0,
        unpublished: 0,
        state: 'working',
        problems: 0,
        diskFull: null,
        heads: told,
      } as const;
      const one = { files: 3, bytes: 30, needFiles: needFiles[i] ?? 0, ...rest };
      return [[device.id, { folders: new Map([[id, one]]), freeBytes: null, platform: 'linux' }]];
    }),
  );
  const known: FolderKnowledge = {
    self: laptop.id,
    status: null,
    root: null,
    problems: [],
    scannedFiles: 0,
    haltedSince: null,
    rates: { downBps: 0, upBps: 0 },
    revision: 0,
    heads: null,
    report: (device) => reports.get(device) ?? null,
  };
  const { copies } = folderView(log.state(), log.state().folders.get(id)!, known);
  expect(copies.wanted).toBe(3);
  return copies.complete;
}

it.each([
  ['all agree', ['a', 'a', 'a'], [0, 0, 0], 3],
  ['one still needs something', ['a', 'a', 'a'], [0, 2, 0], 2],
  ['one is behind', ['a', 'b', 'a'], [0, 0, 0], 2],
  ['one said nothing', ['a', null, 'a'], [0, 0, 0], 2],
  ['one alone said something', ['a', null, null], [0, 0, 0], 1],
  ['they are divided', ['a', 'b', null], [0, 0, 0], 0],
  ['nobody said anything', [null, null, null], [0, 0, 0], 0],
] as const)('counts copies by the holders’ word where it holds none: %s', (_name, heads, needs, complete) => {
  expect(completeBy(heads, [...needs])).toBe(complete);
});
