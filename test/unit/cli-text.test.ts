import { expect, it } from 'vitest';
import { decisionText } from '../../electron/cli/commands/device-commands.ts';
import { decisionsText } from '../../electron/cli/commands/engine-commands.ts';
import { deviceId, master } from '../support/scripted/builders.ts';

it('says that something is done only once it is decided', () => {
  expect(decisionText('committed', 'Renamed.')).toBe('Renamed.');
  expect(decisionText('waiting', 'Renamed.')).toMatch(/^Waits for the master/);
});

it('says with the status whether there is a master, and what waits for one', () => {
  const with1 = master({ 1: 1 }, { master: deviceId(1), quorate: true });
  expect(decisionsText(with1)).toBe(`Master: ${deviceId(1).slice(0, 8)}.`);
  const away = { ...with1, quorate: false, waiting: 2 };
  expect(decisionsText({ ...away, state: 'candidate' })).toMatch(/being chosen[\s\S]*2 changes wait/);
  expect(decisionsText({ ...away, state: 'none', waiting: 1 })).toMatch(
    /No decisions can be made[\s\S]*1 change waits/,
  );
});
