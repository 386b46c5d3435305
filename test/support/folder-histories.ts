import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { contentHash } from '../../electron/engine/bytes/hash.ts';
import type { ContentFetcher } from '../../electron/engine/content/content-types.ts';
import { nodeFileSystem } from '../../electron/engine/folder/file-system-node.ts';
import { createFolder, placeFolder } from '../../electron/engine/folder/folder.ts';
import type { Folder, FolderRights } from '../../electron/engine/folder/folder-types.ts';
import { createInlineJobs } from '../../electron/engine/jobs/inline-jobs.ts';
import type { GroupId } from '../../shared/ids.ts';
import type { RelativePath } from '../../shared/relative-path.ts';
import { contentsBelow, snapshot } from './disk-snapshot.ts';
import { createIndexWorld, FOLDER, type IndexNode, type IndexWorld, withAccess } from './index-world.ts';
import { createManualWatcher, type ManualWatcher } from './manual-watcher.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

/** A device of a history: its index, its folder on a real disk, and what must not be lost on it. */
interface Device {
  readonly node: IndexNode;
  readonly root: string;
  readonly watcher: ManualWatcher;
  readonly errors: unknown[];
  rights: FolderRights;
  folder: Folder;
  /** Contents that were on this disk (kept versions included) when its person last did something. */
  known: Set<string>;
}

/** What a history did, for tests that want to know that it did anything. */
export interface HistoryResult {
  readonly operations: number;
  readonly paths: number;
  readonly conflicts: number;
}

const NAMES = ['a', 'b', 'c', 'A', 'notes.txt'];

/**
 * Three devices hold a folder; people do what people do, links break, engines restart, one may lose its right to write.
 * Then all is healed, and every tree must be equal and nothing lost that sync and not a person took away. Throws with the
 * seed.
 */
export async function runFolderHistory(seed: number, steps: number): Promise<HistoryResult> {
  const random = createSeededRandom(seed);
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-history-')));
  const world = createIndexWorld(3);
  const devices = world.nodes.map((node) => createDevice(world, node, base));
  let operations = 0;
  try {
    for (const device of devices) open(world, device, devices, seed);
    world.connectAll();
    await settle(world, devices);
    const loser = random.chance(0.25) ? random.pick(devices.slice(1)) : null;
    const loseAt = random.integer(steps);
    for (let step = 0; step < steps; step += 1) {
      if (loser !== null && step === loseAt) loseRight(world, loser);
      const kind = random.integer(10);
      if (kind === 0) toggleLink(world, random);
      else if (kind === 1 && random.chance(0.5)) await restart(world, random.pick(devices), devices, seed + step);
      else if (kind === 2) await settle(world, devices, 2);
      else {
        const device = random.pick(devices);
        checkKept(device, seed, step);
        act(device, random);
        operations += 1;
        device.known = contentsBelow(device.root);
      }
      if (random.chance(0.4)) await breathe(world, random);
    }
    world.connectAll();
    await settle(world, devices);
    if (loser !== null) await throwAllAway(loser);
    await settle(world, devices);
    for (const device of devices) checkKept(device, seed, steps);
    return { ...compare(devices, seed), operations };
  } finally {
    for (const { folder } of devices) await folder.stop();
    for (const { node } of devices) node.indexes.stop();
    rmSync(base, { recursive: true, force: true });
  }
}

function createDevice(world: IndexWorld, node: IndexNode, base: string): Device {
  const root = join(base, `device-${node.number}`);
  mkdirSync(root);
  const group = 'ab'.repeat(32) as GroupId;
  placeFolder({ fs: nodeFileSystem, store: node.store, random: createSeededRandom(node.number + 1) }, root, {
    group,
    folder: FOLDER,
    device: node.device,
  });
  void world;
  return {
    node,
    root,
    watcher: createManualWatcher(),
    errors: [],
    rights: { canWrite: () => true },
    folder: null as unknown as Folder,
    known: new Set(),
  };
}

function open(world: IndexWorld, device: Device, devices: readonly Device[], seed: number): void {
  const fetcher: ContentFetcher = {
    async fetch({ content, target }) {
      await Promise.resolve();
      for (const other of devices) {
        const near = other === device || world.network.isConnected(device.node.device, other.node.device);
        if (!near) continue;
        for (const { absolutePath } of other.folder.locate(content)) {
          if (!existsSync(absolutePath) || contentHash(readFileSync(absolutePath)) !== content) continue;
          mkdirSync(dirname(target), { recursive: true });
          rmSync(target, { force: true });
          copyFileSync(absolutePath, target);
          if (contentHash(readFileSync(target)) === content) return { type: 'fetched' };
        }
      }
      return { type: 'noSource' };
    },
    progress: () => [],
  };
  device.folder = createFolder({
    folder: FOLDER,
    self: device.node.tag,
    store: device.node.store,
    index: device.node.folder,
    fetcher,
    fs: nodeFileSystem,
    watcher: device.watcher,
    clock: world.clock,
    random: createSeededRandom(seed * 31 + device.node.number),
    jobs: createInlineJobs(),
    rights: { canWrite: () => device.rights.canWrite() },
    authorName: (tag) => `device-${devices.find(({ node }) => node.tag === tag)?.node.number ?? 'x'}`,
    hashed: () => undefined,
    shardUnknown: (path) => device.errors.push(new Error(`unknown ${path}`)),
    failed: (error) => device.errors.push(error),
  });
  device.folder.start();
}

async function restart(world: IndexWorld, device: Device, devices: readonly Device[], seed: number): Promise<void> {
  await device.folder.stop();
  world.restart(device.node);
  open(world, device, devices, seed);
  for (const other of devices) if (other !== device) world.network.connect(device.node.device, other.node.device);
}

function loseRight(world: IndexWorld, device: Device): void {
  const closing = device.node.indexes.counters.own();
  world.commit((state) => withAccess(state, device.node.device, 'readOnly', closing));
  device.rights = { canWrite: () => false };
  device.folder.rightsChanged();
}

function toggleLink(world: IndexWorld, random: SeededRandom): void {
  const [a, b] = [random.pick(world.nodes).device, random.pick(world.nodes).device];
  if (world.network.isConnected(a, b)) world.network.disconnect(a, b);
  else world.network.connect(a, b);
}

async function breathe(world: IndexWorld, random: SeededRandom): Promise<void> {
  for (let turn = random.integer(6); turn >= 0; turn -= 1) {
    world.network.deliverAll();
    await world.clock.advanceAsync(random.integer(30));
  }
}

async function settle(world: IndexWorld, devices: readonly Device[], rounds = 12): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const { folder } of devices) {
      let done = false;
      const flushed = folder.flush().finally(() => {
        done = true;
      });
      for (let turn = 0; turn < 2_000 && !done; turn += 1) await world.clock.advanceAsync(20);
      if (!done) throw new Error(`a flush does not end: ${JSON.stringify(folder.status())}`);
      await flushed;
    }
    await world.settle();
    for (const { folder } of devices) folder.sourcesChanged();
    for (let turn = 0; turn < 40; turn += 1) await world.clock.advanceAsync(50);
  }
}

function checkKept(device: Device, seed: number, step: number): void {
  if (device.errors.length > 0)
    throw new Error(`seed ${seed}, step ${step}: ${String((device.errors[0] as Error).stack)}`);
  const now = contentsBelow(device.root);
  for (const content of device.known) {
    if (!now.has(content))
      throw new Error(`seed ${seed}, step ${step}: device ${device.node.number} lost "${content}"`);
  }
}

async function throwAllAway(device: Device): Promise<void> {
  for (const { path, code } of [...device.folder.problems()].reverse()) {
    if (code === 'no-right-to-write') await device.folder.throwMineAway(path as RelativePath);
  }
}

function compare(devices: readonly Device[], seed: number): { paths: number; conflicts: number } {
  const trees = devices.map(({ root }) => withOwnerRights(snapshot(root)));
  const first = JSON.stringify(trees[0], null, 1);
  for (const [number, tree] of trees.entries()) {
    if (JSON.stringify(tree, null, 1) === first) continue;
    const states = devices.map(({ folder }) => JSON.stringify([folder.status(), folder.problems()])).join('\n');
    const paths = new Set(trees.flatMap((other) => Object.keys(other)));
    const differing = [...paths].filter((path) => tree[path] !== trees[0]?.[path]);
    const indexed = differing.flatMap((path) =>
      devices.map(({ node }) => `${node.number} ${path} ${JSON.stringify(node.folder.remote(path as RelativePath))}`),
    );
    const text = [first, JSON.stringify(tree, null, 1), states, ...indexed].join('\n');
    throw new Error(`seed ${seed}: device ${number} differs\n${text}`);
  }
  const paths = Object.keys(trees[0] ?? {});
  return { paths: paths.length, conflicts: paths.filter((path) => path.includes('(conflict')).length };
}

/** Who applies keeps read and write for its own user, so a mode without them differs where it was set. */
function withOwnerRights(tree: Record<string, string>): Record<string, string> {
  const owned = (_: string, kind: string, mode: string): string => {
    const least = kind === 'file' ? 0o600 : 0o700;
    return `${kind} ${(Number.parseInt(mode, 8) | least).toString(8)}`;
  };
  return Object.fromEntries(
    Object.entries(tree).map(([path, entry]) => [path, entry.replace(/^(file|directory) ([0-7]+)/, owned)]),
  );
}

/** One thing that a person does. What can't be done is not done. */
function act({ root }: Device, random: SeededRandom): void {
  const paths = everything(root);
  const directories = ['', ...paths.filter((path) => lstatSync(join(root, path)).isDirectory())];
  const files = paths.filter((path) => lstatSync(join(root, path)).isFile());
  const fresh = (): string => join(root, random.pick(directories), random.pick(NAMES));
  const any = (): string => join(root, random.pick(paths));
  const text = (): string => `${random.integer(1_000_000)}${'.'.repeat(random.integer(20))}`;
  const kind = random.integer(13);
  const at = fresh();
  if (kind <= 2 || paths.length === 0) {
    if (!exists(at) || lstatSync(at).isFile()) writeFileSync(at, random.chance(0.1) ? '' : text());
  } else if (kind === 3) {
    if (files.length > 0) appendFileSync(join(root, random.pick(files)), text());
  } else if (kind === 4) {
    if (!exists(at)) mkdirSync(at);
  } else if (kind === 5) rmSync(any(), { recursive: true, force: true });
  else if (kind === 6 || kind === 7) move(any(), at);
  else if (kind === 8) {
    if (!exists(at)) symlinkSync(random.pick(['a', '../b', '/nowhere']), at);
  } else if (kind === 9) {
    if (files.length > 0) chmodSync(join(root, random.pick(files)), random.pick([0o600, 0o644, 0o755, 0o444]));
  } else if (kind === 10) {
    if (files.length > 0) utimesSync(join(root, random.pick(files)), random.integer(2 ** 31), random.integer(2 ** 31));
  } else if (kind === 11) {
    const victim = any();
    const directory = lstatSync(victim).isDirectory();
    rmSync(victim, { recursive: true, force: true });
    if (directory) writeFileSync(victim, text());
    else mkdirSync(victim);
  } else {
    const victim = any();
    rmSync(victim, { recursive: true, force: true });
    mkdirSync(victim);
    writeFileSync(join(victim, random.pick(NAMES)), text());
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function move(from: string, to: string): void {
  if (from === to || to.startsWith(`${from}/`) || from.startsWith(`${to}/`)) return;
  if (exists(to) && (lstatSync(to).isDirectory() || lstatSync(from).isDirectory())) return;
  renameSync(from, to);
}

function everything(root: string, below = ''): string[] {
  const found: string[] = [];
  for (const name of readdirSync(join(root, below))) {
    if (below === '' && name === '.flotilla') continue;
    const path = below === '' ? name : `${below}/${name}`;
    found.push(path);
    if (lstatSync(join(root, path)).isDirectory()) found.push(...everything(root, path));
  }
  return found.sort();
}
