import type { RelativePath } from '../../../shared/relative-path.ts';
import type { Operation, ThreeTrees } from '../reconcile/operations.ts';
import type { ActivityItem, FolderDeps } from './folder-types.ts';
import type { Publication } from './publish.ts';

/** What an operation that was applied tells people. Directories come and go with what lies in them, and are not told. */
export function activityOf(deps: FolderDeps, trees: ThreeTrees, operation: Operation): readonly ActivityItem[] {
  const at = deps.clock.now();
  const path = operation.path;
  if (isOfDirectory(trees, operation)) return [];
  switch (operation.type) {
    case 'create':
      return [{ path, action: 'added', to: null, author: operation.remote.version.author, at }];
    case 'replace':
      return [{ path, action: 'changed', to: null, author: operation.remote.version.author, at }];
    case 'move':
      return [{ path, action: 'moved', to: operation.to, author: operation.remote.version.author, at }];
    case 'conflict':
      return [{ path, action: 'conflict', to: operation.copy, author: operation.remote.version.author, at }];
    case 'remove':
      return [{ path, action: 'removed', to: null, author: authorOfRemoval(deps, trees, path), at }];
    default:
      return [];
  }
}

function isOfDirectory(trees: ThreeTrees, operation: Operation): boolean {
  if (operation.type === 'remove') return wasDirectory(trees, operation.path);
  return 'remote' in operation && operation.remote.value.kind === 'directory';
}

function wasDirectory(trees: ThreeTrees, path: RelativePath): boolean {
  return (trees.synced(path) ?? trees.local(path))?.value.kind === 'directory';
}

function authorOfRemoval(deps: FolderDeps, trees: ThreeTrees, path: RelativePath): ActivityItem['author'] {
  return trees.remote(path)?.version.author ?? deps.self;
}

/** What an own change that is about to be published tells people. */
export function publishedActivity(
  deps: FolderDeps,
  trees: ThreeTrees,
  { path, change }: Publication,
): readonly ActivityItem[] {
  const at = deps.clock.now();
  const value = change.value;
  if (value.kind === 'directory' || (value.kind === 'gone' && wasDirectory(trees, path))) return [];
  if (value.kind !== 'gone') {
    const action = trees.synced(path) === undefined ? 'added' : 'changed';
    return [{ path, action, to: null, author: deps.self, at }];
  }
  const action = value.movedTo === null ? 'removed' : 'moved';
  return [{ path, action, to: value.movedTo, author: deps.self, at }];
}
