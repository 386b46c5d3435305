import { lutimesSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFileSystem } from '../../electron/engine/folder/file-system-node.ts';
import type { RelativePath } from '../../shared/relative-path.ts';
import { snapshot } from '../support/disk-snapshot.ts';
import { settlePromises } from '../support/fake-clock.ts';
import { createSeededRandom, type SeededRandom } from '../support/seeded-random.ts';
import { SessionCluster, type SessionNode } from '../support/session-cluster.ts';
import {
  comparableTree,
  FilesLost,
  keptIds,
  type Right,
  Texts,
  type Tree,
  textOf,
  textsIn,
} from './histories-check.ts';
import { newPlace, withoutHardLinks } from './histories-disk.ts';
import { Fate, type FateKind } from './histories-fate.ts';
import { Places } from './histories-places.ts';
import { Trace } from './histories-trace.ts';
import { Person } from './histories-user.ts';

/** What a history did, for tests that want to know that it did anything. */
export interface HistoryResult {
  /** What all devices hold in the end. */
  readonly tree: Readonly<Record<string, string>>;
  readonly actions: number;
  readonly written: number;
  /** Texts of which every copy was taken away by people. */
  readonly gone: number;
  readonly conflicts: number;
  readonly deaths: number;
  /** Paths whose content lies nowhere, since its only holder changed it before anybody had fetched it. */
  readonly unavailable: number;
}

export interface HistoryOptions {
  /** On the machine's disk. */
  readonly onDisk?: boolean;
  /** What befalls one of the devices; null: as drawn. */
  readonly fate?: FateKind | null;
  /** Tells every change of disks and indexes where it fails. */
  readonly traced?: boolean;
}

const DEVICES = ['anna', 'bert', 'cleo'] as const;
const MIN_ACTIONS = 15;
const MORE_ACTIONS = 26;
/** Nothing was left to throw away in so many looks. */
const QUIET_ROUNDS = 10;
const MAX_ROUNDS = 200;

/**
 * Three whole devices hold a folder; people do what people do while the sync goes on, links break, engines die, one
 * device may lose its right to write (and get it back) or its place in the group. Then all is healed, and every tree must be equal and
 * nothing lost that sync and not a person took away. Throws with the seed.
 */
export async function runHistory(seed: number, options: HistoryOptions = {}): Promise<HistoryResult> {
  const base = newPlace(options.onDisk === true);
  const history = new History(seed, base, options);
  try {
    return await history.run();
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const message = `seed ${seed}: ${what}\n${history.log.join('\n')}\n${history.cluster.describe()}`;
    throw new Error(message.replaceAll(`${base}/`, ''), { cause: error });
  } finally {
    await history.cluster.close();
    rmSync(base, { recursive: true, force: true });
  }
}

class History {
  readonly cluster: SessionCluster;
  readonly log: string[] = [];
  readonly #random: SeededRandom;
  readonly #texts = new Texts();
  readonly #places = new Places();
  readonly #people = new Map<SessionNode, Person>();
  readonly #fate: Fate;
  readonly #trace: Trace | null;
  #deaths = 0;
  #failure: unknown = null;

  constructor(seed: number, base: string, { fate = null, traced = false }: HistoryOptions) {
    this.#trace = traced ? new Trace() : null;
    this.#random = createSeededRandom(seed);
    this.cluster = new SessionCluster(base, seed, () => this.#traceAll());
    this.#fate = new Fate(this.cluster, this.#random, fate, (what) => this.#isAskedFor(what));
  }

  async run(): Promise<HistoryResult> {
    const random = this.#random;
    const linkless = new Set(DEVICES.filter(() => random.chance(0.15)));
    this.cluster.fileSystemOf = ({ device }) =>
      linkless.has(device.name as (typeof DEVICES)[number]) ? withoutHardLinks : nodeFileSystem;
    if (linkless.size > 0) this.#note(`without hard links: ${[...linkless].join(' ')}`);
    await this.cluster.begin(DEVICES, (root, name) => this.#prepare(root, name));
    for (const [number, node] of this.cluster.nodes.entries()) {
      this.#people.set(node, new Person(node.root, node.device.name, this.cluster.clock, random.fork(), number));
    }
    if (random.chance(0.7)) await this.cluster.settle(this.cluster.nodes);
    const actions = MIN_ACTIONS + random.integer(MORE_ACTIONS);
    const turn = random.integer(actions);
    const turnBack = turn + 1 + random.integer(actions);
    for (let action = 0; action < actions; action += 1) {
      if (action === turn) this.#fate.befall();
      if (action === turnBack) this.#fate.regain();
      const node = random.pick(this.cluster.nodes);
      this.#tellWatcher(node, this.#act(node));
      if (random.chance(0.25)) await this.#trouble();
      if (random.chance(0.6)) await this.#goOn(random.integer(8));
      if (random.chance(0.05)) await this.#goOn(60);
    }
    await this.#heal();
    return this.#compare(actions);
  }

  /** The first has files before it shares; the others may have some of the same and some of their own. */
  #prepare(root: string, name: string): void {
    const random = this.#random;
    if (name !== 'anna' && random.chance(0.5)) return;
    const before = snapshot(root);
    const write = (at: string, text: string): void => {
      writeFileSync(at, text);
      const seconds = random.integer(2 ** 31) + 0.0005;
      lutimesSync(at, seconds, seconds);
    };
    mkdirSync(join(root, 'c'));
    write(join(root, 'a'), random.chance(0.5) ? 'the same' : `first of ${name}`);
    write(join(root, 'c', 'b'), `deep of ${name}`);
    this.#changed(root, before, 'has');
  }

  #changed(root: string, before: Tree, right: Right): void {
    const after = snapshot(root);
    this.#texts.changed(root, before, after, right);
    this.#places.changed(root, before, after, right);
  }

  /** A person does one thing. Gives the paths that a watcher would name. */
  #act(node: SessionNode): readonly string[] {
    const person = this.#people.get(node) as Person;
    const before = snapshot(node.root);
    this.#texts.look(node.root, before);
    const { action, touched } = person.act();
    this.#changed(node.root, before, this.#fate.rightOf(node));
    this.#note(`${node.device.name} ${action} ${touched.join(' ')}`);
    return touched;
  }

  /** While the engine is in the middle of something, which must not take what goes wrong for an error of its own. */
  #actInBetween(node: SessionNode): void {
    try {
      this.#note('in between');
      const touched = this.#act(node);
      this.cluster.clock.after(0, () => this.#tellWatcher(node, touched));
    } catch (error) {
      this.#failure ??= error;
    }
  }

  /** A watcher tells at once, late, only that it lost track, nothing until somebody looks at everything, or names nothing. */
  #tellWatcher(node: SessionNode, paths: readonly string[]): void {
    const { run } = node;
    if (run === null || paths.length === 0) return;
    const how = this.#random.integer(10);
    const tell = (): void => run.watcher.tell({ type: 'changed', paths });
    if (how < 5) tell();
    else if (how < 7) this.cluster.clock.after(this.#random.integer(300), tell);
    else if (how < 8) run.watcher.tell({ type: 'lost', message: 'too many events' });
    else if (how < 9) this.cluster.clock.after(this.#random.integer(2_000), () => this.#rescan(node));
    else run.watcher.tell({ type: 'changed', paths: [] });
  }

  #rescan(node: SessionNode): void {
    const folder = this.cluster.held(node)?.folder;
    const state = folder?.status().state.type;
    if (folder !== undefined && state !== 'paused' && state !== 'halted' && state !== 'error') folder.rescan();
  }

  /** The sync goes on by itself a little: single messages in any order of the links, moments, promises. */
  async #goOn(turns: number): Promise<void> {
    const { network, clock } = this.cluster;
    for (let turn = 0; turn < turns; turn += 1) {
      const kind = this.#random.integer(10);
      if (kind < 5) network.deliver(1 + this.#random.integer(4), this.#random);
      else if (kind < 7) clock.advance(this.#random.integer(40));
      else if (kind < 8) clock.advance(this.#random.integer(600));
      if (kind > 3) await settlePromises();
      this.cluster.connect();
      this.#traceAll();
    }
  }

  async #trouble(): Promise<void> {
    const random = this.#random;
    const { nodes } = this.cluster;
    const node = random.pick(nodes);
    const other = random.pick(nodes);
    switch (random.integer(10)) {
      case 0:
      case 1:
        this.#note(`cut ${node.device.name} ${other.device.name}`);
        this.cluster.cut(node, other);
        return;
      case 2:
        this.#note(`heal ${node.device.name} ${other.device.name}`);
        this.cluster.heal(node, other);
        return;
      case 3:
        this.#note(`kill ${node.device.name}`);
        this.cluster.kill(node);
        this.#deaths += 1;
        return;
      case 4: {
        const effects = 1 + random.integer(40);
        this.#note(`kill ${node.device.name} at effect ${effects}`);
        node.run?.life.endAfter(effects);
        this.#deaths += 1;
        return;
      }
      case 5:
        this.#note(`stop ${node.device.name}`);
        await this.cluster.stop(node);
        return;
      case 6:
      case 7:
        node.run?.life.interruptBefore(1 + random.integer(20), () => this.#actInBetween(node));
        return;
      default:
        this.cluster.connect();
        if (node.run === null) this.#start(node);
    }
  }

  /** It may die on the way. */
  #start(node: SessionNode): void {
    this.#note(`start ${node.device.name}`);
    const effects = this.#random.chance(0.3) ? 1 + this.#random.integer(60) : null;
    if (effects !== null) this.#deaths += 1;
    this.cluster.start(node, effects);
  }

  /** Of what a device did whose right is to end counts what the owner, who names the end, has at that moment. */
  #isAskedFor(what: string): void {
    this.#note(what);
    const [owner] = this.cluster.nodes;
    const { isEnd, fated } = this.#fate;
    if (!isEnd || owner === undefined || fated === null) return;
    const witness = snapshot(owner.root);
    this.#texts.end(fated.root, snapshot(fated.root), witness);
    this.#places.end(fated.root, witness);
  }

  async #heal(): Promise<void> {
    const { nodes } = this.cluster;
    this.#note('heal all');
    for (const { run } of nodes) {
      run?.life.endAfter(null);
      run?.life.interruptBefore(0, null);
    }
    this.cluster.heal();
    for (const node of nodes) if (node.run === null) this.cluster.start(node);
    const { fated, holders } = this.#fate;
    await this.#fate.complete();
    if (this.#fate.kind === 'losesRight' && fated !== null) {
      await this.cluster.settle(nodes.filter((node) => node !== fated));
      await this.#throwAllAway(fated);
    }
    if (this.#fate.kind === 'losesAndRegainsRight' && fated !== null) this.#places.regained(fated.root);
    await this.cluster.settle(holders);
  }

  /** The person without the right gives up what was changed there: it goes to the kept versions. */
  async #throwAllAway(node: SessionNode): Promise<void> {
    this.#rescan(node);
    for (let round = 0, quiet = 0; quiet < QUIET_ROUNDS; round += 1) {
      for (let step = 0; step < 30; step += 1) await this.cluster.step();
      const folder = this.cluster.held(node)?.folder;
      const mine = folder?.problems().filter(({ code }) => code === 'no-right-to-write') ?? [];
      quiet = mine.length === 0 ? quiet + 1 : 0;
      if (round > MAX_ROUNDS) throw new Error('there is always something left to throw away');
      for (const { path } of [...mine].reverse()) {
        this.#note(`${node.device.name} throws away ${path}`);
        await this.cluster.while(folder?.throwMineAway(path as RelativePath) ?? Promise.resolve()).catch((error) => {
          this.#note(`  which fails: ${String(error)}`);
        });
      }
    }
  }

  #compare(actions: number): HistoryResult {
    const { nodes } = this.cluster;
    if (this.#failure !== null) throw this.#failure;
    for (const { root } of nodes) this.#texts.look(root, snapshot(root));
    for (const { problems, device } of nodes) {
      if (problems.length > 0) throw new Error(`a failure at ${device.name}: ${problems.join('\n')}`);
    }
    const { holders } = this.#fate;
    const unavailable = this.cluster.unavailable(holders);
    const trees = holders.map(({ root }) => comparableTree(root, unavailable, this.cluster.modeless(holders)));
    const [tree] = trees as [Record<string, string>];
    for (const other of trees) {
      if (JSON.stringify(other) === JSON.stringify(tree)) continue;
      const paths = differences(trees);
      const indexes = holders.flatMap((node) => paths.map((path) => this.#indexAt(node, path as RelativePath)));
      const texts = paths.map((path) => `${path}: ${trees.map((one) => one[path] ?? 'nothing').join(' | ')}`);
      throw new FilesLost(['trees differ', ...texts, ...indexes].join('\n'));
    }
    this.#places.check(tree, unavailable, this.#deaths > 0);
    const texts = new Set(textsIn(tree));
    for (const { root } of holders) {
      // A conflict is settled when the other version is there; until then each keeps its own.
      for (const [path, entry] of Object.entries(snapshot(root))) {
        if (unavailable.has(path)) texts.add(textOf(entry) ?? '');
      }
    }
    for (const text of this.#texts.wanted()) {
      if (!texts.has(text)) throw new FilesLost(`${text} is in no tree, and nobody removed it`);
    }
    for (const node of holders) this.#checkListed(node);
    const conflicts = Object.keys(tree).filter((path) => path.includes('(conflict ')).length;
    return {
      tree,
      actions,
      ...this.#texts.counts(),
      conflicts,
      deaths: this.#deaths,
      unavailable: unavailable.size,
    };
  }

  /** Every kept version is listed, so that it can be restored. */
  #checkListed(node: SessionNode): void {
    const listed = new Set(
      this.cluster
        .held(node)
        ?.folder.allVersions()
        .map(({ id }) => id),
    );
    for (const id of keptIds(node.root)) {
      if (!listed.has(id)) throw new FilesLost(`${node.device.name} keeps ${id} and does not list it`);
    }
  }

  #indexAt(node: SessionNode, path: RelativePath): string {
    return `${node.device.name} ${path} ${JSON.stringify(this.cluster.held(node)?.index.remote(path))}`;
  }

  #traceAll(): void {
    if (this.#trace === null) return;
    for (const node of this.cluster.nodes) {
      for (const line of this.#trace.changes(node.device.name, node.root, this.cluster.held(node)?.index ?? null)) {
        this.log.push(`${this.cluster.clock.monotonic()}   ${line}`);
      }
    }
  }

  #note(what: string): void {
    this.#traceAll();
    this.log.push(`${this.cluster.clock.monotonic()} ${what}`);
  }
}

function differences(trees: readonly Record<string, string>[]): readonly string[] {
  const paths = new Set(trees.flatMap((tree) => Object.keys(tree)));
  return [...paths].filter((path) => new Set(trees.map((tree) => tree[path])).size > 1);
}
