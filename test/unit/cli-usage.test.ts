import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runProgram } from '../../electron/cli/program.ts';

describe('the command line, used wrongly', () => {
  let stdout = '';
  let stderr = '';

  beforeEach(() => {
    stdout = '';
    stderr = '';
    const into = (take: (text: string) => void) => (text: unknown) => {
      take(String(text));
      return true;
    };
    vi.spyOn(process.stdout, 'write').mockImplementation(into((text) => (stdout += text)) as never);
    vi.spyOn(process.stderr, 'write').mockImplementation(into((text) => (stderr += text)) as never);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = 0;
  });

  it.each([
    [['nonsense', '--json'], 'nonsense'],
    [['--json', 'nonsense'], 'nonsense'],
    [['devices', '--nope', '--json'], '--nope'],
    [['access', 'a', 'b', 'bad', '--json'], 'readWrite'],
    [['invite', '--expires', 'soon', '--json'], 'duration'],
    [['share', '--json'], 'path'],
    [['resume', 'f', '--moved-to', 'p', '--start-over', '--json'], 'cannot be used with'],
    [['--json'], 'Name a command'],
  ])('says so as one JSON value: %j', async (args, message) => {
    await runProgram(args);
    const { error }: { error: { code: string; message: string } } = JSON.parse(stdout);
    expect(error.code).toBe('bad-request');
    expect(error.message).toContain(message);
    expect(error.message).not.toMatch(/^error/);
    expect(process.exitCode).toBe(2);
  });

  it('says so to people on the standard error alone', async () => {
    await runProgram(['devices', '--nope']);
    expect(stdout).toBe('');
    expect(stderr).toContain('--nope');
    expect(process.exitCode).toBe(2);
  });

  it('is not when help is asked for', async () => {
    await runProgram(['--help']);
    expect(stdout).toContain('create-group');
    expect(process.exitCode).toBe(0);
  });
});
