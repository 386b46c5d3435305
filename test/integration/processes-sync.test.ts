import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, Playground, type RealEngine } from '../support/real-engine.ts';
import { treeOnDisk } from '../support/tree-on-disk.ts';

const MIB = 1024 * 1024;

let ground = new Playground();

afterEach(async () => {
  await ground.end();
  ground = new Playground();
});

/** Two devices that hold one shared folder, at `work` and `copy`, over the way that `options` leave. */
async function pair(
  options: readonly string[],
): Promise<{ one: RealEngine; two: RealEngine; work: string; copy: string }> {
  const one = await ground.engine('Studio', options).start();
  const two = await ground.engine('Laptop', options).start();
  await one.run('create-group', 'Home');
  await two.joinVia(one);
  const work = ground.path('work');
  const copy = ground.path('copy');
  mkdirSync(work);
  mkdirSync(copy);
  const { folder } = await one.run<{ folder: string }>('share', work, '--name', 'Work');
  await eventually('the folder is offered', async () => {
    const folders = await two.state('folders');
    return folders.some(({ id }) => id === folder);
  });
  await two.run('accept', folder, copy);
  return { one, two, work, copy };
}

async function settle(...engines: readonly RealEngine[]): Promise<void> {
  for (const engine of engines) await engine.run('wait-idle', '--timeout', '90');
}

describe('a folder between two devices over the local network alone', () => {
  it('becomes the same in both directions, whatever is done to it', { timeout: 240_000 }, async () => {
    const { one, two, work, copy } = await pair(['--no-dht']);
    // Create: contents, empties, links, modes, times.
    writeFileSync(join(work, 'notes.txt'), 'first');
    writeFileSync(join(work, 'empty'), '');
    mkdirSync(join(work, 'empty-directory'));
    mkdirSync(join(work, 'deep/er/est'), { recursive: true });
    writeFileSync(join(work, 'deep/er/est/ümläut ♥.txt'), 'names');
    symlinkSync('notes.txt', join(work, 'link'));
    symlinkSync('/nowhere/at all', join(work, 'dangling'));
    writeFileSync(join(work, 'run.sh'), '#!/bin/sh\n');
    chmodSync(join(work, 'run.sh'), 0o755);
    writeFileSync(join(work, 'large'), randomBytes(9 * 1024 * 1024 + 17));
    utimesSync(join(work, 'notes.txt'), 1_600_000_000, 1_600_000_000.123);
    await settle(one, two);
    expect(treeOnDisk(copy)).toEqual(treeOnDisk(work));

    // Edit, append, rename, delete, from the other side.
    writeFileSync(join(copy, 'notes.txt'), 'second, longer');
    appendFileSync(join(copy, 'large'), 'tail');
    renameSync(join(copy, 'deep'), join(copy, 'deeper'));
    rmSync(join(copy, 'empty'));
    await settle(two, one);
    expect(treeOnDisk(work)).toEqual(treeOnDisk(copy));
    expect(readFileSync(join(work, 'notes.txt'), 'utf8')).toBe('second, longer');

    // A directory replaced by a file and back, a move up the tree, a rename that differs only in case.
    rmSync(join(work, 'empty-directory'), { recursive: true });
    writeFileSync(join(work, 'empty-directory'), 'a file now');
    renameSync(join(work, 'deeper/er/est'), join(work, 'est'));
    renameSync(join(work, 'notes.txt'), join(work, 'Notes.txt'));
    rmSync(join(work, 'run.sh'));
    mkdirSync(join(work, 'run.sh'));
    writeFileSync(join(work, 'run.sh/inside'), 'x');
    await settle(one, two);
    expect(treeOnDisk(copy)).toEqual(treeOnDisk(work));
    expect(readdirSync(copy)).toContain('Notes.txt');
    rmSync(join(copy, 'run.sh'), { recursive: true });
    writeFileSync(join(copy, 'run.sh'), 'a file again');
    truncateSync(join(copy, 'large'), 1_000_000);
    await settle(two, one);
    expect(treeOnDisk(work)).toEqual(treeOnDisk(copy));
    expect(await one.state('conflicts')).toEqual([]);

    // Saved over by renaming and deleted at once: no watcher names that, and nobody asks for a look.
    writeFileSync(join(work, 'saved'), 'third');
    renameSync(join(work, 'saved'), join(work, 'Notes.txt'));
    rmSync(join(work, 'Notes.txt'));
    await eventually('it is gone everywhere', async () => !existsSync(join(copy, 'Notes.txt')));
  });

  it('keeps both versions of a file that both changed while they could not talk', async () => {
    const { one, two, work, copy } = await pair(['--no-dht']);
    writeFileSync(join(work, 'plan.txt'), 'common');
    await settle(one, two);
    await two.kill();
    writeFileSync(join(work, 'plan.txt'), 'from the studio');
    await one.run('wait-idle', '--timeout', '30');
    writeFileSync(join(copy, 'plan.txt'), 'from the laptop');
    await two.start();
    await eventually('both are connected', async () => {
      const devices = await two.state('devices');
      return devices.every(({ online }) => online);
    });
    await settle(one, two);
    await settle(one, two);
    expect(treeOnDisk(copy)).toEqual(treeOnDisk(work));
    const texts = readdirSync(work)
      .filter((name) => name.startsWith('plan'))
      .map((name) => readFileSync(join(work, name), 'utf8'));
    expect(texts.sort()).toEqual(['from the laptop', 'from the studio']);
    const conflicts = await one.state('conflicts');
    expect(conflicts).toHaveLength(1);
    expect(conflicts[0]?.versions).toHaveLength(2);

    await one.run('resolve', 'plan.txt', 'keep-this');
    await settle(one, two);
    expect(readdirSync(copy).filter((name) => name.startsWith('plan'))).toEqual(['plan.txt']);
    expect(treeOnDisk(copy)).toEqual(treeOnDisk(work));
    const [put] = await one.run<{ id: string }[]>('versions', join(work, conflicts[0]?.versions[1]?.path ?? ''));
    expect(put).toBeDefined();
  });

  it('takes files that lie already in the accepted place', async () => {
    const one = await ground.engine('Studio', ['--no-dht']).start();
    const two = await ground.engine('Laptop', ['--no-dht']).start();
    await one.run('create-group', 'Home');
    await two.joinVia(one);
    const [work, copy] = [ground.path('work'), ground.path('copy')];
    for (const place of [work, copy]) {
      mkdirSync(place);
      writeFileSync(join(place, 'same.txt'), 'equal on both');
    }
    writeFileSync(join(work, 'differs.txt'), 'one');
    writeFileSync(join(copy, 'differs.txt'), 'two');
    writeFileSync(join(copy, 'only here.txt'), 'two');
    const { folder } = await one.run<{ folder: string }>('share', work);
    await eventually('the folder is offered', async () => (await two.state('folders')).length === 1);
    await two.run('accept', folder, copy);
    await settle(one, two);
    await settle(one, two);
    expect(treeOnDisk(copy)).toEqual(treeOnDisk(work));
    expect(existsSync(join(work, 'only here.txt'))).toBe(true);
    expect(readdirSync(work).filter((name) => name.startsWith('differs'))).toHaveLength(2);
  });
});

/** Bytes that a process has written so far, to files above all. */
function writtenBy(engine: RealEngine): number {
  const counts = readFileSync(`/proc/${engine.pid}/io`, 'utf8');
  return Number(/^wchar: (\d+)$/m.exec(counts)?.[1] ?? Number.NaN);
}

/** Bytes on disk of what is on its way to the folder at that place. */
function arrivedAt(root: string): number {
  const tmp = join(root, '.flotilla', 'tmp');
  return readdirSync(tmp).reduce((sum, name) => sum + lstatSync(join(tmp, name)).blocks * 512, 0);
}

describe('kill -9 in the middle of a transfer', () => {
  for (const victim of ['sender', 'receiver'] as const) {
    it(`TR-10 of the ${victim}: it goes on from there, and both trees are equal`, { timeout: 240_000 }, async () => {
      const { one, two, work, copy } = await pair(['--no-dht']);
      await settle(one, two);
      // Long enough that it is under way still, should this process be held up for some seconds.
      const size = 512 * MIB;
      writeFileSync(join(work, 'big.bin'), randomBytes(size));
      await eventually('a part has arrived', async () => arrivedAt(copy) > 64 * MIB);
      const killed = victim === 'sender' ? one : two;
      await killed.kill();
      expect(existsSync(join(copy, 'big.bin'))).toBe(false);
      const arrived = arrivedAt(copy);
      const before = victim === 'sender' ? writtenBy(two) : 0;
      await killed.start();
      await eventually('both are connected', async () => {
        const devices = await two.state('devices');
        return devices.every(({ online }) => online);
      });
      await settle(one, two);
      expect(treeOnDisk(copy)).toEqual(treeOnDisk(work));
      expect(writtenBy(two) - before).toBeLessThan(size - arrived / 2);
    });
  }
});

describe('over Hyperswarm with a bootstrap node of one’s own', () => {
  it('syncs a folder, and keeps a version of what was replaced', async () => {
    const bootstrap = await ground.bootstrap();
    const { one, two, work, copy } = await pair(['--no-lan', '--bootstrap', bootstrap]);
    writeFileSync(join(work, 'a.txt'), 'old');
    await settle(one, two);
    writeFileSync(join(work, 'a.txt'), 'new');
    await settle(one, two);
    expect(treeOnDisk(copy)).toEqual(treeOnDisk(work));
    const versions = await two.run<{ id: string; size: number }[]>('versions', join(copy, 'a.txt'));
    expect(versions).toHaveLength(1);
    await two.run('restore', join(copy, 'a.txt'), '--version', versions[0]?.id ?? '');
    await settle(two, one);
    expect(readFileSync(join(work, 'a.txt'), 'utf8')).toBe('old');
    const devices = await one.state('devices');
    expect(devices.find(({ self }) => !self)?.link?.kind).toBe('direct');
  });
});
