import { expect, test } from 'vitest';
import { canHoldName } from '../../shared/name-on-disk.ts';

const LEAD_ELSEWHERE = ['..\\..\\x', 'a\\b', 'C:', 'C:x', 'a:stream', 'a::$DATA', 'FLOTIL~1', 'flotil~2', 'FL3A7C~1'];
const NAME_DEVICES = ['CON', 'con', 'nul.txt', 'Aux.tar.gz', 'COM1', 'lpt9.x', 'COM\u00b9', 'CONIN$', 'prn .txt'];
const CANNOT_BE = ['a*', 'a?', '"a"', '<a>', 'a|b', 'a\u0001', 'a\tb', 'a.', 'a ', '...', 'a. .'];
const ORDINARY = [
  'a',
  'a.txt',
  '.hidden',
  'console',
  'com',
  'COM10',
  'nullable.txt',
  'flotilla',
  'a~1',
  'float~x',
  '\u00e9',
  'a b',
  'auxiliary',
];

test('RC12 names that Windows would read as something else are none that its disks can hold', () => {
  for (const name of [...LEAD_ELSEWHERE, ...NAME_DEVICES, ...CANNOT_BE]) {
    expect(canHoldName(name, 'windows'), name).toBe(false);
    expect(canHoldName(name, 'posix'), name).toBe(true);
  }
  for (const name of ORDINARY) expect(canHoldName(name, 'windows'), name).toBe(true);
});
