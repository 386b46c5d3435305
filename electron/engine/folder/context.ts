import type { ErrorCode } from '../../../shared/errors.ts';
import { MOVE_WAIT_MS } from '../../../shared/limits.ts';
import { canHoldName } from '../../../shared/name-on-disk.ts';
import { childOf, nameOf, parentOf, type RelativePath } from '../../../shared/relative-path.ts';
import { contentHash } from '../bytes/hash.ts';
import { shardOf } from '../index/shard-place.ts';
import { copyName } from '../reconcile/conflict-name.ts';
import { isIgnoredName } from '../reconcile/ignore.ts';
import type { Publishing, ReconcileContext } from '../reconcile/operations.ts';
import type { FolderDeps } from './folder-types.ts';
import type { Scan } from './scan.ts';

/** What this device may publish at this moment. */
export function publishingNow(deps: FolderDeps): Publishing {
  if (!deps.rights.canWrite()) return 'noRight';
  return deps.index.state().type === 'ready' ? 'allowed' : 'waitingForHolder';
}

/** The planner's view of everything but the three trees. `again` is told of paths that waited long enough. */
export function createContext(
  deps: FolderDeps,
  scan: Scan,
  caseSensitive: boolean,
  again: (path: RelativePath) => void,
): ReconcileContext {
  const waitedFor = new Map<RelativePath, number>();

  function blocked(path: RelativePath): ErrorCode | null {
    for (let at: RelativePath | '' = path; at !== ''; at = parentOf(at)) {
      if (isIgnoredName(nameOf(at))) return 'name-reserved';
      if (!canHoldName(nameOf(at), deps.fs.names)) return 'name-not-representable';
      const problem = scan.problemAt(at);
      if (problem !== undefined && (at === path || problem.code === 'root-other-file-system')) return problem.code;
    }
    return null;
  }

  return {
    get publishing() {
      return publishingNow(deps);
    },
    caseSensitive,
    blocked,
    isVoid: (path, version) => deps.index.isVoid(path, version),
    knew: (path, own, shown) => deps.index.knew(path, own, shown),
    copyPath(path, content, attempt) {
      return childOf(parentOf(path), copyName(nameOf(path), deps.authorName(deps.self), content, attempt));
    },
    targetHash: (target) => contentHash(new TextEncoder().encode(target)),
    awaitsDestination(path, gone) {
      if (gone.movedTo === null || deps.index.remote(gone.movedTo) !== undefined) {
        waitedFor.delete(path);
        return false;
      }
      const since = waitedFor.get(path);
      if (since !== undefined) return deps.clock.monotonic() - since < MOVE_WAIT_MS;
      waitedFor.set(path, deps.clock.monotonic());
      deps.clock.after(MOVE_WAIT_MS, () => again(path));
      return true;
    },
    hasOwnBelow(path) {
      for (const [below, { value, version }] of deps.index.remoteBelow(path)) {
        if (below !== path && value.kind !== 'gone' && version.author === deps.self) return true;
      }
      return false;
    },
    shardOf: (path) => String(shardOf(path)),
  };
}
