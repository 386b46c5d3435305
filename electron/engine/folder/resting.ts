import { nameOf, type RelativePath } from '../../../shared/relative-path.ts';
import type { FolderIndex } from '../index/folder-index.ts';
import type { Clock } from '../ports/clock.ts';
import { sameContent } from '../reconcile/compare.ts';
import { isCopyName } from '../reconcile/conflict-name.ts';
import type { Gone } from '../reconcile/tree-types.ts';
import { everyPath } from './every-path.ts';
import { createSlice } from './slices.ts';
import type { FolderTables } from './tables.ts';

/** What a path of a resting folder waits for: to be looked at, to be changed by what stands elsewhere, or for a choice. */
export type RestingState = 'reading' | 'coming' | 'conflict';

/** What comparing the trees needs. */
export interface RestingTrees {
  readonly tables: Pick<FolderTables, 'local' | 'synced' | 'allPaths'>;
  readonly index: Pick<FolderIndex, 'remote' | 'remoteBelow' | 'subscribe'>;
}

/** All paths of a folder that rests and where something waits. Nobody looks or plans: it is read off the three trees. */
export interface Resting {
  /** As far as it was looked through. */
  readonly found: ReadonlyMap<RelativePath, RestingState>;
  /** Conflict copies that are live, as far as it was looked through. */
  readonly copies: ReadonlySet<RelativePath>;
  close(): void;
}

const NOTHING: Gone = { kind: 'gone', content: null, movedTo: null };

/** By what was last seen here, what was last agreed on, and what the index says now; null: the path is the same. */
function restingState({ tables, index }: RestingTrees, path: RelativePath): RestingState | null {
  const remote = index.remote(path)?.value ?? NOTHING;
  const local = tables.local(path)?.value ?? NOTHING;
  if (sameContent(local, remote)) return remote.kind !== 'gone' && isCopyName(nameOf(path)) ? 'conflict' : null;
  const synced = tables.synced(path)?.value;
  const changedHere = synced === undefined ? local.kind !== 'gone' : !sameContent(local, synced);
  return changedHere ? 'reading' : 'coming';
}

/** Looks through the trees in slices, and again where the index changes; `changed` tells that more was found. */
export function createResting(
  trees: RestingTrees,
  clock: Clock,
  changed: () => void,
  failed: (error: unknown) => void,
): Resting {
  const found = new Map<RelativePath, RestingState>();
  const copies = new Set<RelativePath>();
  let open = true;

  function look(path: RelativePath): void {
    const state = restingState(trees, path);
    if (state === null) found.delete(path);
    else found.set(path, state);
    const remote = isCopyName(nameOf(path)) ? trees.index.remote(path) : undefined;
    if (remote === undefined || remote.value.kind === 'gone') copies.delete(path);
    else copies.add(path);
  }

  /** What changed in the index, and is to be looked at. */
  const waiting = new Set<RelativePath>();
  let looking = true;

  async function lookAt(paths: Iterable<RelativePath>): Promise<void> {
    const slice = createSlice(clock);
    for (const path of paths) {
      look(path);
      if (slice.isOver()) await slice.next();
      if (!open) return;
    }
  }

  async function lookAtWaiting(): Promise<void> {
    while (open && waiting.size > 0) {
      const paths = [...waiting];
      waiting.clear();
      await lookAt(paths);
      changed();
    }
    looking = false;
  }

  async function lookThrough(): Promise<void> {
    await lookAt(everyPath(trees.tables, trees.index));
    if (open && (found.size > 0 || copies.size > 0)) changed();
    await lookAtWaiting();
  }

  const unsubscribe = trees.index.subscribe((paths) => {
    for (const path of paths) waiting.add(path);
    if (looking) return;
    looking = true;
    lookAtWaiting().catch(failed);
  });
  lookThrough().catch(failed);

  return {
    found,
    copies,
    close() {
      open = false;
      unsubscribe();
    },
  };
}
