import { describe, expect, it } from 'vitest';
import type { OperationBody } from '../../electron/engine/group/body.ts';
import { liveFolders, members } from '../../electron/engine/group/select.ts';
import { recordJoining } from '../../electron/engine/metadata/beginning.ts';
import { errorCodeOf } from '../../shared/errors.ts';
import { folderNamed } from '../support/group-log.ts';
import { MetadataCluster } from '../support/metadata-cluster.ts';
import { deviceNamed } from '../support/named-device.ts';

const share = (name: string): OperationBody => ({
  kind: 'folder.create',
  folder: folderNamed(name),
  name,
  access: 'readWrite',
  indexBits: 6,
});

function three(): MetadataCluster {
  const cluster = new MetadataCluster();
  cluster.found('ann');
  cluster.join('bob', 'ann');
  cluster.join('cat', 'ann');
  cluster.until(() => cluster.weights('ann').cat === 1 && cluster.weights('ann').ann === 1, 'one vote each');
  return cluster;
}

const folderNames = (cluster: MetadataCluster, name: string): readonly string[] =>
  liveFolders(cluster.on(name).state()).map((folder) => folder.name);

const errorOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return errorCodeOf(error);
  }
};

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

describe('MD14 what goes wrong on this disk', () => {
  it('MD14 refuses a damaged log with its own code', () => {
    const cluster = three();
    cluster.crash('cat');
    const table = cluster.node('cat').disk.tables.get('metadata-log');
    const key = table?.keys[2] ?? '';
    const row = table?.values.get(key)?.slice() ?? new Uint8Array();
    row[row.length - 70]! ^= 1;
    table?.values.set(key, row);
    expect(errorOf(() => cluster.start('cat'))).toBe('log-damaged');
    table?.values.delete(key);
    table?.keys.splice(2, 1);
    expect(errorOf(() => cluster.start('cat'))).toBe('log-damaged');
  });

  it('MD14 a step that the disk refuses never happened, and nothing of it left', () => {
    const cluster = three();
    const master = cluster.elect();
    const author = cluster.running().find((name) => name !== master) ?? '';
    cluster.node(master).store.failNext(new Error('no space left'));
    cluster.ask(author, share('one'));
    expect(cluster.node(master).events.some((event) => event.type === 'problem')).toBe(true);
    cluster.until(() => cluster.running().every((name) => folderNames(cluster, name).length === 1), 'everywhere');
  });

  it('MD14 goes on where a listener fails', () => {
    const cluster = three();
    const master = cluster.elect();
    const stop = cluster.on(master).subscribe(() => {
      throw new Error('a listener failed');
    });
    cluster.ask('cat', share('one'));
    stop();
    expect(cluster.node(master).events.some((event) => event.type === 'problem')).toBe(true);
  });

  it('MD14 passes over garbage on the channel', () => {
    const cluster = three();
    cluster.elect();
    const peers = cluster.network.peersOf(deviceNamed('cat').id);
    for (let kind = 0; kind < 8; kind += 1) {
      for (let size = 0; size < 20; size += 1) {
        const frame = cluster.random.bytes(size + 1);
        frame[0] = kind;
        peers.send(deviceNamed('ann').id, 'metadata', frame);
      }
    }
    cluster.run(100);
    expect(cluster.on('ann').state().devices.size).toBe(3);
  });
});

describe('MD15 soft state', () => {
  const report = (files: number) => ({
    folders: new Map([
      [folderNamed('one'), { files, bytes: 10, needFiles: 0, needBytes: 0, unpublished: 0, heads: '00'.repeat(32) }],
    ]),
    freeBytes: 5,
    platform: 'linux',
  });

  it('MD15 every device knows what the connected ones have, soon after it changed', () => {
    const cluster = three();
    cluster.on('cat').report(report(1));
    cluster.run(200);
    cluster.on('cat').report(report(2));
    cluster.on('cat').report(report(3));
    cluster.run(200);
    const seen = cluster.on('ann').reports().get(deviceNamed('cat').id);
    expect(seen?.report).toEqual(report(3));
    cluster.crash('ann');
    cluster.start('ann');
    cluster.run(50);
    expect(cluster.on('ann').reports().get(deviceNamed('cat').id)?.report).toEqual(report(3));
  });
});
