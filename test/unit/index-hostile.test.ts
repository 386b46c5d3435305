import { createHash } from 'node:crypto';
import * as Automerge from '@automerge/automerge';
import { describe, expect, it } from 'vitest';
import { readChange } from '../../electron/engine/index/change-reader.ts';
import { placeOf } from '../../electron/engine/index/folder-context.ts';
import { type IncomingChange, waitingChanges } from '../../electron/engine/index/merge.ts';
import type { OpenFolder } from '../../electron/engine/index/open-folder.ts';
import { directoryKey, shardOf, shardOfDirectoryKey } from '../../electron/engine/index/shard-place.ts';
import { sealChange } from '../../electron/engine/index/signed-change.ts';
import { MAX_WAITING_CHANGES_BY_SIGNER } from '../../shared/limits.ts';
import type { DirectoryPath } from '../../shared/relative-path.ts';
import {
  type Forger,
  file,
  forger,
  forkingForger,
  honest,
  honestFiles,
  hostile,
  merged,
} from '../support/index-forger.ts';
import { createReader } from '../support/index-histories.ts';
import {
  at,
  contentOf,
  createIndexWorld,
  FOLDER,
  type IndexNode,
  livePaths,
  OTHER_FOLDER,
  type TestDevice,
  testDevice,
  testGroup,
  treeOf,
  withAccess,
  writes,
} from '../support/index-world.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

const stranger = testDevice(9);

describe('a hostile member', () => {
  it('IX3 cannot sign for another, for another place, or for another change', () => {
    const reader = createReader(testGroup(2));
    const attempts: ((forged: Forger) => IncomingChange)[] = [
      (forged) => forged.sign(reader, { signer: honest }),
      (forged) => forged.sign(reader, { folder: OTHER_FOLDER }),
      (forged) => forged.sign(reader, { shard: (shardOf(at('a')) + 1) % 64 }),
      (forged) => {
        const { shard, signed } = forged.sign(reader);
        return { shard: (shard + 1) % 64, signed };
      },
      (forged) => {
        const { shard, signed } = forged.sign(reader);
        return { shard, signed: { ...signed, envelope: { ...signed.envelope, counter: 7 } } };
      },
      (forged) => {
        const { shard, signed } = forged.sign(reader);
        return { shard, signed: { ...signed, envelope: { ...signed.envelope, author: honest.device } } };
      },
    ];
    for (const attempt of attempts) {
      const forged = forger(hostile);
      forged.put('a', file(1));
      expect(merged(reader, attempt(forged)).forged).toBe(1);
    }
    expect(treeOf(reader.index)).toEqual([]);
  });

  it('IX7 writes nothing with entries in the name of another, of another change, or that cannot be read', () => {
    const reader = createReader(testGroup(2));
    const forged = forger(hostile);
    forged.put('a', file(1), { version: { author: honest.tag, counter: 1 } });
    forged.put('b', file(1), { version: { author: hostile.tag, counter: 2 } });
    forged.put('c', file(1), { seen: { generation: 1, index: 51 } });
    forged.put('d', file(1), { bytes: new Uint8Array([1, 1, 1]) });
    forged.put('good', file(1));
    expect(merged(reader, forged.sign(reader)).forged).toBe(0);
    expect(livePaths(reader.index)).toEqual(['good']);
  });

  it('IX7 leads nowhere outside the folder', () => {
    const reader = createReader(testGroup(2));
    const names = [
      '..',
      '../a',
      '/a',
      'a/../b',
      '.',
      '',
      './a',
      '.flotilla',
      '.FLOTILLA/x',
      '.ﬂotilla',
      'a\0b',
      'e\u0301',
    ];
    for (const [counter, name] of names.entries()) {
      const parent = name.slice(0, Math.max(0, name.lastIndexOf('/'))) as DirectoryPath;
      const forged = forger(hostile, shardOfDirectoryKey(directoryKey(parent)), counter + 1);
      forged.put(name, file(1));
      expect(merged(reader, forged.sign(reader)).grown.size).toBe(1);
    }
    expect(treeOf(reader.index)).toEqual([]);
  });

  it('IX7 cannot put a path into a shard where it does not belong', () => {
    const reader = createReader(testGroup(2));
    const wrong = (shardOf(at('a')) + 1) % 64;
    const forged = forger(hostile, wrong);
    forged.put('a', file(1));
    merged(reader, forged.sign(reader));
    expect(treeOf(reader.index)).toEqual([]);
  });

  it('IX7 without the right to write loses nobody a file, whatever it replaces', () => {
    const group = withAccess(testGroup(2), hostile.device, 'readOnly', 0);
    const reader = createReader(group);
    const names = ['a', 'b', 'c'];
    const first = honestFiles(reader, 1, names);
    merged(reader, first);
    const tree = treeOf(reader.index);
    const over = forger(hostile, first.shard, 1, [first.signed.change]);
    for (const [place, name] of names.entries())
      over.put(name, { kind: 'gone', content: contentOf(place + 1), movedTo: null });
    over.put('new', file(9));
    merged(reader, over.sign(reader));
    expect(treeOf(reader.index)).toEqual(tree);
    // Once more on top of its own change, and with a value that nobody can read.
    over.put('a', file(8), { bytes: new Uint8Array([99]) });
    const second = over.sign(reader);
    merged(reader, second);
    expect(treeOf(reader.index)).toEqual(tree);
    expect(reader.index.remote(at('new'))?.value.kind).toBe('gone');
  });

  it('IX2 IX4 cannot replace what its change does not build on, nor remove a key', () => {
    const group = withAccess(testGroup(2), hostile.device, 'readOnly', 0);
    const reader = createReader(group);
    const first = honestFiles(reader, 1, ['a']);
    merged(reader, first);
    const tree = treeOf(reader.index);
    const removal = forger(hostile, first.shard, 1, [first.signed.change]);
    removal.handle.delete('_root', 'a');
    expect(merged(reader, removal.sign(reader)).forged).toBe(1);
    // A change that names no dependency but says that it replaces the honest value.
    const over = forger(hostile, first.shard, 1, [first.signed.change]);
    over.put('a', file(5));
    const honestChange = over.sign(reader);
    const cut = withoutDependencies(honestChange.signed.change);
    const read = readChange(cut);
    expect(read?.dependencies).toEqual([]);
    expect(read?.puts[0]?.replaces).toHaveLength(1);
    const place = placeOf(reader.context, first.shard);
    const claim = { counter: 1, seen: { generation: 1, index: 50 } };
    const envelope = sealChange(place, hostile.device, claim, read?.hash ?? '', hostile.secretKey);
    const outcome = merged(reader, { shard: first.shard, signed: { envelope, change: cut } });
    expect([...outcome.refused]).toEqual([read?.hash]);
    expect(treeOf(reader.index)).toEqual(tree);
  });

  it('IX7 that writes with right, then loses it, keeps what it wrote before its closing number', () => {
    let group = testGroup(2);
    const reader = createReader(group);
    const early = honestFiles(reader, 1, ['a'], hostile);
    const late = honestFiles(reader, 2, ['b'], hostile);
    group = withAccess(group, hostile.device, 'readOnly', 1);
    const after = createReader(group);
    merged(after, early, late);
    expect(livePaths(after.index)).toEqual(['a']);
  });

  it('IX4 IX19 that forks itself is kept out without harm to others', () => {
    const reader = createReader(testGroup(2));
    const one = forger(hostile);
    one.put('a', file(1));
    const first = one.sign(reader);
    const other = forkingForger(hostile);
    other.put('b', file(2));
    const second = other.sign(reader);
    expect(merged(reader, first).grown.size).toBe(1);
    expect(merged(reader, second).refused.size).toBe(1);
    merged(reader, honestFiles(reader, 1, ['c']));
    expect(livePaths(reader.index)).toEqual(['a', 'c']);
  });
});

/** The same change with an empty list of dependencies and a checksum that fits. */
function withoutDependencies(change: Uint8Array): Uint8Array {
  const decoded = Automerge.decodeChange(change) as unknown as Record<string, unknown>;
  expect((decoded.deps as string[]).length).toBe(1);
  // magic 4, checksum 4, type 1, length (LEB128), count of dependencies 1, dependency 32
  let at = 9;
  while ((change[at] as number) >= 0x80) at += 1;
  const content = Buffer.concat([Buffer.from([0]), change.subarray(at + 2 + 32)]);
  const length: number[] = [];
  for (let rest = content.byteLength; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      length.push(rest);
      break;
    }
    length.push((rest % 128) + 128);
  }
  const body = Buffer.concat([Buffer.from([1, ...length]), content]);
  const checksum = sha256(body).subarray(0, 4);
  return new Uint8Array(Buffer.concat([change.subarray(0, 4), checksum, body]));
}

describe('a hostile peer', () => {
  it('IX19 that sends what cannot be read, or changes that are not signed, stops nothing', async () => {
    const world = createIndexWorld(2);
    const [a, b] = world.nodes as [IndexNode, IndexNode];
    const random = createSeededRandom(5);
    world.connectAll();
    await world.settle();
    const overheard: Uint8Array[] = [];
    world.network.dropWhere((message) => {
      if (message.from === a.device) overheard.push(message.bytes);
      return false;
    });
    a.folder.publish([writes('a', 1), writes('d/b', 2)], () => undefined);
    await world.settle();
    const wire = world.network.peersOf(a.device);
    for (let round = 0; round < 400; round += 1) {
      const bytes = random.chance(0.1) ? random.bytes(40) : new Uint8Array(random.pick(overheard));
      for (let edits = random.integer(4); edits > 0; edits -= 1) {
        bytes[random.integer(bytes.byteLength)] = random.integer(256);
      }
      wire.send(b.device, 'index', bytes);
    }
    await world.settle();
    expect(b.problems.length).toBeGreaterThan(50);
    expect(treeOf(b.folder)).toEqual(treeOf(a.folder));
    world.restart(a);
    world.connectAll();
    a.folder.publish([writes('c', 3)], () => undefined);
    await world.settle();
    expect(livePaths(b.folder)).toEqual(['a', 'c', 'd', 'd/b']);
    expect(b.indexes.progress(FOLDER).headsEqual(a.device)).toBe(true);
  });
});

describe('a path that a newer program wrote', () => {
  it('IX1 is frozen, and its entry is passed on as it is', () => {
    const reader = createReader(testGroup(2));
    reader.markReady();
    const newer = forger(hostile);
    newer.put('a', file(1), { bytes: new Uint8Array([2, 7, 7]) });
    merged(reader, newer.sign(reader));
    expect(reader.index.remote(at('a'))?.frozen).toBe(true);
    const document = reader.context.shelf.document(FOLDER, shardOf(at('a')));
    expect(document.values('a').map(({ bytes }) => [...bytes])).toEqual([[2, 7, 7]]);
  });
});

describe('a change from beyond the own log', () => {
  it('IX5 waits, durable, for its signer and for what its author had seen', () => {
    let group = testGroup(2);
    const reader = createReader(() => group);
    const fromStranger = honestFiles(reader, 1, ['a'], stranger);
    const author = forger(hostile);
    author.put('b', file(1), { seen: { generation: 1, index: 101 } });
    const ahead = author.sign(reader, { seenIndex: 101 });
    const follower = forger(honest, ahead.shard, 1, [ahead.signed.change]);
    follower.put('c', file(1));
    const follows = follower.sign(reader);
    const outcome = merged(reader, fromStranger, ahead, follows);
    expect(outcome.grown.size).toBe(0);
    expect(outcome.incomplete.size).toBe(0);
    expect(treeOf(reader.index)).toEqual([]);
    reader.groupChanged();
    expect(treeOf(reader.index)).toEqual([]);
    const heard: string[] = [];
    reader.index.subscribe((changed) => heard.push(...changed));
    group = { ...group, applied: { ...group.applied, index: 101 } };
    reader.groupChanged();
    expect(livePaths(reader.index)).toEqual(['b', 'c']);
    expect(heard.sort()).toEqual(['b', 'c']);
    const tenth = testGroup(10).devices.get(stranger.device);
    if (tenth === undefined) throw new Error('no tenth device');
    group = { ...group, devices: new Map(group.devices).set(stranger.device, tenth) };
    reader.groupChanged();
    expect(livePaths(reader.index)).toEqual(['a', 'b', 'c']);
  });
});

describe('changes that wait', () => {
  /** So many changes in a row that had seen more of the log than there is here. */
  function ahead(reader: OpenFolder, device: TestDevice, count: number): IncomingChange[] {
    const author = forger(device);
    return Array.from({ length: count }, (_, one) => {
      author.put('a', file(1 + (one % 9)), { seen: { generation: 1, index: 101 } });
      return author.sign(reader, { seenIndex: 101 });
    });
  }

  it('IX5 take no more room than there is for one signer, and what is dropped is missing', () => {
    let group = testGroup(2);
    const reader = createReader(() => group);
    const flood = ahead(reader, hostile, MAX_WAITING_CHANGES_BY_SIGNER + 1);
    const outcome = reader.merge(flood);
    expect([...outcome.incomplete]).toEqual([flood[0]?.shard]);
    expect(waitingChanges(reader.context, flood[0]?.shard ?? 0)).toHaveLength(MAX_WAITING_CHANGES_BY_SIGNER);
    // Made-up signers count as one, and none of them takes the room of a device that the log knows.
    for (let number = 50; number < 53; number += 1) {
      const stranger = ahead(reader, testDevice(number), MAX_WAITING_CHANGES_BY_SIGNER / 2);
      expect(reader.merge(stranger).incomplete.size).toBe(number < 52 ? 0 : 1);
    }
    const author = forger(honest, shardOf(at('d/b')));
    author.put('d/b', file(2), { seen: { generation: 1, index: 101 } });
    expect(reader.merge([author.sign(reader, { seenIndex: 101 })]).incomplete.size).toBe(0);
    group = { ...group, applied: { ...group.applied, index: 101 } };
    reader.groupChanged();
    expect(livePaths(reader.index)).toEqual(['a', 'd', 'd/b']);
    expect(reader.merge(flood.slice(-1)).incomplete.size).toBe(0);
  }, 120_000);
});

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
