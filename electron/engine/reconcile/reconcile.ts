import type { RelativePath } from '../../../shared/relative-path.ts';
import { decide } from './decide.ts';
import { pairMoves } from './moves.ts';
import type { Operation, ReconcileContext, ThreeTrees } from './operations.ts';
import { orderOperations } from './order.ts';

/**
 * The plan that brings the three trees towards each other at the given paths, in the order in which it is safe to
 * carry out. Carrying it out changes the trees; planned again until nothing is left, they are equal.
 */
export function reconcile(
  paths: Iterable<RelativePath>,
  trees: ThreeTrees,
  context: ReconcileContext,
): readonly Operation[] {
  const decided: Operation[] = [];
  for (const path of paths) {
    const operation = decide(path, trees, context);
    if (operation !== null) decided.push(operation);
  }
  return arrange(decided, trees, context);
}

/** Makes a plan of decisions taken path by path (in slices, where there are many). */
export function arrange(
  decided: readonly Operation[],
  trees: ThreeTrees,
  context: ReconcileContext,
): readonly Operation[] {
  return orderOperations(pairMoves(restShards(decided, context), trees, context));
}

/** RC4: in a shard that halted nothing is done, not even what looks harmless. */
function restShards(decided: readonly Operation[], context: ReconcileContext): readonly Operation[] {
  const halted = new Set<string>();
  for (const operation of decided) if (operation.type === 'halt') halted.add(operation.shard);
  if (halted.size === 0) return decided;
  return decided.filter((operation) => operation.type === 'halt' || !halted.has(context.shardOf(operation.path)));
}
