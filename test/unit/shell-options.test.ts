import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inviteIn, readOptions } from '../../electron/main/options.ts';

describe('the desktop program’s arguments', () => {
  it('go to the engine as far as they are the engine’s, with absolute directories', () => {
    const argv = [
      '.',
      '--no-sandbox',
      '--home',
      'here',
      '--accept=there',
      '--no-lan',
      '--bootstrap',
      '127.0.0.1:1',
      '--unknown',
    ];
    const { home, engineArguments } = readOptions(argv, '/base');
    expect(home).toBe(resolve('/base/here'));
    expect(engineArguments).toEqual([
      '--home',
      resolve('/base/here'),
      '--accept',
      resolve('/base/there'),
      '--no-lan',
      '--bootstrap',
      '127.0.0.1:1',
    ]);
  });

  it('name the home before the environment does', () => {
    expect(readOptions([], '/base', 'from-environment').home).toBe(resolve('/base/from-environment'));
    expect(readOptions(['--home', 'given'], '/base', 'from-environment').home).toBe(resolve('/base/given'));
    expect(readOptions([], '/base', '').home).toBe(null);
  });

  it('may end too early', () => {
    expect(readOptions(['--home'], '/base')).toMatchObject({ home: null, engineArguments: [] });
  });
});

describe('an invite link', () => {
  it.each([
    [['flotilla://join/ABC-def_1.2'], 'ABC-def_1.2'],
    [['--home', 'x', 'flotilla://join/ABC/'], 'ABC'],
    [[], null],
    [['flotilla://leave/ABC'], null],
    [['flotilla://join/'], null],
    [['flotilla://join/<script>'], null],
    [['flotilla://join/../../etc'], null],
    [[`flotilla://join/${'A'.repeat(1025)}`], null],
    [['see flotilla://join/ABC'], null],
  ] as const)('in %j is %j', (argv, code) => {
    expect(inviteIn(argv)).toBe(code);
  });
});
