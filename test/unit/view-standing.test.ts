import { expect, it } from 'vitest';
import { standingProblems } from '../../electron/engine/view/standing-problems.ts';
import { createGroupLog, folderNamed } from '../support/group-log.ts';
import { deviceNamed } from '../support/named-device.ts';

it('MD3 says for as long as it is so what needs an update, and that the group has removed this device', () => {
  const ann = deviceNamed('ann');
  const log = createGroupLog(ann);
  const photos = folderNamed('photos');
  log.ask(ann, { kind: 'folder.create', folder: photos, name: 'Photos', access: 'readWrite', indexBits: 6 });
  const well = { updateNeeded: null, diverged: [], isRemoved: false, since: 7 };
  expect(standingProblems({ ...well, state: log.state() })).toEqual([]);
  log.ask(ann, { kind: 'rules.raise', rules: 2, folder: photos });
  const problems = standingProblems({ ...well, state: log.state(), updateNeeded: 'rules 2', isRemoved: true });
  expect(problems.map(({ code, message }) => [code, message])).toEqual([
    ['removed-from-group', 'This device was removed from the group Home.'],
    ['update-needed', 'The group uses what this version does not know: rules 2.'],
    ['update-needed', 'The folder Photos needs a newer version of Flotilla; its files are left alone.'],
  ]);
  expect(new Set(problems.map(({ id }) => id)).size).toBe(3);
  log.ask(ann, { kind: 'folder.remove', folder: photos });
  expect(standingProblems({ ...well, state: log.state() })).toEqual([]);
});
