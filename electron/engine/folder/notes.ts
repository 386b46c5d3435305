import type { ErrorCode } from '../../../shared/errors.ts';
import { nameOf, type RelativePath } from '../../../shared/relative-path.ts';
import { isCopyName } from '../reconcile/conflict-name.ts';
import type { Operation, ReconcileContext } from '../reconcile/operations.ts';
import { publishingNow } from './context.ts';
import type { FolderDeps } from './folder-types.ts';
import type { Problem } from './problems.ts';
import type { Staging } from './staging.ts';

/** What the planner's decisions say about single paths, for people and for the rounds to come. */
export interface Notes {
  readonly problems: ReadonlyMap<RelativePath, Problem>;
  /** Conflict copies that are live. */
  readonly copies: ReadonlySet<RelativePath>;
  /** Paths whose local change is not published yet. */
  readonly unpublished: ReadonlySet<RelativePath>;
  /** What was decided for the path; null: nothing is left to do. */
  noted(path: RelativePath, operation: Operation | null): void;
  problem(path: RelativePath, problem: Problem | null): void;
  /** RC4: whether the path lies in a shard that rests; it is looked at again when that ends. */
  rests(path: RelativePath): boolean;
}

/** Notes of one folder; `again` gets the paths of a shard that rests no more. */
export function createNotes(
  deps: FolderDeps,
  staging: Staging,
  context: ReconcileContext,
  again: (path: RelativePath) => void,
): Notes {
  const problems = new Map<RelativePath, Problem>();
  const copies = new Set<RelativePath>();
  const unpublished = new Set<RelativePath>();
  /** Paths whose problem is a decision, not a failure on disk. */
  const held = new Set<RelativePath>();
  const unknown = new Map<RelativePath, string>();
  const resting = new Map<string, Set<RelativePath>>();

  function noteHalt(path: RelativePath, operation: Operation | null): void {
    const shard = unknown.get(path);
    if (operation?.type === 'halt') {
      unknown.set(path, operation.shard);
      if (!resting.has(operation.shard)) resting.set(operation.shard, new Set());
      const message = 'The index of this part of the folder is fetched again';
      problems.set(path, { path, code: 'content-not-available', message });
      if (shard === undefined) deps.shardUnknown(path);
      return;
    }
    if (shard === undefined) return;
    unknown.delete(path);
    if ([...unknown.values()].includes(shard)) return;
    for (const rested of resting.get(shard) ?? []) again(rested);
    resting.delete(shard);
  }

  function noteProblem(path: RelativePath, operation: Operation | null): void {
    if (held.delete(path)) problems.delete(path);
    switch (operation?.type) {
      case 'hold':
        held.add(path);
        problems.set(path, { path, code: operation.cause, message: holdMessage(operation.cause) });
        return;
      // What is still to be done on disk keeps the problem that it had the last time.
      case 'halt':
      case 'remove':
      case 'create':
      case 'replace':
      case 'conflict':
        return;
      default:
        problems.delete(path);
    }
  }

  return {
    problems,
    copies,
    unpublished,
    noted(path, operation) {
      const type = operation?.type;
      if (type !== 'create' && type !== 'replace' && type !== 'conflict') staging.release(path);
      noteHalt(path, operation);
      noteProblem(path, operation);
      const isNews = type === 'publish' || type === 'wait';
      if (isNews && publishingNow(deps) !== 'noRight') unpublished.add(path);
      else unpublished.delete(path);
      // Copies lie at conflict names, so that the others need not be looked up.
      if (!isCopyName(nameOf(path))) return;
      const remote = deps.index.remote(path);
      if (remote !== undefined && remote.value.kind !== 'gone') copies.add(path);
      else copies.delete(path);
    },
    problem(path, problem) {
      held.delete(path);
      if (problem === null) problems.delete(path);
      else problems.set(path, problem);
    },
    rests(path) {
      const rested = resting.get(context.shardOf(path));
      rested?.add(path);
      return rested !== undefined;
    },
  };
}

/** English for what holds a path back. */
function holdMessage(cause: ErrorCode): string {
  switch (cause) {
    case 'no-right-to-write':
      return 'This device may only read here: the change stays on this device';
    case 'update-needed':
      return 'A newer version of Flotilla wrote this';
    case 'name-reserved':
      return 'Names like this are not synced';
    case 'name-not-representable':
      return 'This disk cannot hold such a name';
    case 'name-collision':
      return 'Another name here is too much like this one';
    default:
      return `It can't be synced here (${cause})`;
  }
}
