import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, Playground, type RealEngine } from '../support/real-engine.ts';
import { allOnline, folderOf, groupOf, settle, shareAmong, votes, votesAre } from '../support/real-group.ts';
import { treeOnDisk } from '../support/tree-on-disk.ts';

let ground = new Playground();

afterEach(async () => {
  await ground.end();
  ground = new Playground();
});

const text = (...path: readonly string[]): string => readFileSync(join(...path), 'utf8');

/** Paths whose change is kept at the device since it may not write. */
async function keptHere(engine: RealEngine, folder: string): Promise<readonly string[]> {
  const problems = (await folderOf(engine, folder))?.problems ?? [];
  return problems.filter(({ code }) => code === 'no-right-to-write').map(({ path }) => path);
}

async function keeps(engine: RealEngine, folder: string, ...paths: readonly string[]): Promise<void> {
  await eventually(
    `${engine.name} keeps ${paths.join(', ')}`,
    async () => [...(await keptHere(engine, folder))].sort().join() === paths.join(),
  );
}

describe('a device that may only read a folder', () => {
  it('keeps and lists its own changes, throws them away when told, and publishes them once it may', {
    timeout: 180_000,
  }, async () => {
    const [one, two] = (await groupOf(ground, ['Studio', 'Laptop'], ['--no-dht'])) as [RealEngine, RealEngine];
    const { folder, places } = await shareAmong(ground, [one, two], 'Work', '--access', 'readOnly');
    const [work, copy] = places as [string, string];
    for (const name of ['a', 'b', 'c', 'd']) writeFileSync(join(work, `${name}.txt`), name);
    await settle(one, two);
    expect((await folderOf(two, folder))?.access).toBe('readOnly');

    // An edit and a new file are kept and listed; a deleted file comes back; nothing reaches the other.
    writeFileSync(join(copy, 'a.txt'), 'a, changed without the right');
    writeFileSync(join(copy, 'mine.txt'), 'mine');
    rmSync(join(copy, 'b.txt'));
    await keeps(two, folder, 'a.txt', 'mine.txt');
    await eventually('the deleted file comes back', async () => existsSync(join(copy, 'b.txt')));
    expect((await folderOf(two, folder))?.localChanges).toBe(2);
    expect(text(work, 'a.txt')).toBe('a');
    expect(existsSync(join(work, 'mine.txt'))).toBe(false);

    // Where the path changes elsewhere, the own version steps aside and the other is applied.
    writeFileSync(join(work, 'a.txt'), 'a, by the owner');
    await eventually('the owner’s is applied', async () => text(copy, 'a.txt') === 'a, by the owner');
    const aside = readdirSync(copy).find((name) => name.startsWith('a (conflict Laptop')) ?? '';
    expect(text(copy, aside)).toBe('a, changed without the right');
    await keeps(two, folder, aside, 'mine.txt');
    expect(readdirSync(work).filter((name) => name.includes('conflict'))).toEqual([]);

    // Thrown away: to the kept versions, and the folder is as everywhere.
    expect(await two.run('throw-mine-away', folder, aside)).toEqual({ moved: 1 });
    await keeps(two, folder, 'mine.txt');
    expect(existsSync(join(copy, aside))).toBe(false);
    const [kept] = await two.run<{ id: string }[]>('versions', join(copy, aside));
    await two.run('restore', join(copy, aside), '--version', kept?.id ?? '');
    expect(text(copy, aside)).toBe('a, changed without the right');
    writeFileSync(join(copy, 'c.txt'), 'c, changed');
    await keeps(two, folder, aside, 'c.txt', 'mine.txt');
    expect(await two.refused('throw-mine-away', folder, 'd.txt')).toBe('not-found');
    expect(await two.run('throw-mine-away', folder, 'c.txt')).toEqual({ moved: 1 });
    await eventually('the owner’s is back', async () => existsSync(join(copy, 'c.txt')) && text(copy, 'c.txt') === 'c');

    // Given the right, what is left is published like anything else.
    expect((await one.run('access', folder, two.device, 'readWrite')).state).toBe('committed');
    await eventually('it is published', async () => existsSync(join(work, 'mine.txt')));
    await settle(two, one);
    expect(await keptHere(two, folder)).toEqual([]);
    expect(treeOnDisk(work)).toEqual(treeOnDisk(copy));

    // None at all: the folder closes there, and its files stay.
    expect((await one.run('access', folder, two.device, 'none')).state).toBe('committed');
    await eventually('the folder is closed', async () => (await folderOf(two, folder)) === null);
    writeFileSync(join(work, 'later.txt'), 'not for everyone');
    await settle(one);
    expect(existsSync(join(copy, 'later.txt'))).toBe(false);
    expect(text(copy, 'mine.txt')).toBe('mine');
    // And back again, into the same place.
    await one.run('access', folder, two.device, 'readWrite');
    await eventually('it is offered again', async () => (await folderOf(two, folder))?.state === 'offered');
    await two.run('accept', folder, copy);
    await settle(two, one);
    expect(treeOnDisk(copy)).toEqual(treeOnDisk(work));
    // What had stepped aside is a conflict for all to see now.
    const conflicts = await one.state('conflicts');
    expect(conflicts.map(({ versions }) => versions.map(({ path }) => path))).toEqual([['a.txt', aside]]);
  });
});

describe('a device that is removed', () => {
  it('is cut off, told so, and keeps its files; its last edits stay with the others', {
    timeout: 180_000,
  }, async () => {
    const names = ['Studio', 'Laptop', 'Pi'];
    const [one, two, pi] = (await groupOf(ground, names, ['--no-dht'])) as [RealEngine, RealEngine, RealEngine];
    const { folder, places } = await shareAmong(ground, [one, two, pi], 'Work');
    const [work, copy, third] = places as [string, string, string];
    writeFileSync(join(third, 'last.txt'), 'the last edit of the one removed');
    await settle(pi, one, two);
    expect((await one.run('remove-device', pi.device)).state).toBe('committed');
    await eventually('it is told so', async () => {
      const { problems } = await pi.state('status');
      return problems.some(({ code }) => code === 'removed-from-group');
    });
    await eventually('it has no link left', async () => {
      const devices = await pi.state('devices').catch(() => []);
      return devices.every(({ self, online }) => self || !online);
    });
    writeFileSync(join(work, 'after.txt'), 'not for the one removed');
    writeFileSync(join(third, 'own.txt'), 'stays there');
    await settle(one, two);
    expect(treeOnDisk(copy)).toEqual(treeOnDisk(work));
    expect(text(work, 'last.txt')).toBe('the last edit of the one removed');
    expect(existsSync(join(work, 'own.txt'))).toBe(false);
    expect(readdirSync(third).sort()).toEqual(['.flotilla', 'last.txt', 'own.txt']);
    expect((await folderOf(pi, folder))?.state).not.toBe('idle');
    // It can go its own way with what it has.
    await pi.run('leave');
    await pi.run('create-group', 'Alone');
    expect((await pi.run('share', third, '--name', 'Work')).state).toBe('committed');
    await votesAre(one, [2, 1]);
    // Let in again it counts as removed no more, also while it is alone.
    await pi.run('leave');
    await pi.joinVia(one);
    await allOnline(pi, 3);
    await Promise.all([one.quit(), two.quit()]);
    await eventually('it is alone', async () =>
      (await pi.state('devices')).every(({ id, online }) => id === pi.device || !online),
    );
    const { problems } = await pi.state('status');
    expect(problems.map(({ code }) => code)).not.toContain('removed-from-group');
  });
});

describe('a master that leaves', () => {
  it('of three: the others go on under another, with its folders in an admin’s hands', {
    timeout: 180_000,
  }, async () => {
    const names = ['Studio', 'Laptop', 'Pi'];
    const [one, two, pi] = (await groupOf(ground, names, ['--no-dht'])) as [RealEngine, RealEngine, RealEngine];
    const { folder, places } = await shareAmong(ground, [one, two], 'Work');
    writeFileSync(join(places[0] ?? '', 'a.txt'), 'a');
    await settle(one, two);
    await one.run('leave');
    await votesAre(two, [2, 1]);
    const { master } = await two.state('master');
    expect([two.device, pi.device]).toContain(master);
    expect((await folderOf(two, folder))?.owner).toBe(two.device);
    expect((await two.run('rename-folder', folder, 'Ours now').then(() => folderOf(two, folder)))?.name).toBe(
      'Ours now',
    );
    expect((await one.state('status')).group).toBeNull();
    expect(text(places[0] ?? '', 'a.txt')).toBe('a');
  });

  it('of two: the other decides alone at once', { timeout: 120_000 }, async () => {
    const [one, two] = (await groupOf(ground, ['Studio', 'Laptop'], ['--no-dht'])) as [RealEngine, RealEngine];
    expect((await one.state('master')).master).toBe(one.device);
    await one.run('leave');
    await votesAre(two, [1]);
    expect((await two.run('rename-device', two.device, 'Only one')).state).toBe('committed');
    expect(await votes(two)).toEqual({ [two.device]: 1 });
    await one.run('create-group', 'Elsewhere');
  });
});

describe('membership from one to four and back, with the master killed in the middle of each step', () => {
  it('ends each time in the votes that are due, and every decision stands', { timeout: 300_000 }, async () => {
    const engines: RealEngine[] = [];
    const add = async (name: string): Promise<RealEngine> => {
      const engine = await ground.engine(name, ['--no-dht']).start();
      engines.push(engine);
      return engine;
    };
    const masterNow = (): Promise<RealEngine> =>
      eventually('there is a master', async () => {
        for (const engine of engines) {
          const { master, quorate } = await engine.state('master');
          const found = quorate ? engines.find(({ device }) => device === master) : undefined;
          if (found !== undefined) return found;
        }
        return null;
      });
    /**
     * Kills the master while the step runs, starts it again, and waits for what the step leads to. Where the one that
     * asked died before it had written down what it asked for, its user asks again.
     */
    const step = async (run: () => Promise<unknown>, spread: readonly number[], staying: readonly RealEngine[]) => {
      const master = await masterNow();
      const asking = run().catch(() => undefined);
      await master.kill();
      await master.start();
      await asking;
      await run().catch(() => undefined);
      for (const engine of staying) await votesAre(engine, spread, 60_000);
      for (const engine of staying) await allOnline(engine, staying.length);
    };

    const first = await add('One');
    await first.run('create-group', 'Home');
    const spreads = { Two: [2, 1], Three: [1, 1, 1], Four: [1, 1, 1] };
    for (const [name, spread] of Object.entries(spreads)) {
      const newcomer = await add(name);
      // It joins by way of a member; the master dies while the votes are being given out.
      const inviter = engines.at(-2) as RealEngine;
      await newcomer.joinVia(inviter);
      await step(() => inviter.run('rename-device', newcomer.device, `${name} again`), spread, engines);
    }
    // Back: one is removed, one leaves, one is removed.
    const [, two, three, four] = engines as [RealEngine, RealEngine, RealEngine, RealEngine];
    await four.kill();
    engines.splice(3);
    const asker = engines.find((engine) => engine !== first) as RealEngine;
    await step(() => asker.run('remove-device', four.device), [1, 1, 1], engines);
    await step(() => three.run('leave'), [2, 1], [first, two]);
    engines.splice(2);
    await step(() => first.run('set-role', two.device, 'member'), [2, 1], engines);
    await two.kill();
    engines.splice(1);
    await step(() => first.run('remove-device', two.device), [1], engines);
    const devices = await first.state('devices');
    expect(devices.map(({ id }) => id)).toEqual([first.device]);
    const place = ground.path('photos');
    mkdirSync(place);
    expect((await first.run('share', place)).state).toBe('committed');
  });
});
