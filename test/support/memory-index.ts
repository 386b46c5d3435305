import type { FolderIndex, IndexState, OwnChange } from '../../electron/engine/index/folder-index.ts';
import type { Store } from '../../electron/engine/ports/store.ts';
import { sameNode } from '../../electron/engine/reconcile/compare.ts';
import { copyName } from '../../electron/engine/reconcile/conflict-name.ts';
import { NO_VERSION } from '../../electron/engine/reconcile/remote-family.ts';
import type { EntryVersion, Gone, Node, RemoteNode } from '../../electron/engine/reconcile/tree-types.ts';
import type { ContentHash, DeviceTag, FolderId } from '../../shared/ids.ts';
import { childOf, isBelow, nameOf, parentOf, type RelativePath } from '../../shared/relative-path.ts';

interface Item {
  readonly value: Node | Gone;
  readonly version: EntryVersion;
  /** Lamport time: the last writer wins. */
  readonly stamp: number;
}

/** A folder's index in memory: the last writer wins, and nothing goes to another device before it is delivered. */
export interface MemoryIndex extends FolderIndex {
  /** What it was told is durable: another index over it is the same device after a crash. */
  readonly items: Map<RelativePath, Item>;
  setState(state: IndexState): void;
  /** Forgets a path, as a damaged shard would. */
  lose(path: RelativePath): void;
  /** What was written at the path counts as never written. */
  void(path: RelativePath): void;
}

/** Indexes of one folder on several devices. */
export interface MemoryIndexes {
  open(self: DeviceTag, store: Store): MemoryIndex;
  /** Brings what each published to all others. */
  deliver(): void;
  /** Changes published so far, by all. */
  published(): number;
}

/** Indexes that know one another. */
export function createMemoryIndexes(folder: FolderId): MemoryIndexes {
  const disks = new Map<DeviceTag, Map<RelativePath, Item>>();
  const opened = new Map<DeviceTag, { readonly index: MemoryIndex; readonly refresh: () => void }>();
  let counter = 0;

  return {
    published: () => counter,
    open(self, store) {
      const items = disks.get(self) ?? new Map<RelativePath, Item>();
      disks.set(self, items);
      const handlers = new Set<(changed: ReadonlySet<RelativePath>) => void>();
      let state: IndexState = { type: 'ready' };
      let tree = treeOf(items);

      function refresh(): void {
        const next = treeOf(items);
        const changed = new Set<RelativePath>();
        for (const [path, node] of next) if (!sameRemote(tree.get(path), node)) changed.add(path);
        for (const path of tree.keys()) if (!next.has(path)) changed.add(path);
        tree = next;
        if (changed.size > 0) for (const handler of [...handlers]) handler(changed);
      }

      const index: MemoryIndex = {
        folder,
        items,
        state: () => state,
        remote: (path) => tree.get(path),
        isVoid: () => false,
        knew: () => true,
        *remoteBelow(directory) {
          for (const entry of [...tree].sort(([a], [b]) => (a < b ? -1 : 1))) {
            if (isBelow(entry[0], directory)) yield entry;
          }
        },
        publish(changes: readonly OwnChange[], within) {
          const stamp = 1 + [...items.values()].reduce((latest, item) => Math.max(latest, item.stamp), 0);
          const added = changes.map((change): [RelativePath, Item] => {
            counter += 1;
            return [change.path, { value: change.value, version: { author: self, counter }, stamp }];
          });
          // Only what the transaction keeps is published: a crash in it leaves neither.
          store.transaction((tx) =>
            within(
              tx,
              added.map(([, item]) => item.version),
            ),
          );
          for (const [path, item] of added) items.set(path, item);
          refresh();
        },
        subscribe(handler) {
          handlers.add(handler);
          return () => handlers.delete(handler);
        },
        startWithoutHolder() {
          state = { type: 'ready' };
        },
        setState(next) {
          state = next;
          for (const handler of [...handlers]) handler(new Set());
        },
        lose(path) {
          items.delete(path);
          refresh();
        },
        void(path) {
          const gone = { kind: 'gone', content: null, movedTo: null } as const;
          items.set(path, { value: gone, version: NO_VERSION, stamp: 0 });
          refresh();
        },
      };
      opened.set(self, { index, refresh });
      return index;
    },
    deliver() {
      for (const { index, refresh } of opened.values()) {
        for (const [device, items] of disks) {
          if (items === index.items) continue;
          void device;
          for (const [path, item] of items) if (isNewer(item, index.items.get(path))) index.items.set(path, item);
        }
        refresh();
      }
    },
  };
}

function isNewer(item: Item, known: Item | undefined): boolean {
  if (known === undefined) return true;
  if (item.stamp !== known.stamp) return item.stamp > known.stamp;
  return item.version.author > known.version.author;
}

/** A live child makes directories of its parents; a file that stands there becomes a conflict copy. */
function treeOf(items: ReadonlyMap<RelativePath, Item>): Map<RelativePath, RemoteNode> {
  const tree = new Map<RelativePath, RemoteNode>();
  for (const [path, { value, version }] of items) tree.set(path, { value, version, copyOf: null, frozen: false });
  for (const [path, item] of items) {
    if (item.value.kind === 'gone') continue;
    for (let above = parentOf(path); above !== ''; above = parentOf(above)) {
      const node = tree.get(above);
      if (node?.value.kind === 'directory') continue;
      const version = node?.version ?? item.version;
      tree.set(above, { value: { kind: 'directory', mode: null }, version, copyOf: null, frozen: false });
      if (node === undefined || node.value.kind === 'gone') continue;
      const content = node.value.kind === 'file' ? node.value.content : ('0'.repeat(64) as ContentHash);
      const copy = childOf(parentOf(above), copyName(nameOf(above), node.version.author.slice(0, 6), content, 0));
      if (copy !== null && !tree.has(copy)) {
        tree.set(copy, { ...node, copyOf: { path: above, version: node.version } });
      }
    }
  }
  return tree;
}

function sameRemote(a: RemoteNode | undefined, b: RemoteNode): boolean {
  if (a === undefined) return false;
  if (a.value.kind === 'gone' || b.value.kind === 'gone') {
    return a.value.kind === b.value.kind && a.version.counter === b.version.counter;
  }
  return (
    sameNode(a.value, b.value) && a.version.counter === b.version.counter && (a.copyOf === null) === (b.copyOf === null)
  );
}
