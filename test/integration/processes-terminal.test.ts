import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProgram, startProgram } from '../support/program.ts';
import { type CommandResult, eventually, Playground, type RealEngine, runCli } from '../support/real-engine.ts';

const CLI = resolve(import.meta.dirname, '../../dist/cli.mjs');
const BYTES = 8 * 1024 * 1024;

/** Runs a command of the command line on a terminal of its own; its output is both streams, as the terminal shows them. */
const onTerminal = (engine: RealEngine, ...args: readonly string[]): RunningProgram => {
  const words = [process.execPath, CLI, ...args, '--home', engine.home].map((word) => `'${word}'`).join(' ');
  return startProgram('script', ['--quiet', '--return', '--flush', '--command', words, '/dev/null']);
};

/** What stood on the last line one after another, each from its beginning. */
const linesOf = (program: RunningProgram): readonly string[] => program.output().split('\r\u001b[K');

describe('a command that stays until folders are there', () => {
  const ground = new Playground();
  const work = ground.path('work');
  let studio: RealEngine;
  let laptop: RealEngine;

  beforeAll(async () => {
    studio = await ground.engine('Studio', ['--no-dht']).start();
    laptop = await ground.engine('Laptop', ['--no-dht']).start();
    await studio.run('create-group', 'Home');
    await laptop.joinVia(studio);
    mkdirSync(work);
    writeFileSync(join(work, 'film.bin'), Buffer.alloc(BYTES, 7));
  });
  afterAll(() => ground.end());

  const asPerson = (engine: RealEngine, ...args: readonly string[]): Promise<CommandResult> =>
    runCli([...args, '--home', engine.home]);

  it('says on a terminal how far it is, while the files are taken in', async () => {
    const shared = onTerminal(studio, 'share', work, '--name', 'Films', '--follow');
    expect(await shared.untilEnded(), shared.output()).toBe(0);
    const [before, ...lines] = linesOf(shared);
    expect(before).toMatch(/^Shared\. It goes on without this command/);
    expect(lines.at(-1)).toBe('Everything in it is taken in.\r\n');
    expect(lines.slice(0, -1).join()).toMatch(/Looking through Films|Taking in|Comparing/);
    await eventually('the folder is offered', async () =>
      (await laptop.state('folders')).some(({ name }) => name === 'Films'),
    );
  });

  it('says on a terminal what it waits for, and ends once the files are here', async () => {
    await studio.kill();
    const copy = ground.path('copy');
    const accepted = onTerminal(laptop, 'accept', 'Films', copy, '--follow');
    await accepted.untilPrinted(/Waiting for a device that holds it/, 30_000);
    expect(existsSync(join(copy, 'film.bin'))).toBe(false);
    await studio.start();
    expect(await accepted.untilEnded(), accepted.output()).toBe(0);
    expect(linesOf(accepted).at(-1)).toBe('Everything in it is here.\r\n');
    expect(existsSync(join(copy, 'film.bin'))).toBe(true);
  });

  it('says nothing of it where there is no terminal, and to programs the same JSON as ever', async () => {
    await eventually('the group can decide again', async () => {
      const { master, quorate } = await laptop.state('master');
      return master !== null && quorate;
    });
    await laptop.run('drop', 'Films');
    const accepted = await asPerson(laptop, 'accept', 'Films', ground.path('again'), '--follow');
    expect(accepted).toEqual({
      exit: 0,
      stdout: 'Everything in it is here.\n',
      stderr: 'Accepted. It goes on without this command: Ctrl+C ends only the watching.\n',
    });
    expect(existsSync(ground.path('again', 'film.bin'))).toBe(true);
    await laptop.run('drop', 'Films');
    const program = await laptop.attempt(['accept', 'Films', ground.path('third'), '--follow']);
    expect(program).toMatchObject({ exit: 0, stdout: '{"state":"committed"}\n', stderr: '' });
    const idle = await laptop.attempt(['wait-idle']);
    expect(idle).toMatchObject({ exit: 0, stdout: '{"idle":true}\n', stderr: '' });
  });
});
