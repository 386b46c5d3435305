import { describe, expect, it } from 'vitest';
import type { OperationBody } from '../../electron/engine/group/body.ts';
import { members } from '../../electron/engine/group/select.ts';
import { recordJoining } from '../../electron/engine/metadata/beginning.ts';
import { standingProblems } from '../../electron/engine/view/standing-problems.ts';
import { failure } from '../../shared/errors.ts';
import { folderNamed } from '../support/group-log.ts';
import { copyMemoryDisk } from '../support/memory-store.ts';
import { MetadataCluster } from '../support/metadata-cluster.ts';
import { errorOf, folderNames, share, three } from '../support/metadata-three.ts';
import { deviceNamed } from '../support/named-device.ts';

describe('MD11 one device', () => {
  it('MD11 has its group as soon as it is started, and after a restart', () => {
    const cluster = new MetadataCluster();
    const ann = cluster.found('ann');
    expect(ann.state().name).toBe('Home');
    expect(ann.view()).toMatchObject({ role: 'master', decides: true });
    cluster.ask('ann', share('one'));
    cluster.crash('ann');
    const again = cluster.start('ann');
    expect(again.state().name).toBe('Home');
    expect(folderNames(cluster, 'ann')).toEqual(['one']);
    cluster.run(100);
    cluster.ask('ann', share('two'));
  });

  it('MD11 founds the group also where the first run ended before it could', () => {
    const cluster = new MetadataCluster();
    cluster.found('ann');
    const { disk } = cluster.node('ann');
    cluster.crash('ann');
    disk.tables.delete('metadata-log');
    disk.tables.delete('metadata-hard');
    expect(errorOf(() => cluster.start('ann'))).toBe('none');
  });
});

describe('MD12 several devices', () => {
  it('MD12 three elect, commit, lose their master, elect again and commit', () => {
    const cluster = three();
    const first = cluster.elect();
    cluster.ask('cat', share('one'));
    cluster.until(() => cluster.running().every((name) => folderNames(cluster, name).length === 1), 'everywhere');
    cluster.crash(first);
    const second = cluster.elect();
    expect(second).not.toBe(first);
    const author = cluster.running().find((name) => name !== second) ?? '';
    cluster.ask(author, share('two'));
    cluster.start(first);
    cluster.until(() => folderNames(cluster, first).length === 2, 'the old master caught up');
    for (const name of cluster.running()) expect(cluster.on(name).state()).toEqual(cluster.on(first).state());
    const [record] = cluster.on(author).failovers();
    expect(record).toMatchObject({ from: deviceNamed(first).id, to: deviceNamed(second).id });
    expect((record?.detectMs ?? 0) + (record?.electMs ?? 0) + (record?.respondMs ?? 0)).toBeLessThan(5000);
    cluster.until(() => cluster.on(first).failovers().length === 1, 'told to who was away');
  });

  it('MD12 EL22 a failover leaves its record also where nobody was on all the time', () => {
    const cluster = three();
    const first = cluster.elect();
    const others = cluster.running().filter((name) => name !== first);
    for (const name of cluster.running()) cluster.crash(name);
    cluster.run(60_000);
    for (const name of others) cluster.start(name);
    const second = cluster.elect();
    cluster.until(() => others.every((name) => cluster.on(name).failovers().length === 1), 'the record');
    const [record] = cluster.on(others[0] ?? '').failovers();
    expect(record).toMatchObject({ from: deviceNamed(first).id, to: deviceNamed(second).id });
    // Not the time in which all were off.
    expect(record?.detectMs).toBeLessThan(3_000);
  });

  it('MD12 a newcomer takes the log from any member, and no log but the one of its invite', () => {
    const cluster = three();
    cluster.elect();
    cluster.askToJoin('dan', 'ann', 'member');
    cluster.until(() => cluster.on('cat').state().devices.size === 4, 'known');
    cluster.partition(['dan'], ['ann', 'bob']);
    const dan = cluster.arrive('dan', 'cat');
    expect(dan.view().role).toBe('observer');
    expect(members(dan.state()).length).toBe(4);

    const other = new MetadataCluster(7);
    other.found('eve');
    const theirs = other.on('eve').firstEntry()!;
    const ours = cluster.on('ann').firstEntry()!;
    const { store } = cluster.node('dan');
    const join = (firstEntry: Uint8Array, codeHash: Uint8Array) => () =>
      recordJoining({ store, group: cluster.group, firstEntry, codeHash, introduced: [] });
    expect(errorOf(join(theirs.bytes, theirs.codeHash))).toBe('invite-wrong-group');
    expect(errorOf(join(ours.bytes, theirs.codeHash))).toBe('invite-wrong-group');
    expect(errorOf(join(ours.bytes, ours.codeHash))).toBe('none');
  });

  it('MD12 a part without a master agrees on what was committed', () => {
    const cluster = three();
    const master = cluster.elect();
    const [one, two] = cluster.running().filter((name) => name !== master) as [string, string];
    cluster.partition([two], [master, one]);
    cluster.ask(one, share('one'));
    cluster.until(() => folderNames(cluster, one).length === 1, 'one has it');
    cluster.crash(master);
    cluster.heal();
    cluster.until(() => folderNames(cluster, two).length === 1, 'two has it');
  });
});

describe('MD13 changes that wait', () => {
  function two(): MetadataCluster {
    const cluster = new MetadataCluster();
    cluster.found('ann');
    cluster.join('bob', 'ann');
    cluster.until(() => cluster.weights('bob').ann === 2 && cluster.weights('bob').bob === 1, '2 and 1');
    return cluster;
  }

  it('MD13 waits over restarts while the heavier of two is away, and goes through when it is back', () => {
    const cluster = two();
    cluster.crash('ann');
    cluster.run(6_000);
    expect(cluster.on('bob').view()).toMatchObject({ master: null, decides: false, quorate: false });
    cluster.on('bob').submit(share('one'));
    cluster.on('bob').submit(share('two'));
    cluster.crash('bob');
    cluster.start('bob');
    cluster.run(1_000);
    expect(
      cluster
        .on('bob')
        .waiting()
        .map((one) => one.canCancel),
    ).toEqual([true, true]);
    expect(folderNames(cluster, 'bob')).toEqual([]);
    cluster.start('ann');
    cluster.until(() => cluster.on('bob').waiting().length === 0, 'decided');
    expect(folderNames(cluster, 'bob')).toEqual(['one', 'two']);
  });

  it('MD13 takes back what never left, and gives its number to the next', () => {
    const cluster = two();
    cluster.crash('ann');
    cluster.run(6_000);
    const bob = cluster.on('bob');
    const { id } = bob.submit(share('one'));
    bob.submit(share('two'));
    bob.cancel(id);
    expect(errorOf(() => bob.cancel(id))).toBe('operation-unknown');
    cluster.crash('bob');
    cluster.start('bob');
    cluster.start('ann');
    cluster.until(() => cluster.on('bob').waiting().length === 0, 'decided');
    expect(folderNames(cluster, 'bob')).toEqual(['two']);
  });

  it('MD13 does not take back what a master may have, until a later term began without it', () => {
    const cluster = two();
    const bob = cluster.on('bob');
    cluster.network.dropWhere((message) => message.from === deviceNamed('bob').id);
    const { id } = bob.submit(share('one'));
    expect(errorOf(() => bob.cancel(id))).toBe('operation-maybe-decided');
    cluster.crash('ann');
    cluster.network.dropWhere(null);
    cluster.run(6_000);
    expect(bob.waiting()[0]?.canCancel).toBe(false);
    cluster.network.dropWhere((message) => message.from === deviceNamed('bob').id && message.bytes[0] === 2);
    cluster.start('ann');
    cluster.until(() => bob.view().master !== null && bob.state().applied.term === bob.view().term, 'a later term');
    cluster.partition(['ann'], ['bob']);
    cluster.run(10_000);
    // It was handed over again in the later term, so it waits for that one now.
    expect(bob.waiting()[0]?.canCancel).toBe(false);
    cluster.network.dropWhere(null);
    cluster.heal();
    cluster.until(() => bob.waiting().length === 0, 'decided');
    expect(folderNames(cluster, 'bob')).toEqual(['one']);
  });

  it('MD13 says at once what the rules refuse, and reads other refusals off the log', () => {
    const cluster = three();
    cluster.elect();
    const cat = cluster.on('cat');
    expect(errorOf(() => cat.submit({ kind: 'folder.remove', folder: folderNamed('x') }))).toBe('folder-unknown');
    expect(errorOf(() => cat.submit({ ...share('x'), name: '' } as OperationBody))).toBe('name-invalid');
    cluster.on('bob').submit(share('same'));
    cat.submit(share('same'));
    cluster.until(() => cat.waiting().length === 0 && cluster.on('bob').waiting().length === 0, 'decided');
    const decided = ['bob', 'cat'].flatMap((name) =>
      cluster.node(name).events.flatMap((event) => (event.type === 'decided' ? [event.decided] : [])),
    );
    expect(decided).toContainEqual({ type: 'committed' });
    expect(decided).toContainEqual({ type: 'refused', code: 'folder-exists' });
  });

  it('MD13 an outcome is told before its operation ceases to wait, and again where a crash came in between', () => {
    const cluster = two();
    const bob = cluster.node('bob');
    const told = (): number => bob.events.filter(({ type }) => type === 'decided').length;
    const { id } = cluster.on('bob').submit(share('one'));
    cluster.on('bob').subscribe(({ type }) => {
      if (type === 'decided') bob.store.failNext(failure('disk-full', 'The disk is full'));
    });
    cluster.until(() => told() === 1, 'told');
    cluster.crash('bob');
    cluster.start('bob');
    expect(bob.events.filter((event) => event.type === 'decided' && event.id === id)).toHaveLength(2);
    expect(cluster.on('bob').waiting()).toEqual([]);
    cluster.crash('bob');
    cluster.start('bob');
    expect(told()).toBe(2);
  });

  it('MD13 what is asked for while an outcome is told waits durably as anything else', () => {
    const cluster = two();
    let asked = false;
    cluster.on('bob').subscribe(({ type }) => {
      if (type !== 'decided' || asked) return;
      asked = true;
      cluster.network.dropWhere((message) => message.from === deviceNamed('bob').id);
      cluster.on('bob').submit(share('two'));
    });
    cluster.on('bob').submit(share('one'));
    cluster.until(() => asked, 'asked');
    cluster.crash('ann');
    cluster.crash('bob');
    cluster.start('bob');
    expect(cluster.on('bob').waiting()).toMatchObject([{ body: { name: 'two' } }]);
  });

  for (const noticed of [true, false])
    it(`EL26 EL30 MD13 the heavier of two, put back to an earlier state, takes in what was decided since${noticed ? ', and waits to be set free' : ''}`, () => {
      const cluster = two();
      const copy = copyMemoryDisk(cluster.node('ann').disk);
      cluster.ask('bob', share('one'));
      cluster.crash('ann');
      cluster.start('ann');
      cluster.ask('ann', share('two'));
      cluster.until(() => folderNames(cluster, 'bob').length === 2, 'bob has both');
      cluster.crash('ann');
      cluster.node('ann').disk.tables.clear();
      for (const [name, table] of copy.tables) cluster.node('ann').disk.tables.set(name, table);
      cluster.partition(['ann'], ['bob']);
      const ann = cluster.start('ann');
      cluster.run(500);
      expect(ann.view().role).toBe('follower');
      // Links come up, and a little later one of them tells that this home was restored.
      cluster.heal();
      if (noticed) {
        ann.hold();
        cluster.run(40_000);
        expect(ann.view()).toMatchObject({ role: 'follower', decides: false });
        ann.release();
      }
      cluster.until(() => ann.view().role === 'master' && cluster.on('bob').view().decides, 'a master', 1_000);
      cluster.ask('bob', share('three'));
      for (const name of ['ann', 'bob']) expect(folderNames(cluster, name)).toEqual(['one', 'two', 'three']);
    });

  for (const held of [false, true])
    it(`EL2 EL31 two that went apart ${held ? 'and do not decide ' : ''}both say so, and neither gives way`, () => {
      const cluster = two();
      const copy = copyMemoryDisk(cluster.node('ann').disk);
      cluster.ask('bob', share('one'));
      cluster.crash('ann');
      cluster.node('ann').disk.tables.clear();
      for (const [name, table] of copy.tables) cluster.node('ann').disk.tables.set(name, table);
      cluster.partition(['ann'], ['bob']);
      const ann = cluster.start('ann');
      cluster.run(10_000);
      cluster.ask('ann', share('other'));
      cluster.heal();
      if (held) ann.hold();
      cluster.run(5_000);
      const [a, b] = [deviceNamed('ann').id, deviceNamed('bob').id];
      expect([ann.view().diverged, cluster.on('bob').view().diverged]).toEqual([[b], [a]]);
      expect(cluster.on('bob').view().master).toBeNull();
      expect([folderNames(cluster, 'ann'), folderNames(cluster, 'bob')]).toEqual([['other'], ['one']]);
      const state = cluster.on('bob').state();
      const standing = standingProblems({ state, updateNeeded: null, diverged: [a], isRemoved: false, since: 1 });
      expect(standing).toMatchObject([{ code: 'log-diverged', device: a }]);
      expect(standing[0]?.message).toContain('ann');
    });

  it('EL30 a master that is held steps down at once, and learns what others have', () => {
    const cluster = two();
    const { term } = cluster.on('ann').view();
    cluster.on('ann').hold();
    expect(cluster.on('ann').view()).toMatchObject({ role: 'follower', master: null });
    cluster.run(10_000);
    expect(cluster.on('ann').view().role).toBe('follower');
    cluster.on('ann').release();
    cluster.until(() => cluster.on('ann').view().role === 'master', 'master again', 100);
    expect(cluster.on('ann').view().term).toBe(term + 1);
    cluster.ask('bob', share('one'));
  });

  it('EL26 the heavier of two is master 3 s after its start where the other is off, and at once where it answers', () => {
    const cluster = two();
    cluster.crash('ann');
    cluster.start('ann');
    cluster.until(() => cluster.on('ann').view().role === 'master', 'master beside the other', 100);
    cluster.crash('bob');
    cluster.crash('ann');
    cluster.start('ann');
    cluster.run(2_900);
    expect(cluster.on('ann').view().role).toBe('follower');
    cluster.until(() => cluster.on('ann').view().role === 'master', 'master alone', 200);
    cluster.ask('ann', share('one'));
  });

  it('MD13 signs anew what finds its number taken, as after a restored home', () => {
    const cluster = three();
    cluster.elect();
    const { disk } = cluster.node('cat');
    const kept = new Map(
      [...disk.tables].map(([name, table]) => [name, { values: new Map(table.values), keys: [...table.keys] }]),
    );
    cluster.ask('cat', share('one'));
    cluster.crash('cat');
    disk.tables.clear();
    for (const [name, table] of kept) disk.tables.set(name, table);
    cluster.partition(['cat'], ['ann', 'bob']);
    const cat = cluster.start('cat');
    cat.hold();
    cat.submit(share('two'));
    cluster.heal();
    cluster.until(() => cat.isCaughtUp() && folderNames(cluster, 'cat').length === 1, 'caught up');
    expect(cat.waiting().length).toBe(1);
    cat.release();
    cluster.until(() => cat.waiting().length === 0, 'decided');
    expect(folderNames(cluster, 'cat')).toEqual(['one', 'two']);
  });
});
