import { describe, expect, it } from 'vitest';
import type { OperationBody } from '../../electron/engine/group/body.ts';
import { members, wantedElectorate } from '../../electron/engine/group/select.ts';
import { folderNamed } from '../support/group-log.ts';
import { MetadataCluster } from '../support/metadata-cluster.ts';
import { deviceNamed } from '../support/named-device.ts';

type How = 'remove' | 'leave';

/** Names of the members as a device's log says. */
const membersAt = (cluster: MetadataCluster, name: string): readonly string[] =>
  members(cluster.on(name).state()).map((device) => device.joinedName);

/** Whether all members that are on agree on one master and have the electorate that is wanted. */
function isSettled(cluster: MetadataCluster, expected: readonly string[]): boolean {
  const running = cluster.running().filter((name) => expected.includes(name));
  if (running.length !== expected.length) return false;
  const masters = new Set(running.map((name) => cluster.on(name).view().master));
  if (masters.size !== 1 || masters.has(null)) return false;
  return running.every((name) => {
    const metadata = cluster.on(name);
    const wanted = [...wantedElectorate(metadata.state())].sort();
    const is = [...metadata.view().electorate].sort();
    const same = JSON.stringify(is) === JSON.stringify(wanted) && metadata.state().electorate.size === wanted.length;
    return same && [...membersAt(cluster, name)].sort().join() === [...expected].sort().join();
  });
}

/** Lets `messages` more arrive, then kills the master (if there is one), and brings it back after a while. */
function crashMaster(cluster: MetadataCluster, messages: number): void {
  for (let left = messages; left > 0; ) {
    const delivered = cluster.network.deliver(1);
    left -= 1;
    if (delivered === 0) cluster.clock.advance(5);
  }
  const masters = cluster.running().filter((name) => cluster.on(name).view().role === 'master');
  const [master] = masters;
  if (master === undefined) return;
  cluster.crash(master);
  cluster.run(cluster.random.integer(4_000));
  cluster.start(master);
}

/** Devices that were let go stop as soon as they have no vote to hand on. */
function retire(cluster: MetadataCluster, gone: readonly string[]): void {
  for (const name of gone) {
    if (!cluster.running().includes(name)) continue;
    const others = cluster.running().filter((other) => !gone.includes(other));
    if (others.every((other) => cluster.on(other).admission(deviceNamed(name).id) === 'refused')) cluster.crash(name);
  }
}

/** 1 to 4 devices and back, with a crash of the master in the middle of each step. */
function history(seed: number, how: How, goes: readonly string[]): void {
  const cluster = new MetadataCluster(seed);
  const early = (): number => cluster.random.integer(40);
  cluster.found('ann');
  const here = ['ann'];
  for (const name of ['bob', 'cat', 'dan']) {
    const by = here[cluster.random.integer(here.length)] ?? 'ann';
    const { invite, redeem } = cluster.invitation(name);
    cluster.ask(by, invite);
    cluster.on(by).submit(redeem);
    crashMaster(cluster, early());
    cluster.until(() => here.every((one) => membersAt(cluster, one).includes(name)), `${name} let in`);
    cluster.arrive(name, by);
    here.push(name);
    crashMaster(cluster, early());
    cluster.until(() => isSettled(cluster, here), `settled with ${here.join()}`);
  }
  const gone: string[] = [];
  for (const name of goes) {
    here.splice(here.indexOf(name), 1);
    gone.push(name);
    const author = how === 'leave' ? name : (here[cluster.random.integer(here.length)] ?? 'ann');
    const body: OperationBody = { kind: 'device.remove', device: deviceNamed(name).id, closing: null };
    cluster.on(author).submit(body);
    crashMaster(cluster, early());
    cluster.until(() => {
      retire(cluster, gone);
      return isSettled(cluster, here);
    }, `settled with ${here.join()} after ${name} went`);
  }
  const last = here[0] ?? '';
  cluster.ask(last, { kind: 'folder.create', folder: folderNamed('x'), name: 'x', access: 'readWrite', indexBits: 6 });
  expect(cluster.weights(last)).toEqual({ [last]: 1 });
}

const ORDERS = [
  ['dan', 'cat', 'bob'],
  ['ann', 'bob', 'cat'],
  ['bob', 'ann', 'dan'],
];

describe('MD16 membership from 1 to 4 and back, the master dying in the middle of each step', () => {
  const seeds = Array.from({ length: 4 }, (_, at) => at + 1);
  for (const how of ['remove', 'leave'] as const) {
    for (const goes of ORDERS) {
      it.each(seeds)(`MD16 ${how}: ${goes.join(', ')} go, seed %i`, (seed) => {
        history(seed, how, goes);
      });
    }
  }
});
