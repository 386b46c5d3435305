import { failure } from '../../../shared/errors.ts';
import { InvariantViolation } from '../../../shared/invariant.ts';
import { MAX_APPLY_GROUP } from '../../../shared/limits.ts';
import { nameOf, parentOf, type RelativePath } from '../../../shared/relative-path.ts';
import { systemCode } from '../ports/file-system.ts';
import { sameContent } from '../reconcile/compare.ts';
import { decide } from '../reconcile/decide.ts';
import type { Operation, ReconcileContext, ThreeTrees } from '../reconcile/operations.ts';
import { arrange } from '../reconcile/reconcile.ts';
import type { SyncedNode } from '../reconcile/tree-types.ts';
import { activityOf, publishedActivity } from './activity.ts';
import { type ApplyDeps, type ApplyGroup, applyOperation, emptyGroup, NotEmpty } from './apply.ts';
import { ChangedUnderUs, OtherFileSystem } from './disk.ts';
import type { ActivityItem, FolderDeps } from './folder-types.ts';
import { type Problem, problemFrom } from './problems.ts';
import { type Publication, publishAll, publishBatches } from './publish.ts';
import type { Retries } from './retries.ts';
import type { Scan } from './scan.ts';
import { setAside, takeOverAside } from './set-aside.ts';
import { createSlice, yieldNow } from './slices.ts';
import type { Staging } from './staging.ts';
import type { RowChange } from './tables.ts';

/** What a round works with. */
export interface RoundDeps extends ApplyDeps {
  readonly folder: FolderDeps;
  readonly trees: ThreeTrees;
  readonly context: ReconcileContext;
  readonly scan: Scan;
  readonly staging: Staging;
  readonly retries: Retries;
  /** To be looked at again in the next round. */
  readonly again: (path: RelativePath) => void;
  /** Its disk is being looked at: it is decided when that was done, also where nothing else is found. */
  readonly later: (path: RelativePath) => void;
  /** Everything is to be looked at again. */
  readonly all: () => void;
  /** What was decided for the path, or that nothing is to be done. */
  readonly noted: (path: RelativePath, operation: Operation | null) => void;
  /** What keeps the path from being done; null: nothing any more. */
  readonly problem: (path: RelativePath, problem: Problem | null) => void;
  readonly activity: (items: readonly ActivityItem[]) => void;
  readonly isOpen: () => boolean;
  /** Whether the root is still the folder's place. */
  readonly inOrder: () => boolean;
  /** Shards that rest. */
  readonly halted: (path: RelativePath) => boolean;
}

/** How often a path may be found changed under us before that is told as a problem. */
const QUIET_FAILURES = 5;

/** Whether others ran since the plan was made, so that its decisions have to be taken anew. */
interface Freshness {
  stale: boolean;
}

/** Plans for the paths and carries the plan out. */
export async function runRound(deps: RoundDeps, paths: readonly RelativePath[]): Promise<void> {
  const { trees, context } = deps;
  const decided: Operation[] = [];
  const freshness: Freshness = { stale: false };
  const slice = createSlice(deps.folder.clock);
  for (const path of paths) {
    if (deps.scan.awaits(path)) {
      deps.later(path);
      continue;
    }
    const operation = decide(path, trees, context);
    deps.noted(path, operation);
    if (operation?.type === 'wait') waitBelow(deps, path);
    if (operation !== null && (operation.type === 'halt' || !deps.halted(path))) decided.push(operation);
    if (!slice.isOver()) continue;
    await slice.next();
    if (!deps.isOpen()) return;
    freshness.stale = true;
  }
  await carryOut(deps, arrange(decided, trees, context), freshness);
}

/** What waits is looked at again when anything in it, or any directory above it, is not as it was. */
function waitBelow(deps: RoundDeps, path: RelativePath): void {
  deps.retries.afterDirectory(path, path);
  for (let above = parentOf(path); above !== ''; above = parentOf(above)) deps.retries.afterDirectory(above, path);
}

async function carryOut(deps: RoundDeps, plan: readonly Operation[], freshness: Freshness): Promise<void> {
  const agreed: Operation[] = [];
  const publications: Publication[] = [];
  const onDisk: Operation[] = [];
  for (const operation of plan) {
    switch (operation.type) {
      case 'halt':
      case 'hold':
      case 'wait':
        break;
      case 'agree':
        agreed.push(operation);
        break;
      case 'forget':
        agreed.push(operation);
        break;
      case 'publish':
        publications.push(operation);
        break;
      default:
        onDisk.push(operation);
    }
  }
  agree(deps, agreed, freshness);
  await publish(deps, publications, freshness);
  await apply(deps, onDisk, freshness);
}

function agree(deps: RoundDeps, operations: readonly Operation[], freshness: Freshness): void {
  const rows: RowChange[] = [];
  for (const operation of operations) {
    const now = renewed(deps, operation, freshness);
    if (now?.type === 'agree') rows.push({ path: now.path, synced: now.synced });
    if (now?.type === 'forget') rows.push({ path: now.path, synced: null });
  }
  if (rows.length === 0) return;
  deps.tables.commit(rows);
  for (const { path } of rows) deps.again(path);
}

/** The operation as it would be decided now, since others ran after the plan was made; null if that is another one. */
function renewed<T extends Operation>(deps: RoundDeps, operation: T, freshness: Freshness): T | null {
  if (!freshness.stale) return operation;
  const now = decide(operation.path, deps.trees, deps.context);
  if (operation.type === 'move') {
    const there = decide(operation.to, deps.trees, deps.context);
    if (now?.type === 'remove' && there?.type === 'create' && sameContent(now.local.value, there.remote.value)) {
      return { ...operation, local: now.local, remote: there.remote };
    }
    deps.again(operation.to);
  } else if (now?.type === operation.type) {
    const isRemoval = operation.type === 'publish' && operation.change.value.kind === 'gone';
    // The destination of a removal was found by looking at the whole plan.
    if (isRemoval && now.type === 'publish' && now.change.value.kind === 'gone') return operation;
    return now as T;
  }
  deps.again(operation.path);
  return null;
}

async function publish(deps: RoundDeps, publications: readonly Publication[], freshness: Freshness): Promise<void> {
  for (const batch of publishBatches(publications)) {
    const standing: Publication[] = [];
    for (const publication of batch) {
      const now = renewed(deps, publication, freshness);
      if (now !== null && (now.local !== null || isReallyGone(deps, now.path))) standing.push(now);
    }
    // HA1: what vanished together with the root did not vanish.
    if (!deps.inOrder()) return;
    if (standing.length === 0) continue;
    publishTogether(deps, standing);
    await yieldNow();
    if (!deps.isOpen()) return;
    freshness.stale = true;
  }
}

/** In one transaction; where the index does not take one of them each goes alone, so that it stops no other. */
function publishTogether(deps: RoundDeps, standing: readonly Publication[]): void {
  const items = standing.flatMap((publication) => publishedActivity(deps.folder, deps.trees, publication));
  try {
    if (standing.some((publication) => changesMore(deps, publication))) deps.all();
    publishAll(deps.folder.index, deps.tables, standing);
  } catch (error) {
    if (systemCode(error) === '' && standing.length > 1) for (const one of standing) publishTogether(deps, [one]);
    else for (const { path } of standing) notPublished(deps, path, error);
    return;
  }
  deps.activity(items);
  for (const { path } of standing) {
    deps.retries.succeeded(path);
    deps.noted(path, null);
    // Live children keep or bring back directories, the own one and the one above.
    if (deps.trees.remote(path)?.value.kind === 'directory') deps.again(path);
    const parent = parentOf(path);
    if (parent !== '') deps.again(parent);
  }
}

/** What the program itself thinks impossible about one path is a bug, and no reason to stop at the others. */
function notPublished(deps: RoundDeps, path: RelativePath, error: unknown): void {
  if (!(error instanceof InvariantViolation)) {
    failed(deps, path, error);
    return;
  }
  deps.folder.failed(error);
  deps.problem(path, { path, code: 'internal', message: error.message });
  deps.retries.later(path);
}

/** A removal is published only if nothing is there at this very moment, whatever a listing said before. */
function isReallyGone(deps: RoundDeps, path: RelativePath): boolean {
  try {
    if (deps.disk.fs.lstat(deps.disk.safe(path)) === null) return true;
  } catch (error) {
    // HA3: what lies under another disk that was mounted there did not vanish.
    if (error instanceof OtherFileSystem) {
      deps.scan.lookAt(path, nameOf(path));
      return false;
    }
    // What it lay in is no directory any more, or a link to somewhere else.
    if (systemCode(error) === '') return true;
    // RC13: it counts as still there until it can be looked at.
    deps.problem(path, problemFrom(path, error, 'read'));
    deps.retries.later(path);
    return false;
  }
  deps.scan.lookAt(path, nameOf(path));
  return false;
}

/** Whether the tree will differ elsewhere, too: a file on the way becomes a directory, or live children keep one. */
function changesMore(deps: RoundDeps, { path, change }: Publication): boolean {
  const before = deps.trees.remote(path)?.value.kind;
  if (change.value.kind === 'gone') return false;
  if (before === 'directory') return change.value.kind !== 'directory';
  for (let above = parentOf(path); above !== ''; above = parentOf(above)) {
    const node = deps.trees.remote(above);
    if (node?.value.kind === 'directory') return false;
    if (node !== undefined) return true;
  }
  return false;
}

async function apply(deps: RoundDeps, operations: readonly Operation[], freshness: Freshness): Promise<void> {
  let group = emptyGroup();
  let items: ActivityItem[] = [];
  const slice = createSlice(deps.folder.clock);
  const finish = (): void => {
    commitGroup(deps, group);
    deps.activity(items);
    group = emptyGroup();
    items = [];
  };
  for (const planned of operations) {
    const operation = renewed(deps, planned, freshness);
    if (operation === null) continue;
    const staged = stagedFor(deps, operation);
    if (staged === 'coming') continue;
    const rowsBefore = group.rows.length;
    try {
      if (operation.type === 'conflict') applyConflict(deps, operation, staged, group);
      else if (isDiskOperation(operation)) applyOperation(deps, operation, staged, group);
      items.push(...activityOf(deps.folder, deps.trees, operation));
      deps.retries.succeeded(operation.path);
      if (operation.type === 'conflict' || operation.type === 'move') deps.again(operation.path);
    } catch (error) {
      failed(deps, operation.path, error);
      if (operation.type === 'move') failed(deps, operation.to, error);
      // Until the path has gone its version is one file under two names.
      if (operation.type === 'conflict') deps.scan.lookAt(operation.copy, nameOf(operation.copy));
    }
    for (const { path, local } of group.rows.slice(rowsBefore)) if (local !== undefined) deps.tables.saw(path, local);
    if (group.rows.length >= MAX_APPLY_GROUP) finish();
    if (!slice.isOver()) continue;
    await slice.next();
    if (!deps.isOpen()) break;
    freshness.stale = true;
  }
  finish();
}

function isDiskOperation(operation: Operation): operation is Parameters<typeof applyOperation>[1] {
  return ['adopt', 'create', 'replace', 'remove', 'move'].includes(operation.type);
}

function stagedFor(deps: RoundDeps, operation: Operation): string | null | 'coming' {
  if (operation.type !== 'create' && operation.type !== 'replace' && operation.type !== 'conflict') return null;
  const value = operation.remote.value;
  if (value.kind !== 'file') return null;
  const previous = operation.type === 'create' ? null : deps.disk.absolute(operation.path);
  const wanted = { content: value.content, size: value.size, previous };
  return deps.staging.take(operation.path, wanted) ?? 'coming';
}

/** RC5: the conflict name is durable, then its entry and `synced` are, then the remote one takes the path. */
function applyConflict(
  deps: RoundDeps,
  operation: Extract<Operation, { type: 'conflict' }>,
  staged: string | null,
  group: ApplyGroup,
): void {
  const { row, seen } = setAside(deps, operation);
  deps.tables.saw(operation.copy, row);
  let synced: SyncedNode | null = null;
  if (operation.publish) {
    const there = deps.trees.remote(operation.copy);
    if (there === undefined || there.value.kind === 'gone') {
      const change = { path: operation.copy, value: row.value, conflictOf: there?.copyOf?.version ?? null };
      publishAll(deps.folder.index, deps.tables, [{ type: 'publish', path: operation.copy, change, local: row }]);
      synced = deps.trees.synced(operation.copy) ?? null;
    } else synced = { value: row.value, version: there.version, mark: row.mark, copy: there.copyOf !== null };
  }
  takeOverAside(deps, operation, { row, seen, synced }, staged, group);
  deps.again(operation.copy);
}

/** RC6: names are flushed, and only then `synced` is written. */
function commitGroup(deps: RoundDeps, group: ApplyGroup): void {
  if (group.rows.length === 0 && group.versions.length === 0) return;
  if (group.versions.length > 0) group.directories.add(deps.disk.versions);
  for (const directory of group.directories) {
    try {
      deps.disk.fs.flushDirectory(directory);
    } catch (error) {
      // A directory that was removed later in the same group, or replaced by a person, needs no flush.
      if (!['ENOENT', 'ENOTDIR'].includes(systemCode(error))) throw error;
    }
  }
  deps.tables.commit(group.rows, (tx) => deps.versions.record(tx, group.versions));
  for (const { path } of group.rows) {
    deps.staging.release(path);
    deps.problem(path, null);
    deps.noted(path, null);
    for (const waiting of deps.retries.takeWaiting(path)) deps.again(waiting);
    for (const waiting of deps.retries.takeWaiting(parentOf(path))) deps.again(waiting);
  }
}

function failed(deps: RoundDeps, path: RelativePath, error: unknown): void {
  if (error instanceof NotEmpty) {
    deps.retries.afterDirectory(path, path);
    if (deps.trees.hasLocalChildren(path)) return;
    deps.problem(path, { path, code: 'directory-not-empty', message: 'It still holds something that is not synced' });
    // Nobody looks at that, so nobody tells when it goes.
    deps.retries.later(path);
    return;
  }
  if (!(error instanceof ChangedUnderUs)) {
    deps.problem(path, problemFrom(path, error, 'write'));
    deps.retries.later(path);
    return;
  }
  const parent = parentOf(path);
  if (parent !== '' && deps.trees.local(parent)?.value.kind !== 'directory') {
    deps.retries.afterDirectory(parent, path);
    return;
  }
  // A new local edit: it is looked at and goes round again.
  deps.scan.lookAt(path, deps.trees.local(path)?.name ?? nameOf(path));
  if (deps.retries.later(path) < QUIET_FAILURES) return;
  const collides = deps.trees.local(path) === undefined;
  const problem = collides
    ? failure('name-collision', 'Something that is not synced stands at this name')
    : failure('file-changing', 'It keeps changing');
  deps.problem(path, problemFrom(path, problem, 'write'));
}
