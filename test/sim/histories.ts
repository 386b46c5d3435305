import { existsSync, lutimesSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RelativePath } from '../../shared/relative-path.ts';
import { settlePromises } from '../support/fake-clock.ts';
import { createSeededRandom, type SeededRandom } from '../support/seeded-random.ts';
import { SessionCluster, type SessionNode } from '../support/session-cluster.ts';
import { comparableTree, FilesLost, textsInTree, Versions } from './histories-check.ts';
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

/** What may happen to one device's place in the group in the middle of a history. */
type Fate = 'stays' | 'losesRight' | 'isRemoved';

const DEVICES = ['anna', 'bert', 'cleo'] as const;
const MIN_ACTIONS = 15;
const MORE_ACTIONS = 26;
/** Nothing was left to throw away in so many looks. */
const QUIET_ROUNDS = 10;
const MAX_ROUNDS = 200;

/**
 * Three whole devices hold a folder; people do what people do while the sync goes on, links break, engines die, one
 * device may lose its right to write or its place in the group. Then all is healed, and every tree must be equal and
 * nothing lost that sync and not a person took away. Throws with the seed.
 */
export async function runHistory(seed: number, traced = false): Promise<HistoryResult> {
  const base = temporaryDirectory();
  const history = new History(seed, base, traced ? new Trace() : null);
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

/** In memory where there is such a place: thousands of small files are flushed one by one. */
function temporaryDirectory(): string {
  const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  return realpathSync(mkdtempSync(join(place, 'flotilla-histories-')));
}

class History {
  readonly cluster: SessionCluster;
  readonly log: string[] = [];
  readonly #random: SeededRandom;
  readonly #versions = new Versions();
  readonly #people = new Map<SessionNode, Person>();
  readonly #fate: Fate;
  readonly #trace: Trace | null;
  #deaths = 0;
  #fated: SessionNode | null = null;

  constructor(seed: number, base: string, trace: Trace | null) {
    this.#trace = trace;
    this.#random = createSeededRandom(seed);
    this.cluster = new SessionCluster(base, seed, () => this.#traceAll());
    this.#fate = this.#random.chance(0.5) ? 'stays' : this.#random.pick(['losesRight', 'isRemoved']);
  }

  async run(): Promise<HistoryResult> {
    const random = this.#random;
    await this.cluster.begin(DEVICES, (root, name) => this.#prepare(root, name));
    for (const node of this.cluster.nodes) {
      this.#people.set(node, new Person(node.root, node.device.name, this.cluster.clock, random.fork()));
      this.#versions.beforePerson(node.root);
      this.#versions.afterPerson(node.root);
    }
    if (random.chance(0.7)) await this.cluster.settle(this.cluster.nodes);
    const actions = MIN_ACTIONS + random.integer(MORE_ACTIONS);
    const turn = random.integer(actions);
    for (let action = 0; action < actions; action += 1) {
      if (action === turn) await this.#befall();
      this.#act(random.pick(this.cluster.nodes));
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
    const write = (at: string, text: string): void => {
      writeFileSync(at, text);
      const seconds = random.integer(2 ** 31) + 0.0005;
      lutimesSync(at, seconds, seconds);
    };
    mkdirSync(join(root, 'c'));
    write(join(root, 'a'), random.chance(0.5) ? 'the same' : `first of ${name}`);
    write(join(root, 'c', 'b'), `deep of ${name}`);
  }

  #act(node: SessionNode): void {
    const person = this.#people.get(node) as Person;
    this.#versions.beforePerson(node.root);
    const { action, touched } = person.act();
    this.#versions.afterPerson(node.root);
    this.#note(`${node.device.name} ${action} ${touched.join(' ')}`);
    this.#tellWatcher(node, touched);
  }

  /** A watcher tells at once, late, only that it lost track, or nothing until somebody looks at everything. */
  #tellWatcher(node: SessionNode, paths: readonly string[]): void {
    const { run } = node;
    if (run === null || paths.length === 0) return;
    const how = this.#random.integer(10);
    const tell = (): void => run.watcher.tell({ type: 'changed', paths });
    if (how < 5) tell();
    else if (how < 7) this.cluster.clock.after(this.#random.integer(300), tell);
    else if (how < 8) run.watcher.tell({ type: 'lost', message: 'too many events' });
    else if (how < 9) this.cluster.clock.after(this.#random.integer(2_000), () => this.#rescan(node));
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
    switch (random.integer(8)) {
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
      default:
        this.cluster.connect();
        if (node.run !== null) return;
        this.#note(`start ${node.device.name}`);
        this.cluster.start(node, random.chance(0.3) ? 1 + random.integer(60) : null);
    }
  }

  /** What the first device, which owns the folder, asks the log for. */
  async #befall(): Promise<void> {
    const [owner, ...others] = this.cluster.nodes as [SessionNode, ...SessionNode[]];
    if (this.#fate === 'stays') return;
    this.cluster.connect();
    owner.run?.life.endAfter(null);
    if (owner.run === null) this.cluster.start(owner);
    const fated = this.#random.pick(others);
    this.#fated = fated;
    const session = this.cluster.on(owner);
    const device = fated.device.id;
    const closing = session.closingOf(device);
    this.#note(`${fated.device.name} ${this.#fate} at ${closing}`);
    const body =
      this.#fate === 'isRemoved'
        ? ({ kind: 'device.remove', device, closing } as const)
        : ({ kind: 'folder.setAccess', folder: this.cluster.folder, device, access: 'readOnly', closing } as const);
    session.metadata.submit(body);
    // Texts that others hold by now were seen by them before the end; the rest may or may not have come in time.
    const elsewhere = new Set(
      this.cluster.nodes.filter((node) => node !== fated).flatMap(({ root }) => [...textsInTree(root).values()]),
    );
    for (const text of textsInTree(fated.root).values()) if (!elsewhere.has(text)) this.#versions.release(text);
  }

  async #heal(): Promise<void> {
    const { nodes } = this.cluster;
    this.#note('heal all');
    for (const node of nodes) node.run?.life.endAfter(null);
    this.cluster.heal();
    for (const node of nodes) if (node.run === null) this.cluster.start(node);
    const fated = this.#fated;
    const staying = this.#fate === 'isRemoved' ? nodes.filter((node) => node !== fated) : nodes;
    if (fated !== null) await this.cluster.until(() => this.#isBefallen(fated), 'the decision');
    if (this.#fate === 'losesRight' && fated !== null) {
      await this.cluster.settle(nodes.filter((node) => node !== fated));
      await this.#throwAllAway(fated);
    }
    await this.cluster.settle(staying);
  }

  #isBefallen(fated: SessionNode): boolean {
    return this.cluster.nodes.every((node) => {
      if (this.#fate === 'isRemoved' && node === fated) return true;
      const state = this.cluster.on(node).state();
      if (this.#fate === 'isRemoved') return state.devices.get(fated.device.id)?.memberships.at(-1)?.end !== null;
      return state.folders.get(this.cluster.folder)?.accessEvents.get(fated.device.id)?.at(-1)?.access === 'readOnly';
    });
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
    for (const { root } of nodes) this.#versions.look(root);
    for (const { problems, device } of nodes) {
      if (problems.length > 0) throw new Error(`a failure at ${device.name}: ${problems.join('\n')}`);
    }
    const holders = nodes.filter((node) => this.#fate !== 'isRemoved' || node !== this.#fated);
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
    const texts = new Set(textsInTree((holders[0] as SessionNode).root).values());
    for (const { root } of holders) {
      // A conflict is settled when the other version is there; until then each keeps its own.
      for (const [path, text] of textsInTree(root)) if (unavailable.has(path)) texts.add(text);
    }
    for (const text of this.#versions.wanted(this.#fated?.root ?? null)) {
      if (!texts.has(text) && !this.#isOfFated(text))
        throw new FilesLost(`${text} is in no tree, and nobody removed it`);
    }
    for (const node of holders) this.#checkListed(node);
    const conflicts = Object.keys(tree).filter((path) => path.includes('(conflict ')).length;
    return {
      tree,
      actions,
      ...this.#versions.counts(),
      conflicts,
      deaths: this.#deaths,
      unavailable: unavailable.size,
    };
  }

  /** What a device wrote when it had no right any more, or nobody had seen it, stays on that device alone. */
  #isOfFated(text: string): boolean {
    return this.#fated !== null && text.includes(`<${this.#fated.device.name} `);
  }

  /** Every kept version is listed, so that it can be restored. */
  #checkListed(node: SessionNode): void {
    const listed = new Set(
      this.cluster
        .held(node)
        ?.folder.allVersions()
        .map(({ id }) => id),
    );
    for (const id of this.#versions.keptIds(node.root)) {
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
