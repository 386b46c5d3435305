import type { ContentHash } from '../../../shared/ids.ts';
import { foldName, nameOf, type RelativePath } from '../../../shared/relative-path.ts';
import type { Operation, ReconcileContext, ThreeTrees } from './operations.ts';

type Publish = Extract<Operation, { type: 'publish' }>;
type Remove = Extract<Operation, { type: 'remove' }>;
type Create = Extract<Operation, { type: 'create' }>;

/** Finds what went to another place: own renames get a destination, others' renames become moves on disk. */
export function pairMoves(
  operations: readonly Operation[],
  trees: ThreeTrees,
  context: ReconcileContext,
): readonly Operation[] {
  return pairOnDisk(nameDestinations(operations, trees), context);
}

/** A file that vanished here and the same content that appeared elsewhere: the removal tells where it went. */
function nameDestinations(operations: readonly Operation[], trees: ThreeTrees): readonly Operation[] {
  const appeared = new Map<ContentHash, Publish[]>();
  let removals = false;
  for (const operation of operations) {
    if (operation.type !== 'publish') continue;
    const value = operation.change.value;
    if (value.kind === 'gone') removals = true;
    if (value.kind !== 'file' || operation.local === null) continue;
    if (trees.synced(operation.path) !== undefined) continue;
    const same = appeared.get(value.content);
    if (same === undefined) appeared.set(value.content, [operation]);
    else same.push(operation);
  }
  if (!removals || appeared.size === 0) return operations;
  return operations.map((operation) => {
    if (operation.type !== 'publish' || operation.change.value.kind !== 'gone') return operation;
    const content = operation.change.value.content;
    const synced = trees.synced(operation.path);
    const candidates = content === null ? undefined : appeared.get(content);
    if (candidates === undefined || synced === undefined) return operation;
    const empty = synced.value.kind === 'file' && synced.value.size === 0;
    const at = bestDestination(operation.path, synced.mark.inode, candidates, empty);
    const [destination] = at < 0 ? [] : candidates.splice(at, 1);
    if (destination === undefined) return operation;
    const value = { ...operation.change.value, movedTo: destination.path };
    return { ...operation, change: { ...operation.change, value } };
  });
}

function bestDestination(path: RelativePath, inode: string, candidates: readonly Publish[], empty: boolean): number {
  const byInode = candidates.findIndex((candidate) => candidate.local?.mark.inode === inode);
  if (byInode >= 0) return byInode;
  const name = nameOf(path);
  const byName = candidates.findIndex((candidate) => nameOf(candidate.path) === name);
  // All empty files are alike: only a name that stayed makes a rename of one.
  if (byName >= 0 || empty) return byName;
  return candidates.length > 0 ? 0 : -1;
}

/** A file to remove and the same content to create: one rename on disk. */
function pairOnDisk(operations: readonly Operation[], context: ReconcileContext): readonly Operation[] {
  const removed = new Map<string, Remove[]>();
  for (const operation of operations) {
    if (operation.type !== 'remove') continue;
    const key = removalKey(operation, context);
    if (key === null) continue;
    const same = removed.get(key);
    if (same === undefined) removed.set(key, [operation]);
    else same.push(operation);
  }
  if (removed.size === 0) return operations;
  const taken = new Set<RelativePath>();
  const paired = operations.map((operation): Operation => {
    if (operation.type !== 'create') return operation;
    const key = creationKey(operation, context);
    const candidates = key === null ? undefined : removed.get(key);
    if (candidates === undefined || candidates.length === 0) return operation;
    const name = nameOf(operation.path);
    const byName = candidates.findIndex((candidate) => nameOf(candidate.path) === name);
    const [source] = candidates.splice(Math.max(0, byName), 1);
    if (source === undefined) return operation;
    taken.add(source.path);
    return { type: 'move', path: source.path, to: operation.path, local: source.local, remote: operation.remote };
  });
  return paired.filter((operation) => operation.type !== 'remove' || !taken.has(operation.path));
}

function removalKey(operation: Remove, context: ReconcileContext): string | null {
  const value = operation.local.value;
  if (value.kind === 'file') return value.content;
  if (value.kind === 'directory' && !context.caseSensitive) return `directory ${foldName(operation.path)}`;
  return null;
}

function creationKey(operation: Create, context: ReconcileContext): string | null {
  const value = operation.remote.value;
  if (value.kind === 'file') return value.content;
  if (value.kind === 'directory' && !context.caseSensitive) return `directory ${foldName(operation.path)}`;
  return null;
}
