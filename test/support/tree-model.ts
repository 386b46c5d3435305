import { appliedMode, localValue, sameContent, withKnownMode } from '../../electron/engine/reconcile/compare.ts';
import type { Operation, ReconcileContext, ThreeTrees } from '../../electron/engine/reconcile/operations.ts';
import { reconcile } from '../../electron/engine/reconcile/reconcile.ts';
import type {
  EntryVersion,
  LocalNode,
  Node,
  RemoteNode,
  StatMark,
  SyncedNode,
} from '../../electron/engine/reconcile/tree-types.ts';
import type { ContentHash, DeviceTag } from '../../shared/ids.ts';
import { isBelow, parentOf, type RelativePath } from '../../shared/relative-path.ts';

export const ME = 'ab'.repeat(16) as DeviceTag;
export const OTHER = 'cd'.repeat(16) as DeviceTag;

/** A content hash that begins with the given digit. */
export function testContent(digit: number): ContentHash {
  return String(digit).repeat(64) as ContentHash;
}

/** Three trees in memory on which plans are carried out as the disk and the index would. */
export interface TreeModel {
  readonly remote: Map<RelativePath, RemoteNode>;
  readonly local: Map<RelativePath, LocalNode>;
  readonly synced: Map<RelativePath, SyncedNode>;
  readonly trees: ThreeTrees;
  readonly context: ReconcileContext;
  /** Content that a person wrote here and that was overwritten without being known: must stay empty. */
  readonly destroyed: string[];
  mark(inode?: string): StatMark;
  version(author: DeviceTag): EntryVersion;
  /** One plan over all paths, carried out. Returns what of it changed anything. */
  round(): readonly Operation[];
}

/** An empty model; `context` answers what it is given and 'nothing special' for the rest. */
export function createTreeModel(overrides: Partial<ReconcileContext> = {}): TreeModel {
  const remote = new Map<RelativePath, RemoteNode>();
  const local = new Map<RelativePath, LocalNode>();
  const synced = new Map<RelativePath, SyncedNode>();
  const destroyed: string[] = [];
  let count = 0;
  const mark = (inode?: string): StatMark => {
    count += 1;
    return { inode: inode ?? `i${count}`, device: 'd', size: 1, mtimeNs: String(count), ctimeNs: String(count) };
  };
  const version = (author: DeviceTag): EntryVersion => {
    count += 1;
    return { author, counter: count };
  };
  const children = (path: RelativePath): boolean => [...local.keys()].some((other) => isBelow(other, path));
  const trees: ThreeTrees = {
    remote: (path) => remote.get(path),
    local: (path) => local.get(path),
    synced: (path) => synced.get(path),
    hasLocalChildren: children,
  };
  const context: ReconcileContext = {
    publishing: 'allowed',
    caseSensitive: true,
    blocked: () => null,
    isVoid: () => false,
    knew: () => true,
    copyPath: (path, content, attempt) => `${path} (conflict me ${content.slice(0, 8 << attempt)})` as RelativePath,
    targetHash: (target) => testContent(target.length),
    awaitsDestination: () => false,
    hasOwnBelow: () => true,
    shardOf: (path) => parentOf(path),
    ...overrides,
  };

  function onDisk(value: Node): Node {
    if (value.kind === 'symlink' || value.mode === null) return value;
    return { ...value, mode: appliedMode(value.kind, value.mode) };
  }

  function put(path: RelativePath, node: RemoteNode, inode?: string): void {
    const value = node.value as Node;
    const at = mark(inode);
    local.set(path, { value: onDisk(value), mark: at, name: path });
    const agreed = withKnownMode(value, onDisk(value));
    synced.set(path, { value: agreed, version: node.version, mark: at, copy: node.copyOf !== null });
  }

  function parentStands(path: RelativePath): boolean {
    const parent = parentOf(path);
    return parent === '' || local.get(parent)?.value.kind === 'directory';
  }

  /** What the index does besides: a live child makes directories of its parents, a file there becomes a copy. */
  function publish(path: RelativePath, value: RemoteNode['value'], published: EntryVersion): void {
    const hasLive = [...remote].some(([other, node]) => isBelow(other, path) && node.value.kind !== 'gone');
    if (value.kind !== 'directory' && hasLive) {
      remote.set(path, { value: { kind: 'directory', mode: null }, version: published, copyOf: null, frozen: false });
      if (value.kind !== 'gone') moveAside(path, { value, version: published, copyOf: null, frozen: false });
    } else remote.set(path, { value, version: published, copyOf: null, frozen: false });
    if (value.kind === 'gone') return;
    for (let above = parentOf(path); above !== ''; above = parentOf(above)) {
      const node = remote.get(above);
      if (node?.value.kind === 'directory') continue;
      if (node !== undefined && node.value.kind !== 'gone') moveAside(above, node);
      const at = version(OTHER);
      remote.set(above, { value: { kind: 'directory', mode: null }, version: at, copyOf: null, frozen: false });
    }
  }

  function moveAside(path: RelativePath, node: RemoteNode): void {
    const content = node.value.kind === 'file' ? node.value.content : testContent(9);
    const copy = `${path} (conflict x ${content.slice(0, 8)})` as RelativePath;
    remote.set(copy, { ...node, copyOf: { path, version: node.version } });
  }

  function destroying(path: RelativePath): void {
    const here = local.get(path);
    const known = synced.get(path);
    if (here === undefined || here.value.kind === 'directory') return;
    if (known !== undefined && sameContent(here.value, known.value)) return;
    destroyed.push(path);
  }

  function carryOut(operation: Operation): void {
    switch (operation.type) {
      case 'hold':
      case 'wait':
      case 'halt':
        return;
      case 'agree':
        synced.set(operation.path, operation.synced);
        return;
      case 'forget':
        synced.delete(operation.path);
        return;
      case 'publish': {
        const at = version(ME);
        publish(operation.path, operation.change.value, at);
        if (operation.change.value.kind === 'gone' || operation.local === null) synced.delete(operation.path);
        else {
          const value = operation.change.value;
          synced.set(operation.path, { value, version: at, mark: operation.local.mark, copy: false });
        }
        return;
      }
      case 'adopt': {
        const value = operation.remote.value as Node;
        const at = mark(operation.local.mark.inode);
        const mode = value.kind !== 'symlink' && value.mode === null ? localValue(operation.local, undefined) : value;
        const kept = mode.kind === 'symlink' || mode.mode === null ? value : { ...value, mode: mode.mode };
        local.set(operation.path, { value: onDisk(kept as Node), mark: at, name: operation.path });
        synced.set(operation.path, {
          value: withKnownMode(value, operation.local.value),
          version: operation.remote.version,
          mark: at,
          copy: operation.remote.copyOf !== null,
        });
        return;
      }
      case 'create':
        if (local.has(operation.path) || !parentStands(operation.path)) return;
        put(operation.path, operation.remote);
        return;
      case 'replace':
        if (operation.local.value.kind === 'directory' && children(operation.path)) return;
        destroying(operation.path);
        put(operation.path, operation.remote);
        return;
      case 'remove':
        if (operation.local.value.kind === 'directory' && children(operation.path)) return;
        destroying(operation.path);
        local.delete(operation.path);
        synced.delete(operation.path);
        count += 1;
        return;
      case 'move':
        if (local.has(operation.to) || !parentStands(operation.to)) return;
        local.delete(operation.path);
        synced.delete(operation.path);
        put(operation.to, operation.remote, operation.local.mark.inode);
        return;
      case 'conflict': {
        const at = mark(operation.local.mark.inode);
        local.set(operation.copy, { value: operation.local.value, mark: at, name: operation.copy });
        if (operation.publish) {
          const published = version(ME);
          publish(operation.copy, operation.local.value, published);
          synced.set(operation.copy, { value: operation.local.value, version: published, mark: at, copy: false });
        }
        if (operation.remote.value.kind !== 'gone') put(operation.path, operation.remote);
        else {
          local.delete(operation.path);
          synced.delete(operation.path);
        }
      }
    }
  }

  return {
    remote,
    local,
    synced,
    trees,
    context,
    destroyed,
    mark,
    version,
    round() {
      const paths = new Set([...remote.keys(), ...local.keys(), ...synced.keys()]);
      const plan = reconcile([...paths].sort(), trees, context);
      return plan.filter((operation) => {
        if (operation.type === 'hold' || operation.type === 'wait' || operation.type === 'halt') return true;
        const before = count;
        carryOut(operation);
        return count !== before || operation.type === 'agree' || operation.type === 'forget';
      });
    },
  };
}
