import { expect, it } from 'vitest';
import { memberOf } from '../../electron/engine/group/select.ts';
import { isRemoved } from '../../electron/engine/session/leaving.ts';
import { LeavingGroup } from '../../electron/engine/session/leaving-group.ts';
import type { Leaving } from '../../shared/model/leaving.ts';
import { givingUpWords, leavingWords } from '../../shared/text/leaving-words.ts';
import { MetadataCluster } from '../support/metadata-cluster.ts';
import { deviceNamed } from '../support/named-device.ts';

/** Two with two votes and one, or three with one each; the first of them founded the group. */
function groupOf(...names: readonly string[]): MetadataCluster {
  const cluster = new MetadataCluster();
  const [first = 'ann', ...others] = names;
  cluster.found(first);
  for (const name of others) cluster.join(name, first);
  const weights = names.map((_, at) => (names.length === 2 && at === 0 ? 2 : 1));
  cluster.until(
    () => names.every((name, at) => cluster.weights(first)[name] === weights[at]),
    'the votes that are due',
  );
  return cluster;
}

/** Begins to leave with what runs at the device; `over` says whether nothing is left to do. */
function leave(cluster: MetadataCluster, name: string): { readonly group: LeavingGroup; over(): boolean } {
  let over = false;
  const group = new LeavingGroup({
    metadata: cluster.on(name),
    since: 0,
    closing: null,
    home: 'ok',
    recheckLinks: () => undefined,
    changed: () => undefined,
    done: () => {
      over = true;
    },
    problem: (error) => {
      throw error;
    },
  });
  group.look();
  return { group, over: () => over };
}

const isOut = (cluster: MetadataCluster, at: string, name: string): boolean =>
  isRemoved(cluster.on(at).state(), deviceNamed(name).id);

it('MD20 the heavier of two stays a bare voter, over restarts, until the lighter can take its votes', () => {
  const cluster = groupOf('ann', 'bob');
  cluster.crash('bob');
  const first = leave(cluster, 'ann');
  cluster.run(30_000);
  expect(first.over()).toBe(false);
  expect(first.group.view()).toMatchObject({ name: 'Home', weight: 2, votes: 3, staying: ['bob'], needed: true });
  first.group.stop();
  cluster.crash('ann');
  cluster.start('ann');
  const second = leave(cluster, 'ann');
  cluster.start('bob');
  cluster.until(second.over, 'it is over');
  expect(cluster.on('ann').state().electorate).toEqual(new Map([[deviceNamed('bob').id, 1]]));
  cluster.crash('ann');
  cluster.until(() => cluster.weights('bob').bob === 1 && cluster.on('bob').view().decides, 'bob decides alone');
  expect(isOut(cluster, 'bob', 'ann')).toBe(true);
});

it('MD20 the lighter of two has nothing that the other needs, and tells it when that is back', () => {
  const cluster = groupOf('ann', 'bob');
  cluster.crash('ann');
  const leaving = leave(cluster, 'bob');
  cluster.run(30_000);
  expect(leaving.group.view()).toMatchObject({ weight: 1, votes: 3, staying: ['ann'], needed: false });
  cluster.start('ann');
  cluster.until(() => isOut(cluster, 'ann', 'bob') && cluster.weights('ann').bob !== 1, 'ann alone');
  // She let him go before he heard of it, and tells him when he knocks.
  leaving.group.toldRemoved();
  expect(leaving.over()).toBe(true);
});

it('MD20 two of three that leave while apart are both let go', () => {
  const cluster = groupOf('ann', 'bob', 'cat');
  cluster.partition(['ann'], ['bob', 'cat']);
  const first = leave(cluster, 'ann');
  const second = leave(cluster, 'bob');
  cluster.run(10_000);
  expect([first.over(), second.over()]).toEqual([false, false]);
  cluster.heal();
  cluster.until(() => first.over() && second.over(), 'both are over');
  cluster.until(() => cluster.weights('cat').cat === 1 && cluster.on('cat').view().decides, 'cat decides alone');
});

it('MD20 the last of all goes at once, and so does one that others have removed already', () => {
  const alone = groupOf('ann');
  expect(leave(alone, 'ann').over()).toBe(true);
  const cluster = groupOf('ann', 'bob', 'cat');
  cluster.ask('ann', { kind: 'device.remove', device: deviceNamed('cat').id, closing: null });
  cluster.until(() => isOut(cluster, 'cat', 'cat'), 'cat knows');
  const leaving = leave(cluster, 'cat');
  cluster.until(leaving.over, 'it is over');
});

it('MD20 goes by what others say where they have removed it while it was off', () => {
  const cluster = groupOf('ann', 'bob');
  cluster.crash('bob');
  cluster.ask('ann', { kind: 'device.remove', device: deviceNamed('bob').id, closing: null });
  cluster.start('bob');
  const leaving = leave(cluster, 'bob');
  cluster.run(1_000);
  expect(leaving.over()).toBe(false);
  leaving.group.toldRemoved();
  expect(leaving.over()).toBe(true);
});

it('MD20 a last admin that left where nothing could be decided makes the longest-standing of the others one', () => {
  const cluster = new MetadataCluster();
  cluster.found('ann');
  cluster.join('bob', 'ann', 'member');
  cluster.join('cat', 'ann', 'member');
  cluster.until(() => ['ann', 'bob', 'cat'].every((name) => cluster.weights('ann')[name] === 1), 'one vote each');
  cluster.crash('bob');
  cluster.crash('cat');
  const leaving = leave(cluster, 'ann');
  expect(
    cluster
      .on('ann')
      .waiting()
      .map(({ body }) => body.kind),
  ).toEqual(['device.setRole', 'device.remove']);
  cluster.start('bob');
  cluster.start('cat');
  cluster.until(leaving.over, 'it is over');
  expect(memberOf(cluster.on('bob').state(), deviceNamed('bob').id)?.role).toBe('admin');
});

it('takes back what it had asked for beside, as far as that can be', () => {
  const cluster = groupOf('ann', 'bob');
  cluster.crash('ann');
  cluster.on('bob').submit({ kind: 'device.rename', device: deviceNamed('bob').id, name: 'Bobby' });
  leave(cluster, 'bob');
  expect(
    cluster
      .on('bob')
      .waiting()
      .map(({ body }) => body.kind),
  ).toEqual(['device.remove']);
});

it('says what it still does, and who cannot decide anything if it is given up', () => {
  const leaving: Leaving = {
    id: 'aa',
    name: 'Home',
    since: 0,
    weight: 2,
    votes: 3,
    staying: ['Laptop'],
    needed: true,
  };
  expect(leavingWords(leaving)).toBe(
    'This computer still has 2 of 3 votes in the background, until Laptop can take them.',
  );
  expect(givingUpWords(leaving)).toContain('Laptop can’t decide anything any more then');
  const light = { ...leaving, weight: 1, needed: false, staying: ['Studio', 'Pi'] };
  expect(leavingWords(light)).toContain('until Studio or Pi can take it');
  expect(givingUpWords(light)).toContain('The others go on deciding');
  expect(leavingWords({ ...light, weight: 0, staying: [] })).toContain('once another device can be reached');
});
