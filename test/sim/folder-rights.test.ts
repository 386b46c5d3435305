import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deviceTag } from '../../electron/engine/bytes/hash.ts';
import { writeIntervals } from '../../electron/engine/group/rights.ts';
import type { GroupState } from '../../electron/engine/group/state.ts';
import { createByteWriter } from '../../electron/engine/index/byte-cursor.ts';
import { decodeIndexMessage } from '../../electron/engine/index/sync/messages.ts';
import { snapshot } from '../support/disk-snapshot.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { SessionCluster, type SessionNode } from '../support/session-cluster.ts';
import { comparableTree } from './histories-check.ts';
import { Person } from './histories-user.ts';

const SEEDS = 10;
const PATHS = ['a', 'b.txt', 'c/a', 'c/d/e', 'c/d/f.tar.gz', 'g/h'];

/** Three devices that hold the same tree. */
async function withDevices(
  seed: number,
  run: (cluster: SessionCluster) => Promise<void>,
  names: readonly string[] = ['anna', 'bert', 'cleo'],
): Promise<void> {
  const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const base = realpathSync(mkdtempSync(join(place, 'flotilla-rights-')));
  const cluster = new SessionCluster(base, seed);
  try {
    await cluster.begin(names, (root, name) => {
      if (name !== 'anna') return;
      for (const directory of ['c', 'c/d', 'g', 'empty']) mkdirSync(join(root, directory));
      for (const path of PATHS) writeFileSync(join(root, path), `first ${path}`);
      symlinkSync('c/a', join(root, 'link'));
    });
    await cluster.settle(cluster.nodes);
    await run(cluster);
  } catch (error) {
    throw new Error(`seed ${seed}: ${error instanceof Error ? error.stack : error}`, { cause: error });
  } finally {
    await cluster.close();
    rmSync(base, { recursive: true, force: true });
  }
}

/** From now on this device's own engine believes that it may write, whatever the log says. */
function forgetItsEnd(cluster: SessionCluster, node: SessionNode): void {
  const session = cluster.on(node);
  const honest = session.state.bind(session);
  const lying = (): GroupState => {
    const state = honest();
    const folder = state.folders.get(cluster.folder);
    if (folder === undefined) return state;
    const accessEvents = new Map(folder.accessEvents);
    accessEvents.delete(node.device.id);
    return { ...state, folders: new Map(state.folders).set(cluster.folder, { ...folder, accessEvents }) };
  };
  Object.assign(session, { state: lying });
  session.indexes.groupChanged();
  session.held.match();
}

/** What a device may claim of its counters: the truth, numbers that it used before, numbers that it jumped over. */
const LIES = ['none', 'reused', 'jumpedOver'] as const;

/** Its next change carries the number after this one. */
function countFrom(node: SessionNode, counter: number): void {
  const bytes = createByteWriter();
  bytes.unsigned(counter);
  createMemoryStore(node.disk).transaction((tx) => tx.put('index-counter', deviceTag(node.device.id), bytes.done()));
}

/** From now on this device's own engine does not hear what others have seen of its changes. */
function closeItsEars(cluster: SessionCluster, node: SessionNode): void {
  cluster.network.dropWhere(
    ({ to, channel, bytes }) =>
      to === node.device.id && channel === 'index' && decodeIndexMessage(bytes)?.type === 'counters',
  );
  for (const other of cluster.nodes) cluster.cut(node, other);
  cluster.heal();
}

const treeOf = (root: string): Record<string, string> => comparableTree(root, new Set(), new Set());

async function pass(cluster: SessionCluster, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10) await cluster.step();
}

describe('a hostile device without the right to write', () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    it(`writes every path, and no tree loses a file: seed ${seed}`, () =>
      withDevices(seed, async (cluster) => {
        const [anna, bert, cleo] = cluster.nodes as [SessionNode, SessionNode, SessionNode];
        const random = createSeededRandom(seed);
        const device = cleo.device.id;
        const lie = LIES[seed % LIES.length];
        for (const jump of lie === 'jumpedOver' ? [3, 2 ** 40] : [0, 0, 0]) {
          if (lie === 'jumpedOver') countFrom(cleo, jump);
          writeFileSync(join(cleo.root, 'of cleo'), `up to ${jump} ${random.integer(1_000)}`);
          await cluster.settle(cluster.nodes);
        }
        const access = cluster.on(anna).rightEnds.access(cluster.folder, device, 'readOnly');
        await cluster.ask(anna, await cluster.while(access));
        await cluster.settle(cluster.nodes);
        const tree = snapshot(anna.root);
        const merged = cluster.on(bert).indexes.progress(cluster.folder).digest();
        forgetItsEnd(cluster, cleo);
        if (lie !== 'none') closeItsEars(cluster, cleo);
        const person = new Person(cleo.root, 'cleo', cluster.clock, random);
        const attacks = [
          () => {
            for (const path of PATHS) writeFileSync(join(cleo.root, path), `hostile ${path}`);
          },
          () => {
            for (const path of Object.keys(tree)) rmSync(join(cleo.root, path), { recursive: true, force: true });
          },
          () => Array.from({ length: 12 }, () => person.act()),
          () => writeFileSync(join(cleo.root, random.pick(['c (conflict anna 00000000)', 'new', 'x.txt'])), 'hostile'),
          () => {
            rmSync(join(cleo.root, 'c'), { recursive: true, force: true });
            if (!existsSync(join(cleo.root, 'c'))) writeFileSync(join(cleo.root, 'c'), 'hostile');
          },
          () => {
            if (existsSync(join(cleo.root, 'g')) && !existsSync(join(cleo.root, 'moved'))) {
              renameSync(join(cleo.root, 'g'), join(cleo.root, 'moved'));
            }
          },
        ];
        for (let attack = 0; attack < 5; attack += 1) {
          // Where the tree no longer allows one of them, the others do.
          try {
            (attack < 2 ? attacks[(seed + attack) % attacks.length] : random.pick(attacks))?.();
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code === undefined) throw error;
          }
          if (lie !== 'none') countFrom(cleo, lie === 'reused' ? 0 : 1_000 * (attack + 1));
          cluster.held(cleo)?.folder.rescan();
          await pass(cluster, 400);
        }
        await pass(cluster, 3_000);
        expect(cluster.on(bert).indexes.progress(cluster.folder).digest()).not.toBe(merged);
        for (const { root } of [anna, bert]) expect(snapshot(root)).toEqual(tree);
        writeFileSync(join(anna.root, 'a'), 'goes on');
        await cluster.settle([anna, bert]);
        expect(readFileSync(join(bert.root, 'a'), 'utf8')).toBe('goes on');
        expect(snapshot(bert.root)).toEqual(snapshot(anna.root));
      }));
  }
});

describe('a device that is removed while two others hold its last edits', () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    it(`keeps what it wrote up to the end in every tree: seed ${seed}`, () =>
      withDevices(seed, async (cluster) => {
        const [anna, bert, cleo] = cluster.nodes as [SessionNode, SessionNode, SessionNode];
        const random = createSeededRandom(seed);
        const person = new Person(cleo.root, 'cleo', cluster.clock, random);
        for (let action = 0; action < 15; action += 1) {
          person.act();
          cluster.held(cleo)?.folder.rescan();
          if (random.chance(0.4)) await pass(cluster, random.integer(50));
        }
        await cluster.settle(cluster.nodes);
        const tree = treeOf(cleo.root);
        for (const { root } of [anna, bert]) expect(treeOf(root)).toEqual(tree);
        // What it does from now on reaches nobody before it is removed, or somebody while it is.
        if (random.chance(0.5)) for (const other of [anna, bert]) cluster.cut(cleo, other);
        const removal = await cluster.while(cluster.on(anna).rightEnds.removal(cleo.device.id));
        const { decided } = cluster.on(anna).metadata.submit(removal);
        if (random.chance(0.5)) cluster.kill(cleo);
        writeFileSync(join(cleo.root, 'too late'), 'by cleo');
        rmSync(join(cleo.root, 'a'), { recursive: true, force: true });
        cluster.held(cleo)?.folder.rescan();
        expect((await cluster.while(decided)).type).toBe('committed');
        cluster.heal();
        await cluster.settle([anna, bert]);
        for (const { root } of [anna, bert]) expect(treeOf(root)).toEqual(tree);
      }));
  }
});

describe('a device that is removed by one that does not hold the folder', () => {
  for (const ownerIsOff of [false, true]) {
    it(`keeps what it wrote up to the end, the owner being ${ownerIsOff ? 'off' : 'on'}`, () =>
      withDevices(
        ownerIsOff ? 2 : 1,
        async (cluster) => {
          const [anna, bert, cleo, dora] = cluster.nodes as [SessionNode, SessionNode, SessionNode, SessionNode];
          const device = cleo.device.id;
          await cluster.ask(anna, { kind: 'device.setRole', device: dora.device.id, role: 'admin' });
          await cluster.while(cluster.on(dora).folders.drop(cluster.folder));
          for (const path of PATHS) writeFileSync(join(cleo.root, path), `last ${path}`);
          const others = ownerIsOff ? [bert] : [anna, bert];
          if (ownerIsOff) cluster.kill(anna);
          await cluster.settle([...others, cleo]);
          const tree = treeOf(cleo.root);
          await cluster.ask(dora, await cluster.while(cluster.on(dora).rightEnds.removal(device)));
          const membership = cluster.on(dora).state().devices.get(device)?.memberships.at(-1);
          expect(membership?.end?.latest?.get(cluster.folder)?.size).toBeGreaterThan(0);
          if (ownerIsOff) cluster.start(anna);
          await cluster.settle([anna, bert]);
          for (const { root } of [anna, bert]) expect(treeOf(root)).toEqual(tree);
        },
        ['anna', 'bert', 'cleo', 'dora'],
      ));
  }

  it('has its end told by the owner where nobody could be asked', () =>
    withDevices(
      3,
      async (cluster) => {
        const [anna, bert, cleo, dora] = cluster.nodes as [SessionNode, SessionNode, SessionNode, SessionNode];
        const device = cleo.device.id;
        await cluster.ask(anna, { kind: 'device.setRole', device: dora.device.id, role: 'admin' });
        const closing = cluster.on(dora).indexes.counters.highest(device);
        await cluster.ask(dora, { kind: 'device.remove', device, closing });
        const end = () => {
          const state = cluster.on(bert).state();
          const [folder, known] = [state.folders.get(cluster.folder), state.devices.get(device)];
          return folder === undefined || known === undefined ? null : writeIntervals(folder, known).at(-1)?.end;
        };
        await cluster.until(() => end()?.latest !== null, 'the end told by the owner');
        expect(end()).toMatchObject({ closing });
        await cluster.settle([anna, bert]);
        expect(treeOf(bert.root)).toEqual(treeOf(anna.root));
      },
      ['anna', 'bert', 'cleo', 'dora'],
    ));
});

describe('a device that loses its right to write and gets it back while it is away', () => {
  it('RC8 RC9 publishes what it wrote meanwhile as ordinary changes; what it removed comes back', () =>
    withDevices(4, async (cluster) => {
      const [anna, bert, cleo] = cluster.nodes as [SessionNode, SessionNode, SessionNode];
      const device = cleo.device.id;
      for (const other of [anna, bert]) cluster.cut(cleo, other);
      writeFileSync(join(cleo.root, 'a'), 'edited by cleo');
      writeFileSync(join(cleo.root, 'new'), 'new by cleo');
      rmSync(join(cleo.root, 'b.txt'));
      cluster.held(cleo)?.folder.rescan();
      await pass(cluster, 3_000);
      for (const access of ['readOnly', 'readWrite'] as const) {
        const body = cluster.on(anna).rightEnds.access(cluster.folder, device, access);
        await cluster.ask(anna, await cluster.while(body));
      }
      const tree = { ...treeOf(cleo.root), 'b.txt': treeOf(anna.root)['b.txt'] };
      cluster.heal();
      await cluster.settle(cluster.nodes);
      expect(tree).toMatchObject({ new: expect.stringContaining('new by cleo') });
      for (const { root } of [anna, bert, cleo]) expect(treeOf(root)).toEqual(tree);
      expect(cluster.held(cleo)?.folder.problems()).toEqual([]);
    }));
});
