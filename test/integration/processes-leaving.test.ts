import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Leaving } from '../../shared/model/leaving.ts';
import { eventually, Playground, type RealEngine } from '../support/real-engine.ts';
import { groupOf, shareAmong, votes, votesAre } from '../support/real-group.ts';
import { treeOnDisk } from '../support/tree-on-disk.ts';

let ground = new Playground();

afterEach(async () => {
  await ground.end();
  ground = new Playground();
});

interface Status {
  readonly group: { readonly id: string; readonly name: string } | null;
  readonly leaving: readonly Leaving[];
  readonly problems: readonly { readonly code: string }[];
}

const two = (): Promise<readonly [RealEngine, RealEngine]> =>
  groupOf(ground, ['Studio', 'Laptop'], ['--no-dht']) as Promise<readonly [RealEngine, RealEngine]>;

const status = (engine: RealEngine): Promise<Status> => engine.state('status');

/** Waits until nothing is left to be handed on. */
const handedOn = (engine: RealEngine): Promise<unknown> =>
  eventually(`${engine.name} has handed on`, async () => (await status(engine)).leaving.length === 0);

async function seesOffline(engine: RealEngine): Promise<void> {
  await eventually('the other one is seen to be off', async () =>
    (await engine.state('devices')).some(({ online }) => !online),
  );
}

describe('the heavier of two that leaves while the other is off', () => {
  it('begins anew at once, is a bare voter over kill -9, and ends it when the other takes the votes', {
    timeout: 300_000,
  }, async () => {
    const [one, other] = await two();
    const { places } = await shareAmong(ground, [one, other], 'Work');
    const place = places[0] ?? '';
    writeFileSync(join(place, 'kept.txt'), 'mine');
    await other.kill();
    await seesOffline(one);
    const before = treeOnDisk(place);
    await one.run('leave');
    expect((await status(one)).group).toBeNull();
    expect((await status(one)).leaving).toMatchObject([
      { name: 'Home', weight: 2, votes: 3, staying: ['Laptop'], needed: true },
    ]);
    await one.run('create-group', 'Second home');
    expect((await one.run('share', place, '--name', 'Work')).state).toBe('committed');
    expect(treeOnDisk(place)).toEqual(before);

    await one.kill();
    await one.start();
    expect((await status(one)).group?.name).toBe('Second home');
    expect((await status(one)).leaving).toHaveLength(1);
    await other.start();
    await votesAre(other, [1], 60_000);
    expect(await votes(other)).toEqual({ [other.device]: 1 });
    await handedOn(one);
    expect((await other.run('rename-device', other.device, 'Only one')).state).toBe('committed');
    expect((await other.state('devices')).map(({ id }) => id)).toEqual([other.device]);
    // The group that was made meanwhile is as it was, and takes in the other, which leaves in its turn.
    await other.run('leave');
    await other.joinVia(one);
    await votesAre(one, [2, 1]);
  });

  it('can be told to give that up, and says who cannot decide anything then', { timeout: 200_000 }, async () => {
    const [one, other] = await two();
    await other.kill();
    await seesOffline(one);
    expect(await one.run('leave', '--force')).toEqual({});
    expect((await status(one)).leaving).toEqual([]);
    await other.start();
    expect((await other.run('rename-device', other.device, 'Alone')).state).toBe('waiting');
    expect(await one.refused('leave')).toBe('no-group');
  });
});

describe('a leaver that dies in the middle of leaving', () => {
  it('ends it in its next run', { timeout: 300_000 }, async () => {
    const [one, other] = await two();
    // While the other is frozen it cannot hand its votes on.
    other.signal('SIGSTOP');
    const leaving = one.run('leave').catch(() => undefined);
    await eventually('it leaves', async () => (await status(one)).leaving.length > 0);
    await one.kill();
    await leaving;
    other.signal('SIGCONT');
    await one.start();
    expect((await status(one)).group).toBeNull();
    await handedOn(one);
    await votesAre(other, [1]);
    await one.run('create-group', 'Elsewhere');
  });
});

describe('a device that was removed while it was off', () => {
  it('is told so, and goes its own way with its files', { timeout: 200_000 }, async () => {
    const [one, other] = await two();
    const { places } = await shareAmong(ground, [one, other], 'Work');
    await other.kill();
    await one.run('remove-device', other.device);
    await votesAre(one, [1]);
    await other.start();
    await eventually('it is told', async () =>
      (await status(other)).problems.some(({ code }) => code === 'removed-from-group'),
    );
    expect((await status(one)).problems.map(({ code }) => code)).not.toContain('peer-not-admitted');
    await other.run('leave');
    await handedOn(other);
    await other.run('create-group', 'Alone');
    expect((await other.run('share', places[1] ?? '', '--name', 'Work')).state).toBe('committed');
  });
});

describe('the person whose other computer died', () => {
  it('goes on within a minute, with no vote to hand on, and nothing is to be done when it comes back', {
    timeout: 300_000,
  }, async () => {
    const [one, other] = await two();
    const copy = ground.path('copy');
    mkdirSync(copy);
    writeFileSync(join(copy, 'kept.txt'), 'mine');
    await other.run('share', copy, '--name', 'Mine');
    const before = treeOnDisk(copy);
    const died = performance.now();
    await one.kill();
    await other.run('leave');
    await other.run('create-group', 'Second home');
    expect((await other.run('share', copy, '--name', 'Mine')).state).toBe('committed');
    expect(performance.now() - died).toBeLessThan(60_000);
    expect(treeOnDisk(copy)).toEqual(before);
    expect((await status(other)).leaving).toMatchObject([{ weight: 1, votes: 3, needed: false }]);
    await one.start();
    await votesAre(one, [1], 60_000);
    await handedOn(other);
    expect((await one.state('devices')).map(({ id }) => id)).toEqual([one.device]);
  });
});
