import { deviceTag } from '../../electron/engine/bytes/hash.ts';
import { toHex } from '../../electron/engine/bytes/hex.ts';
import { keyPairFromSeed } from '../../electron/engine/bytes/signature.ts';
import type { LatestChanges } from '../../electron/engine/group/latest-changes.ts';
import { type AccessEvent, emptyGroup, type GroupState } from '../../electron/engine/group/state.ts';
import type { FolderIndex, OwnChange } from '../../electron/engine/index/folder-index.ts';
import { createIndexes, type Indexes } from '../../electron/engine/index/indexes.ts';
import type { ContentHash, DeviceId, DeviceTag, FolderId, GroupId } from '../../shared/ids.ts';
import type { RelativePath } from '../../shared/relative-path.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createMemoryNetwork, type MemoryNetwork } from './memory-peers.ts';
import { createMemoryDisk, createMemoryStore, type MemoryDisk, type MemoryStore } from './memory-store.ts';
import { createSeededRandom } from './seeded-random.ts';

/** The folder of the tests. */
export const FOLDER = '0f'.repeat(16) as FolderId;
/** Another one, shared by the same devices. */
export const OTHER_FOLDER = '1f'.repeat(16) as FolderId;

/** A device with a key of its own, by number. */
export interface TestDevice {
  readonly device: DeviceId;
  readonly tag: DeviceTag;
  readonly secretKey: Uint8Array;
}

/** The device of that number: always the same key. */
export function testDevice(number: number): TestDevice {
  const { publicKey, secretKey } = keyPairFromSeed(new Uint8Array(32).fill(number + 1));
  const device = toHex(publicKey) as DeviceId;
  return { device, tag: deviceTag(device), secretKey };
}

/** A committed state with that many devices, all of which may write in both folders; the first owns them. */
export function testGroup(devices: number, applied = 100): GroupState {
  const state = emptyGroup('ab'.repeat(32) as GroupId);
  const known = Array.from({ length: devices }, (_, number) => testDevice(number).device);
  const owner = known[0] as DeviceId;
  const folder = (id: FolderId) => ({
    id,
    name: 'Folder',
    owner,
    createdAt: devices + 1,
    createdStamp: 0,
    defaultAccess: 'readWrite' as const,
    accessEvents: new Map<DeviceId, readonly AccessEvent[]>([
      [owner, [{ at: devices + 1, access: 'readWrite', closing: null, latest: null }]],
    ]),
    indexBits: 6,
    selections: new Map(),
    rules: 1,
    removedAt: null,
  });
  return {
    ...state,
    name: 'Group',
    devices: new Map(
      known.map((id, number) => [
        id,
        {
          id,
          name: `device-${number}`,
          joinedName: `device-${number}`,
          role: 'admin' as const,
          joinedAt: number + 1,
          joinedStamp: 0,
          memberships: [{ from: number + 1, end: null }],
          lastSequence: 0,
          lastHash: null,
        },
      ]),
    ),
    folders: new Map([FOLDER, OTHER_FOLDER].map((id) => [id, folder(id)])),
    applied: { generation: 1, index: applied, term: 1, stamp: 0 },
  };
}

/** The state after the device was given an access in the folder, at the next log index. */
export function withAccess(
  state: GroupState,
  device: DeviceId,
  access: AccessEvent['access'],
  closing: number | null = null,
  folder: FolderId = FOLDER,
  latest: LatestChanges | null = null,
): GroupState {
  const at = state.applied.index + 1;
  const known = state.folders.get(folder);
  if (known === undefined) throw new Error('no such folder');
  const events = [...(known.accessEvents.get(device) ?? []), { at, access, closing, latest }];
  const accessEvents = new Map(known.accessEvents).set(device, events);
  return {
    ...state,
    folders: new Map(state.folders).set(folder, { ...known, accessEvents }),
    applied: { ...state.applied, index: at },
  };
}

/** One device's indexes, over a disk that outlives them. */
export interface IndexNode extends TestDevice {
  readonly number: number;
  disk: MemoryDisk;
  store: MemoryStore;
  indexes: Indexes;
  folder: FolderIndex;
  /** The log as far as this device has applied it. */
  group: GroupState;
  readonly problems: string[];
  /** What it found out to have forgotten. */
  readonly forgotten: string[];
}

/** Devices over a network in memory. */
export interface IndexWorld {
  readonly network: MemoryNetwork;
  readonly clock: FakeClock;
  readonly nodes: readonly IndexNode[];
  /** The engine of the node ends and starts again over its disk, or another one. */
  restart(node: IndexNode, disk?: MemoryDisk): void;
  /** All devices apply the log up to this state. */
  commit(change: (state: GroupState) => GroupState): void;
  connectAll(): void;
  /** Delivers messages and lets timers run until nothing happens any more. */
  settle(): Promise<void>;
}

/** A world of `devices` devices that know each other and all hold `FOLDER`. */
export function createIndexWorld(devices: number): IndexWorld {
  const network = createMemoryNetwork();
  const clock = createFakeClock();
  let starts = 0;

  function start(node: IndexNode): void {
    starts += 1;
    node.store = createMemoryStore(node.disk);
    node.indexes = createIndexes({
      store: node.store,
      peers: network.peersOf(node.device),
      clock,
      random: createSeededRandom(starts),
      identity: node,
      group: () => node.group,
      forgotten: (how) => node.forgotten.push(how),
      problem: (_, what) => node.problems.push(what),
    });
    node.folder = node.indexes.open(FOLDER);
  }

  const nodes = Array.from({ length: devices }, (_, number) => {
    const node = {
      ...testDevice(number),
      number,
      disk: createMemoryDisk(),
      group: testGroup(devices),
      problems: [],
      forgotten: [],
    } as unknown as IndexNode;
    start(node);
    node.folder.startWithoutHolder();
    return node;
  });

  return {
    network,
    clock,
    nodes,
    restart(node, disk) {
      network.crash(node.device);
      node.indexes.stop();
      if (disk !== undefined) node.disk = disk;
      start(node);
    },
    commit(change) {
      for (const node of nodes) {
        node.group = change(node.group);
        node.indexes.groupChanged();
      }
    },
    connectAll() {
      for (const a of nodes) for (const b of nodes) if (a.number < b.number) network.connect(a.device, b.device);
    },
    async settle() {
      for (let quiet = 0; quiet < 3; ) {
        const delivered = await network.settle();
        quiet = delivered === 0 ? quiet + 1 : 0;
        await clock.advanceAsync(1_000);
      }
    },
  };
}

/** A path of a test. */
export const at = (path: string): RelativePath => path as RelativePath;

/** A content named by a number. */
export const contentOf = (number: number): ContentHash =>
  number.toString(16).padStart(2, '0').repeat(32) as ContentHash;

/** A change that writes a file. */
export function writes(path: string, content: number, mtime = content): OwnChange {
  const value = { kind: 'file', content: contentOf(content), size: content, mtime, mode: 0o644 } as const;
  return { path: at(path), value, conflictOf: null };
}

/** A change that removes what the index has at the path. */
export function removes(path: string, content: number | null): OwnChange {
  const gone = { kind: 'gone', content: content === null ? null : contentOf(content), movedTo: null } as const;
  return { path: at(path), value: gone, conflictOf: null };
}

/** A change that makes a directory. */
export function makes(path: string): OwnChange {
  return { path: at(path), value: { kind: 'directory', mode: 0o755 }, conflictOf: null };
}

/** The tree as text, one line for each path: what two devices compare. */
export function treeOf(folder: FolderIndex, gone = true): string[] {
  const lines: string[] = [];
  for (const [path, { value, version, copyOf, frozen }] of folder.remoteBelow('')) {
    if (value.kind === 'gone' && !gone) continue;
    const what = value.kind === 'file' ? `file ${value.content.slice(0, 4)} ${value.mtime}` : value.kind;
    const copy = copyOf === null ? '' : ` copy of ${copyOf.path}`;
    lines.push(`${path}: ${what} ${version.author.slice(0, 4)}:${version.counter}${copy}${frozen ? ' frozen' : ''}`);
  }
  return lines;
}

/** Names of the live paths alone. */
export function livePaths(folder: FolderIndex): string[] {
  return [...folder.remoteBelow('')].flatMap(([path, { value }]) => (value.kind === 'gone' ? [] : [path]));
}
