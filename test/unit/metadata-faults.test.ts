import { describe, expect, it } from 'vitest';
import { sealLogEntry } from '../../electron/engine/bytes/log-entry.ts';
import type { LogEntry } from '../../electron/engine/consensus/entry.ts';
import { decodeFrame } from '../../electron/engine/metadata/frame.ts';
import { loadLog, persistLog } from '../../electron/engine/metadata/log-store.ts';
import { folderNamed } from '../support/group-log.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { MetadataCluster } from '../support/metadata-cluster.ts';
import { errorOf, folderNames, share, three } from '../support/metadata-three.ts';
import { deviceNamed } from '../support/named-device.ts';

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

  it('MD14 EL10 refuses a log that no device would have appended, also where its hashes and signatures are right', () => {
    const cluster = new MetadataCluster();
    cluster.found('ann');
    cluster.crash('ann');
    const { disk, device } = cluster.node('ann');
    const store = createMemoryStore(disk);
    const { entries, hardState } = loadLog(store, cluster.group);
    const last = entries.at(-1) as LogEntry;
    const draft = { ...last, index: last.index + 1, previousHash: last.hash };
    const takesAll = sealLogEntry(
      cluster.group,
      { ...draft, body: { type: 'electorate.adjust', device: device.id, by: -1 } },
      device.keyPair.secretKey,
    );
    const persist = { type: 'persist', hardState, truncateFrom: null, entries: [takesAll], proof: null } as const;
    persistLog(store, cluster.group, persist, null, takesAll.index);
    expect(errorOf(() => cluster.start('ann'))).toBe('log-damaged');
  });

  it('MD14 leaves nothing on the disk of a write that failed and was done all the same', () => {
    const cluster = new MetadataCluster();
    cluster.found('ann');
    const { disk, device } = cluster.node('ann');
    const doubtful = createMemoryStore(disk);
    const { entries, hardState } = loadLog(doubtful, cluster.group);
    const written: LogEntry[] = [];
    for (let last = entries.at(-1) as LogEntry; written.length < 3; last = written.at(-1) as LogEntry) {
      const draft = { ...last, index: last.index + 1, previousHash: last.hash };
      written.push(sealLogEntry(cluster.group, draft, device.keyPair.secretKey));
    }
    const persist = { type: 'persist', hardState, truncateFrom: null, entries: written, proof: null } as const;
    persistLog(doubtful, cluster.group, persist, null, entries.length + written.length);
    cluster.ask('ann', share('one'));
    cluster.crash('ann');
    cluster.start('ann');
    expect(folderNames(cluster, 'ann')).toEqual(['one']);
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

  it('MD14 forgets no fact whose step the disk refused: who is connected, and the electorate that is wanted', () => {
    const cluster = new MetadataCluster();
    cluster.found('ann');
    const { invite, redeem } = cluster.invitation('bob');
    cluster.ask('ann', invite);
    cluster.node('ann').events.length = 0;
    // The write after the one that lets bob in is the electorate's first step.
    const stop = cluster.on('ann').subscribe(({ type }) => {
      if (type !== 'state') return;
      cluster.node('ann').store.failNext(new Error('no space left'));
      stop();
    });
    cluster.ask('ann', redeem);
    expect(cluster.node('ann').events.some(({ type }) => type === 'problem')).toBe(true);
    cluster.arrive('bob', 'ann');
    cluster.until(
      () => cluster.weights('ann').ann === 2 && cluster.weights('ann').bob === 1,
      'two votes and one',
      5_000,
    );
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
      [
        folderNamed('one'),
        {
          files,
          bytes: 10,
          needFiles: 0,
          needBytes: 0,
          unpublished: 0,
          state: 'halted' as const,
          problems: 2,
          diskFull: 1_000,
          heads: '00'.repeat(32),
        },
      ],
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

  it('MD15 EL20 the heartbeat follows a budget that is changed', () => {
    const cluster = three();
    const sentIn = (ms: number): number => {
      let sent = 0;
      cluster.network.dropWhere(({ from, to, bytes }) => {
        if (from === deviceNamed('cat').id && to === deviceNamed('ann').id && decodeFrame(bytes)?.kind === 'report')
          sent += 1;
        return false;
      });
      cluster.run(ms);
      return sent;
    };
    cluster.on('cat').report(report(1));
    cluster.run(200);
    expect(sentIn(10_000)).toBeLessThanOrEqual(3);
    cluster.ask('ann', { kind: 'policy.set', budgetMs: 1_000 });
    cluster.run(100);
    expect(sentIn(10_000)).toBeGreaterThanOrEqual(9);
  });
});
