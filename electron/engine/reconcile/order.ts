import { parentOf, type RelativePath } from '../../../shared/relative-path.ts';
import type { Operation } from './operations.ts';

/**
 * RC7: what is told comes first, then what stands in the way is removed (children before parents), then creations
 * (directories from the top, moves, files), then the other removals (children before parents).
 */
export function orderOperations(operations: readonly Operation[]): readonly Operation[] {
  const replacedDirectories = new Set<string>();
  for (const operation of operations) {
    if (operation.type === 'replace' && operation.local.value.kind === 'directory') {
      replacedDirectories.add(operation.path);
    }
  }
  const ranked = operations.map((operation) => ({ operation, rank: rankOf(operation, replacedDirectories) }));
  ranked.sort((a, b) => {
    if (a.rank !== b.rank) return a.rank - b.rank;
    const order = a.operation.path < b.operation.path ? -1 : a.operation.path > b.operation.path ? 1 : 0;
    return a.rank === UNPUBLISHING || a.rank === CLEARING || a.rank === REMOVING ? -order : order;
  });
  return ranked.map(({ operation }) => operation);
}

const UNPUBLISHING = 2;
const CLEARING = 3;
const REMOVING = 7;

function rankOf(operation: Operation, replacedDirectories: ReadonlySet<string>): number {
  switch (operation.type) {
    case 'halt':
    case 'hold':
    case 'wait':
    case 'agree':
    case 'forget':
      return 0;
    case 'publish':
      return operation.change.value.kind === 'gone' ? UNPUBLISHING : 1;
    case 'remove':
      return standsInTheWay(operation.path, replacedDirectories) ? CLEARING : REMOVING;
    case 'create':
    case 'replace':
    case 'conflict':
      if (operation.remote.value.kind === 'directory') return 4;
      return operation.remote.value.kind === 'gone' ? REMOVING : 6;
    case 'move':
      return operation.remote.value.kind === 'directory' ? 4 : 5;
    case 'adopt':
      return 6;
  }
}

function standsInTheWay(path: RelativePath, replacedDirectories: ReadonlySet<string>): boolean {
  if (replacedDirectories.size === 0) return false;
  for (let above = parentOf(path); above !== ''; above = parentOf(above)) {
    if (replacedDirectories.has(above)) return true;
  }
  return false;
}
