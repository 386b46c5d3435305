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
import type { GroupState } from '../../electron/engine/group/state.ts';
import { snapshot } from '../support/disk-snapshot.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { SessionCluster, type SessionNode } from '../support/session-cluster.ts';
import { comparableTree } from './histories-check.ts';
import { Person } from './histories-user.ts';

const SEEDS = 10;
const PATHS = ['a', 'b.txt', 'c/a', 'c/d/e', 'c/d/f.tar.gz', 'g/h'];

/** Three devices that hold the same tree. */
async function withDevices(seed: number, run: (cluster: SessionCluster) => Promise<void>): Promise<void> {
  const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const base = realpathSync(mkdtempSync(join(place, 'flotilla-rights-')));
  const cluster = new SessionCluster(base, seed);
  try {
    await cluster.begin(['anna', 'bert', 'cleo'], (root, name) => {
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
        const closing = cluster.on(anna).closingOf(cleo.device.id);
        const device = cleo.device.id;
        await cluster.ask(anna, {
          kind: 'folder.setAccess',
          folder: cluster.folder,
          device,
          access: 'readOnly',
          closing,
        });
        await cluster.settle(cluster.nodes);
        const tree = snapshot(anna.root);
        forgetItsEnd(cluster, cleo);
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
          cluster.held(cleo)?.folder.rescan();
          await pass(cluster, 400);
        }
        await pass(cluster, 3_000);
        expect(cluster.on(bert).indexes.counters.highest(device)).toBeGreaterThan(closing ?? 0);
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
        const closing = cluster.on(anna).closingOf(cleo.device.id);
        const { decided } = cluster
          .on(anna)
          .metadata.submit({ kind: 'device.remove', device: cleo.device.id, closing });
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
