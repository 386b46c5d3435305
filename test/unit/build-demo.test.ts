import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDirectory, removeDirectory } from '../../build/demo/demo-directory.ts';
import { createProcessGroup, type ProcessGroup } from '../../build/demo/processes.ts';

const place = mkdtempSync(join(tmpdir(), 'flotilla-demo-unit-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

describe('the directory of a demonstration', () => {
  let directory: string;
  const nothingRuns = async (): Promise<boolean> => false;
  const remove = (isRunning: (home: string) => Promise<boolean> = nothingRuns) =>
    removeDirectory(directory, [join(directory, 'Studio', 'home'), join(directory, 'Work', 'home')], isRunning);

  beforeEach(() => {
    directory = join(mkdtempSync(join(place, 'case-')), 'demo');
  });

  it('is made, taken again by the next one, and removed with all that is in it', async () => {
    claimDirectory(directory);
    writeFileSync(join(directory, 'made by the demonstration'), '');
    claimDirectory(directory);
    expect(await remove()).toBe(`Removed ${directory}.`);
    expect(existsSync(directory)).toBe(false);
    expect(await remove()).toMatch('There is nothing');
  });

  it('may be one that is there and empty', () => {
    mkdirSync(directory);
    claimDirectory(directory);
  });

  it('is none that holds somebody’s files: it is neither marked nor removed', async () => {
    mkdirSync(directory);
    writeFileSync(join(directory, 'thesis.txt'), 'years of work');
    expect(() => claimDirectory(directory)).toThrow('was there before');
    await expect(remove()).rejects.toThrow('so it stays');
    expect(readFileSync(join(directory, 'thesis.txt'), 'utf8')).toBe('years of work');
  });

  it('is no file', () => {
    writeFileSync(directory, 'a file');
    expect(() => claimDirectory(directory)).toThrow('was there before');
  });

  it('stays while one of its devices runs', async () => {
    claimDirectory(directory);
    for (const name of ['Studio', 'Work']) mkdirSync(join(directory, name, 'home'), { recursive: true });
    await expect(remove(async (home) => home.includes('Work'))).rejects.toThrow('still runs');
    expect(existsSync(directory)).toBe(true);
    await remove();
    expect(existsSync(directory)).toBe(false);
  });
});

describe('the processes of a demonstration', () => {
  let group: ProcessGroup;
  const startSaying = (line: string): Promise<{ web: string }> =>
    group.startReady(process.execPath, ['-e', `console.log(${JSON.stringify(line)})`], join(place, 'log.txt'));

  beforeEach(() => {
    group = createProcessGroup();
  });
  afterEach(() => group.stop());

  it('are there once they say that they are ready', async () => {
    expect(await startSaying('{"ready":true,"web":"here"}')).toMatchObject({ web: 'here' });
  });

  it('are not there where they say why not', async () => {
    const refusal = JSON.stringify({ error: { code: 'engine-already-running', message: 'Another engine runs in x' } });
    await expect(startSaying(refusal)).rejects.toThrow('Another engine runs in x');
    await expect(startSaying('{}')).rejects.toThrow('did not say that it is ready');
  });

  it('end with it, killed or not, and none is started after', async () => {
    const staying = 'console.log(JSON.stringify({ ready: true, pid: process.pid })); setInterval(() => {}, 1_000)';
    const startStaying = (of: ProcessGroup) =>
      of.startReady<{ pid: number }>(process.execPath, ['-e', staying], join(place, 'log.txt'));
    const isThere = (pid: number): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    const killed = createProcessGroup();
    group.adopt(killed);
    const [one, other] = await Promise.all([startStaying(killed), startStaying(group)]);
    killed.kill();
    await expect.poll(() => isThere(one.pid)).toBe(false);
    expect(isThere(other.pid)).toBe(true);
    await group.stop();
    expect(isThere(other.pid)).toBe(false);
    await expect(startStaying(group)).rejects.toThrow('not started any more');
    await expect(startStaying(killed)).rejects.toThrow('not started any more');
    expect(() => group.adopt(createProcessGroup())).toThrow('has ended');
  });
});
