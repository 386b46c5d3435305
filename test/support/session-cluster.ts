import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { contentHash } from '../../electron/engine/bytes/hash.ts';
import { toHex } from '../../electron/engine/bytes/hex.ts';
import { nodeFileSystem } from '../../electron/engine/folder/file-system-node.ts';
import type { OperationBody } from '../../electron/engine/group/body.ts';
import { makeRedeemProof, redeemBody } from '../../electron/engine/group/invite-proof.ts';
import { memberOf } from '../../electron/engine/group/select.ts';
import { createInlineJobs } from '../../electron/engine/jobs/inline-jobs.ts';
import { recordFounding, recordJoining } from '../../electron/engine/metadata/beginning.ts';
import type { FileSystem } from '../../electron/engine/ports/file-system.ts';
import { ActivityLog } from '../../electron/engine/session/activity-log.ts';
import { GroupSession } from '../../electron/engine/session/group-session.ts';
import type { HeldFolder } from '../../electron/engine/session/held-folders.ts';
import type { ContentHash, FolderId, GroupId } from '../../shared/ids.ts';
import { contentsBelow } from './disk-snapshot.ts';
import { createFakeClock, type FakeClock, settlePromises } from './fake-clock.ts';
import { createManualWatcher, type ManualWatcher } from './manual-watcher.ts';
import { createMemoryNetwork, type MemoryNetwork } from './memory-peers.ts';
import { createMemoryDisk, createMemoryStore, type MemoryDisk } from './memory-store.ts';
import { deviceNamed, inviteNamed, type NamedDevice } from './named-device.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';
import { Life, mortalClock, mortalFileSystem, mortalJobs, mortalPeers, mortalStore } from './session-cluster-ports.ts';

/** One run of a device's engine. */
export interface SessionRun {
  readonly life: Life;
  readonly session: GroupSession;
  readonly watcher: ManualWatcher;
}

/** One device of a cluster: its database and its directory outlive its runs. */
export interface SessionNode {
  readonly device: NamedDevice;
  readonly disk: MemoryDisk;
  /** Where it holds the folder. */
  readonly root: string;
  /** What failed in its runs and was contained. */
  readonly problems: string[];
  /** Null while it is off. */
  run: SessionRun | null;
}

const STEP_MS = 10;

/** Whole devices in one process: everything above the links and the machine is real. */
export class SessionCluster {
  readonly clock: FakeClock = createFakeClock();
  readonly network: MemoryNetwork = createMemoryNetwork();
  readonly random: SeededRandom;
  readonly nodes: SessionNode[] = [];
  /** The file system under a device's folder, from its next start on. */
  fileSystemOf: (node: SessionNode) => FileSystem = () => nodeFileSystem;
  readonly #base: string;
  readonly #stepped: () => void;
  /** Pairs that are kept apart. */
  readonly #cut = new Set<string>();
  #group: GroupId | null = null;
  #folder: FolderId | null = null;

  /** Devices have their folders in directories of their own below `base`; `stepped` is called after every step. */
  constructor(base: string, seed: number, stepped: () => void = () => undefined) {
    this.#base = base;
    this.#stepped = stepped;
    this.random = createSeededRandom(seed);
  }

  get folder(): FolderId {
    if (this.#folder === null) throw new Error('no folder is shared yet');
    return this.#folder;
  }

  get group(): GroupId {
    if (this.#group === null) throw new Error('no group was founded yet');
    return this.#group;
  }

  /** The first founds the group, the others are let in; the first shares its directory, the others accept the folder. */
  async begin(
    names: readonly string[],
    prepare: (root: string, name: string) => void = () => undefined,
  ): Promise<void> {
    for (const name of names) {
      const root = join(this.#base, name);
      mkdirSync(root);
      prepare(root, name);
      this.nodes.push({ device: deviceNamed(name), disk: createMemoryDisk(), root, problems: [], run: null });
    }
    const [first, ...others] = this.nodes as [SessionNode, ...SessionNode[]];
    this.#found(first);
    await this.until(() => memberOf(this.on(first).state(), first.device.id) !== null, 'the group');
    for (const other of others) await this.#join(other, first);
    const shared = this.on(first).folders.share({ path: first.root, name: 'Folder', access: 'readWrite' });
    const { folder, state } = await this.while(shared);
    if (state !== 'committed') throw new Error('sharing is not decided');
    this.#folder = folder as FolderId;
    for (const other of others) {
      await this.until(() => this.on(other).state().folders.has(this.folder), 'the folder offered');
      await this.while(this.on(other).folders.accept(folder, other.root));
    }
  }

  #found(first: SessionNode): void {
    const { clock, random } = this;
    const store = createMemoryStore(first.disk);
    const { keyPair, name: deviceName } = first.device;
    this.#group = recordFounding({ store, clock, random, keyPair, name: 'Home', deviceName });
    this.start(first);
  }

  async #join(node: SessionNode, by: SessionNode): Promise<void> {
    const { name, id, keyPair } = node.device;
    const invite = inviteNamed(name);
    const publicKey = toHex(invite.keyPair.publicKey);
    const invited = { invite: invite.id, publicKey, role: 'member', approval: 'auto', durationMs: 3_600_000 } as const;
    const proof = makeRedeemProof({
      group: this.group,
      invite: invite.id,
      inviteSecretKey: invite.keyPair.secretKey,
      device: id,
      deviceSecretKey: keyPair.secretKey,
      name,
    });
    await this.ask(by, { kind: 'invite.create', ...invited });
    await this.ask(by, redeemBody(proof));
    const first = this.on(by).metadata.firstEntry();
    if (first === null) throw new Error('the member has no log');
    const joining = { store: createMemoryStore(node.disk), group: this.group, introduced: [by.device.id] };
    recordJoining({ ...joining, firstEntry: first.bytes, codeHash: first.codeHash });
    this.start(node);
    await this.until(() => memberOf(this.on(node).state(), id) !== null, `${name} in its own log`);
  }

  /** Starts a device from its disk. It may die on the way, where it was told to. */
  start(node: SessionNode, dieAfter: number | null = null): void {
    const { clock, random, network } = this;
    const { device, disk } = node;
    const life = new Life(() => undefined);
    if (dieAfter !== null) life.endAfter(dieAfter);
    const mortal = mortalClock(clock, life);
    const store = mortalStore(createMemoryStore(disk), life);
    const watcher = createManualWatcher();
    try {
      const session = new GroupSession({
        self: device.id,
        group: this.group,
        keyPair: device.keyPair,
        store,
        peers: mortalPeers(network.peersOf(device.id), life),
        clock: mortal,
        random: random.fork(),
        fs: mortalFileSystem(this.fileSystemOf(node), clock, life),
        watcher,
        jobs: mortalJobs(createInlineJobs(), life),
        freeBytes: async () => 2 ** 40,
        platform: 'linux',
        home: '/home-of-nobody',
        activity: new ActivityLog(store, mortal),
        bootstrap: () => [],
        addressesOf: () => [],
        acceptDirectory: () => null,
        recheckLinks: () => undefined,
        forgotten: () => undefined,
        changed: () => undefined,
        problem: (error) => {
          if (life.alive) node.problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
        },
      });
      node.run = { life, session, watcher };
      session.start();
    } catch (error) {
      if (life.alive) throw error;
    }
    this.connect();
  }

  /** As `kill -9`. */
  kill(node: SessionNode): void {
    node.run?.life.end();
    this.connect();
  }

  /** As quitting. */
  async stop(node: SessionNode): Promise<void> {
    const { run } = node;
    if (run === null) return;
    node.run = null;
    this.network.crash(node.device.id);
    await this.while(run.session.stop());
    run.life.end();
  }

  /** Buries what died and brings the links to what they should be. */
  connect(): void {
    for (const node of this.nodes) {
      if (node.run?.life.alive !== false) continue;
      node.run = null;
      this.network.crash(node.device.id);
    }
    for (const [at, a] of this.nodes.entries()) {
      for (const b of this.nodes.slice(at + 1)) {
        const [one, other] = [a.run?.session.metadata, b.run?.session.metadata];
        const admitted =
          one !== undefined &&
          other !== undefined &&
          one.admission(b.device.id) !== 'refused' &&
          other.admission(a.device.id) !== 'refused';
        if (admitted && !this.#cut.has(pair(a, b))) this.network.connect(a.device.id, b.device.id);
        else this.network.disconnect(a.device.id, b.device.id);
      }
    }
  }

  isCut(a: SessionNode, b: SessionNode): boolean {
    return this.#cut.has(pair(a, b));
  }

  cut(a: SessionNode, b: SessionNode): void {
    if (a !== b) this.#cut.add(pair(a, b));
    this.connect();
  }

  heal(a?: SessionNode, b?: SessionNode): void {
    if (a === undefined || b === undefined) this.#cut.clear();
    else this.#cut.delete(pair(a, b));
    this.connect();
  }

  /** One turn of the world: what is under way arrives, `ms` pass, promises run. */
  async step(ms = STEP_MS): Promise<void> {
    this.connect();
    this.network.deliverAll();
    this.clock.advance(ms);
    await settlePromises();
    this.#stepped();
  }

  /** Turns until it holds. */
  async until(holds: () => boolean, what: string, ms = 60_000): Promise<void> {
    const end = this.clock.monotonic() + ms;
    while (!holds()) {
      if (this.clock.monotonic() > end) throw new Error(`never happened: ${what}; ${this.describe()}`);
      await this.step();
    }
  }

  /** Turns until the promise ends. */
  async while<T>(promise: Promise<T>, ms = 60_000): Promise<T> {
    let ended = false;
    const end = promise.finally(() => {
      ended = true;
    });
    end.catch(() => undefined);
    await this.until(() => ended, 'the end of a call', ms);
    return await end;
  }

  /** Asks for a change and waits until it is decided; throws where it is refused. */
  async ask(node: SessionNode, body: OperationBody): Promise<void> {
    const { decided } = this.on(node).metadata.submit(body);
    const outcome = await this.while(decided);
    if (outcome.type !== 'committed') throw new Error(`${body.kind}: ${JSON.stringify(outcome)}`);
  }

  /** The session of a device that is on. */
  on(node: SessionNode): GroupSession {
    if (node.run === null) throw new Error(`${node.device.name} is off`);
    return node.run.session;
  }

  /** The folder at a device; null where it is off or does not hold it now. */
  held(node: SessionNode): HeldFolder | null {
    const { run } = node;
    if (run === null || !run.life.alive || this.#folder === null) return null;
    return run.session.held.get(this.#folder);
  }

  /**
   * What tells that all that are given agree and wait for nothing but content; null where they do not. It changes when
   * anything goes on.
   */
  #quiet(nodes: readonly SessionNode[]): string | null {
    const heads = new Set<string>();
    const seen: string[] = [];
    for (const node of nodes) {
      const held = this.held(node);
      if (held === null) return null;
      const status = held.folder.status();
      const { state, needFiles, unpublished, waitingForHolder } = status;
      if (unpublished > 0 || waitingForHolder) return null;
      if (state.type !== 'idle' && (state.type !== 'syncing' || needFiles === 0)) return null;
      heads.add(this.on(node).indexes.progress(this.folder).digest());
      seen.push(JSON.stringify(status));
    }
    return heads.size === 1 ? seen.join() : null;
  }

  /** Whether some of them wait for content that another has. */
  #canGoOn(nodes: readonly SessionNode[]): boolean {
    const waiting = nodes.filter((node) => (this.held(node)?.folder.status().needFiles ?? 0) > 0);
    return waiting.some((node) => this.#canComeFrom(nodes, this.#missing(node)));
  }

  /** Contents that the index has and the disk of the device has not. */
  #missing(node: SessionNode): readonly ContentHash[] {
    const here = contentsOnDisk(node.root);
    return [...this.#indexed(node)].flatMap(([, content]) => (here.has(content) ? [] : [content]));
  }

  /** Paths whose content none of them has any more: its only holder changed it before anybody had fetched it. */
  unavailable(nodes: readonly SessionNode[]): ReadonlySet<string> {
    const there = new Set(nodes.flatMap(({ root }) => [...contentsOnDisk(root)]));
    const paths = nodes.flatMap((node) =>
      [...this.#indexed(node)].flatMap(([path, content]) => (there.has(content) ? [] : [path])),
    );
    return new Set(paths);
  }

  /** Directories that are there for what is in them alone, so that nobody said a mode. */
  modeless(nodes: readonly SessionNode[]): ReadonlySet<string> {
    const paths = new Set<string>();
    for (const node of nodes) {
      for (const [path, { value }] of this.held(node)?.index.remoteBelow('') ?? []) {
        if (value.kind === 'directory' && value.mode === null) paths.add(path);
      }
    }
    return paths;
  }

  *#indexed(node: SessionNode): Iterable<readonly [string, ContentHash]> {
    for (const [path, { value }] of this.held(node)?.index.remoteBelow('') ?? []) {
      if (value.kind === 'file') yield [path, value.content];
    }
  }

  /** Whether any of them has any of that. */
  #canComeFrom(nodes: readonly SessionNode[], contents: readonly ContentHash[]): boolean {
    return nodes.some(({ root }) => {
      const there = contentsOnDisk(root);
      return contents.some((content) => there.has(content));
    });
  }

  /** Everything on every disk is looked at, delivered and applied, until nothing happens any more. */
  async settle(nodes: readonly SessionNode[], ms = 180_000): Promise<void> {
    for (const node of nodes) this.held(node)?.folder.rescan();
    let since = this.clock.monotonic();
    let quiet: string | null = null;
    await this.until(
      () => {
        const now = this.#quiet(nodes);
        const isLong = (): boolean => this.clock.monotonic() - since >= QUIET_MS;
        if (now === null || now !== quiet || (isLong() && this.#canGoOn(nodes))) since = this.clock.monotonic();
        quiet = now;
        return isLong();
      },
      'quiet',
      ms,
    );
  }

  describe(): string {
    return this.nodes
      .map((node) => {
        const { name } = node.device;
        if (node.run === null) return `${name}: off`;
        const { role, term, appliedIndex, lastIndex } = node.run.session.metadata.view();
        const held = this.held(node);
        const folder =
          held === null
            ? 'no folder'
            : JSON.stringify({
                ...held.folder.status(),
                index: held.index.state().type,
                heads: node.run.session.indexes.progress(this.folder).digest().slice(0, 8),
                problems: held.folder.problems(),
              });
        return `${name}: ${role} term ${term} log ${appliedIndex}/${lastIndex} ${folder}`;
      })
      .join('\n');
  }

  /** Ends everything. */
  async close(): Promise<void> {
    for (const node of this.nodes) node.run?.life.end();
    await settlePromises();
  }
}

/** Nothing may happen for so long before it counts as quiet: longer than anything that waits for a moment. */
const QUIET_MS = 3_000;

function pair(a: SessionNode, b: SessionNode): string {
  return [a.device.name, b.device.name].sort().join('|');
}

function contentsOnDisk(root: string): Set<ContentHash> {
  return new Set([...contentsBelow(root)].map((text) => contentHash(Buffer.from(text, 'latin1'))));
}
