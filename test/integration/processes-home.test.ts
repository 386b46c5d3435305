import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, Playground, type RealEngine, runCli } from '../support/real-engine.ts';
import { allOnline, foldersOf, groupOf, settle, shareAmong } from '../support/real-group.ts';
import { treeOnDisk } from '../support/tree-on-disk.ts';

let ground = new Playground();

afterEach(async () => {
  await ground.end();
  ground = new Playground();
});

/** Copies a home as a backup program would. */
function copyHome(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  execFileSync('cp', ['-a', from, to]);
}

/** What the engine says of its home. */
async function homeOf(engine: RealEngine): Promise<string> {
  return (await engine.state('status')).home;
}

async function homeIs(engine: RealEngine, wanted: string, limitMs?: number): Promise<void> {
  await eventually(`the home of ${engine.name} is ${wanted}`, async () => (await homeOf(engine)) === wanted, limitMs);
}

describe('a home restored from a copy', () => {
  it('takes in what it had done before it goes on, above its own numbers', { timeout: 180_000 }, async () => {
    const names = ['Studio', 'Laptop', 'Pi'];
    const [one, two] = (await groupOf(ground, names, ['--no-dht'])) as [RealEngine, RealEngine, RealEngine];
    const { folder, places } = await shareAmong(ground, [one, two], 'Work');
    const [work, copy] = places as [string, string];
    for (const name of ['edited', 'removed', 'both', 'theirs']) writeFileSync(join(work, `${name}.txt`), `${name} 1`);
    await settle(one, two);
    expect(await one.quit()).toBe(0);
    const backup = ground.path('backup');
    copyHome(one.home, backup);

    await one.start();
    await allOnline(one, 3);
    for (const round of [2, 3, 4]) {
      writeFileSync(join(work, 'edited.txt'), `edited ${round}`);
      writeFileSync(join(work, `new ${round}.txt`), `new ${round}`);
      writeFileSync(join(work, 'both.txt'), `both ${round}`);
      await settle(one, two);
    }
    rmSync(join(work, 'removed.txt'));
    writeFileSync(join(copy, 'both.txt'), 'both, by the other');
    await settle(one, two);
    await settle(two, one);
    await one.run('rename-folder', folder, 'Renamed since');
    await one.quit();
    // What the other device goes on to do while this home is being put back.
    writeFileSync(join(copy, 'edited.txt'), 'edited, by the other');
    writeFileSync(join(copy, 'theirs.txt'), 'theirs, by the other');
    await two.run('wait-idle', '--timeout', '30');

    copyHome(backup, one.home);
    await one.start();
    await allOnline(one, 3);
    await homeIs(one, 'ok');
    await settle(one, two);
    await settle(two, one);
    expect(treeOnDisk(work)).toEqual(treeOnDisk(copy));
    // What changed on both sides since the copy was made is the one conflict; all else is recognised.
    const conflicts = await one.state('conflicts');
    expect(conflicts.map(({ path }) => path)).toEqual(['edited.txt']);
    const older = conflicts[0]?.versions.find(({ path }) => path !== 'edited.txt')?.path ?? '';
    const texts = Object.fromEntries(
      readdirSync(work)
        .filter((name) => name.endsWith('.txt'))
        .map((name) => [name, readFileSync(join(work, name), 'utf8')]),
    );
    expect(texts).toEqual({
      'both.txt': 'both, by the other',
      'edited.txt': 'edited, by the other',
      [older]: 'edited 4',
      'new 2.txt': 'new 2',
      'new 3.txt': 'new 3',
      'new 4.txt': 'new 4',
      'theirs.txt': 'theirs, by the other',
    });
    expect((await foldersOf(one))[0]?.name).toBe('Renamed since');

    // It goes on: files, and changes of the group under numbers that nobody has seen.
    writeFileSync(join(work, 'edited.txt'), 'edited after all that');
    await settle(one, two);
    expect(readFileSync(join(copy, 'edited.txt'), 'utf8')).toBe('edited after all that');
    await one.run('rename-folder', folder, 'Renamed again');
    await eventually('the other has its name', async () => (await foldersOf(two))[0]?.name === 'Renamed again');
    expect(await one.state('waiting')).toEqual([]);
  });

  it('is recognised too where it was copied while its engine ran', { timeout: 180_000 }, async () => {
    const [one, two] = (await groupOf(ground, ['Studio', 'Laptop'], ['--no-dht'])) as [RealEngine, RealEngine];
    const { places } = await shareAmong(ground, [one, two], 'Work');
    const [work, copy] = places as [string, string];
    writeFileSync(join(work, 'before.txt'), 'before');
    await settle(one, two);
    const backup = ground.path('backup');
    copyHome(one.home, backup);
    writeFileSync(join(work, 'since.txt'), 'since');
    await settle(one, two);
    await one.kill();
    copyHome(backup, one.home);
    await one.start();
    // The heavier of two: without it there is no master that could tell it more.
    await eventually('it is seen that it was restored', async () => (await homeOf(one)) !== 'ok');
    await one.run('confirm-home', 'go-on');
    await homeIs(one, 'ok');
    await settle(one, two);
    await settle(two, one);
    expect(treeOnDisk(copy)).toEqual(treeOnDisk(work));
    expect(readFileSync(join(copy, 'since.txt'), 'utf8')).toBe('since');
    expect(await one.state('conflicts')).toEqual([]);
  });

  it('asks its user where nobody can tell what it had promised', { timeout: 180_000 }, async () => {
    // The heavier of two: without it there is no master that it could wait for.
    const [one, two] = (await groupOf(ground, ['Studio', 'Laptop'], ['--no-dht'])) as [RealEngine, RealEngine];
    await one.quit();
    const backup = ground.path('backup');
    copyHome(one.home, backup);
    await one.start();
    await allOnline(one, 2);
    // What is decided since then the other has, and the copy has not.
    for (const [by, name] of [
      [two, 'by the other'],
      [one, 'by itself'],
    ] as const) {
      const place = ground.path(name);
      mkdirSync(place);
      expect((await by.run<{ state: string }>('share', place)).state).toBe('committed');
    }
    await eventually('the other knows both', async () => (await foldersOf(two)).length === 2);
    await one.quit();
    copyHome(backup, one.home);
    await one.start();
    await allOnline(one, 2);
    await eventually('it has learned both', async () => (await foldersOf(one)).length === 2);
    await homeIs(one, 'confirm', 60_000);
    expect((await one.run<{ state: string }>('rename-device', two.device, 'Other')).state).toBe('waiting');
    await one.run('confirm-home', 'go-on');
    await homeIs(one, 'ok');
    await eventually('the change goes through', async () => (await one.state('waiting')).length === 0);
    const names = async (engine: RealEngine): Promise<string[]> =>
      (await foldersOf(engine)).map(({ name }) => name).sort();
    expect(await names(one)).toEqual(['by itself', 'by the other']);
    expect(await names(two)).toEqual(await names(one));
    await eventually('both have the same log', async () => {
      const [a, b] = await Promise.all([one, two].map((each) => each.state('master')));
      return a?.commitIndex === b?.commitIndex;
    });
    for (const each of [one, two]) expect((await each.state('status')).problems).toEqual([]);
  });
});

describe('a home that runs twice', () => {
  it('is told by both, neither goes on, and one stays as its user chooses', { timeout: 180_000 }, async () => {
    const names = ['Studio', 'Laptop', 'Pi'];
    const [one, two, pi] = (await groupOf(ground, names, ['--no-dht'])) as [RealEngine, RealEngine, RealEngine];
    const { places } = await shareAmong(ground, [one, two], 'Work');
    const [work, copy] = places as [string, string];
    writeFileSync(join(work, 'a.txt'), 'a');
    await settle(one, two);
    await two.quit();
    const twin = ground.engine('Twin', ['--no-dht']);
    copyHome(two.home, twin.home);
    await Promise.all([two.start(), twin.start()]);
    expect(twin.device).toBe(two.device);
    await Promise.all([homeIs(two, 'cloned'), homeIs(twin, 'cloned')]);
    expect((await runCli(['status', '--home', twin.home])).stdout).toMatch(/twice/);
    writeFileSync(join(copy, 'b.txt'), 'while it ran twice');
    // The others go on without them.
    writeFileSync(join(work, 'c.txt'), 'c');
    await one.run('rename-device', pi.device, 'Raspberry');

    // In the order of the words that both were told: the one that stays first.
    await two.run('confirm-home', 'this-stays');
    await homeIs(two, 'ok');
    await twin.run('confirm-home', 'join-anew');
    await eventually('the twin has begun anew', async () => {
      const status = await twin.state('status');
      return status.device !== two.device && status.group === null;
    });
    expect(await homeOf(two)).toBe('ok');
    // Links of the one device that ran twice may end once more, and whoever is not linked has nothing to wait for.
    await eventually('both have what was written meanwhile', async () => {
      await settle(two, one);
      return existsSync(join(work, 'b.txt')) && existsSync(join(copy, 'c.txt'));
    });
    expect(readFileSync(join(work, 'b.txt'), 'utf8')).toBe('while it ran twice');
    expect(treeOnDisk(copy)).toEqual(treeOnDisk(work));
    await twin.joinVia(one);
    expect(await one.state('devices')).toHaveLength(4);
  });
});

describe('a damaged home', () => {
  for (const { file, code, damage } of [
    { file: 'flotilla.db', code: 'database-damaged', damage: (path: string) => writeFileSync(path, 'no database') },
    { file: 'flotilla.db', code: 'database-damaged', damage: (path: string) => truncateSync(path, 5_000) },
    {
      file: 'flotilla.db',
      code: 'database-damaged',
      damage: (path: string) => writeFileSync(path, readFileSync(path).fill(0, 8_192)),
    },
    { file: 'device.key', code: 'key-file-damaged', damage: (path: string) => writeFileSync(path, 'no key') },
    { file: 'device.key', code: 'key-file-damaged', damage: (path: string) => truncateSync(path, 0) },
  ]) {
    it(`says ${code} and leaves the file as it is`, async () => {
      const one = await ground.engine('Studio', ['--no-dht']).start();
      await one.run('create-group', 'Home');
      await one.quit();
      const path = join(one.home, file);
      damage(path);
      const before = readFileSync(path);
      for (const _ of [1, 2]) {
        const said = await runCli(['start', '--home', one.home, '--listen', '127.0.0.1', '--no-dht', '--json']);
        expect(said.exit).toBe(1);
        expect(JSON.parse(said.stdout)).toMatchObject({ error: { code } });
      }
      expect(readFileSync(path).equals(before)).toBe(true);
    });
  }
});

describe('a second engine on one home', () => {
  it('is refused also while the first hangs, and free to start once it is gone', async () => {
    const one = await ground.engine('Studio', ['--no-dht']).start();
    const again = ['start', '--home', one.home, '--listen', '127.0.0.1', '--no-dht', '--json'];
    one.signal('SIGSTOP');
    const second = await runCli(again);
    expect(second.exit).toBe(1);
    expect(JSON.parse(second.stdout)).toMatchObject({ error: { code: 'engine-already-running' } });
    one.signal('SIGCONT');
    await one.kill();
    const device = one.device;
    await one.start();
    expect(one.device).toBe(device);
    await one.run('stop');
    expect(existsSync(join(one.home, 'engine.lock'))).toBe(false);
  });
});
