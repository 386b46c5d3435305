import type { ContentHash } from '../../../shared/ids.ts';
import { parentOf, type RelativePath } from '../../../shared/relative-path.ts';
import {
  locallyChanged,
  localValue,
  modeOf,
  sameContent,
  sameMark,
  sameNode,
  sameVersion,
  withKnownMode,
} from './compare.ts';
import type { Operation, ReconcileContext, ThreeTrees } from './operations.ts';
import { NO_VERSION } from './remote-family.ts';
import type { LocalNode, Node, RemoteNode, StatMark, SyncedNode } from './tree-types.ts';

/** A mark that no file on disk has: what stands beside it counts as changed by a person. */
export const NO_MARK: StatMark = { inode: '', device: '', size: -1, mtimeNs: '', ctimeNs: '' };

/** Conflict names tried in turn until one is free. */
const COPY_ATTEMPTS = 16;

/** What to do about one path: the place where the meaning of syncing lives. Null: nothing. */
export function decide(path: RelativePath, trees: ThreeTrees, context: ReconcileContext): Operation | null {
  const remote = trees.remote(path);
  const local = trees.local(path);
  const synced = trees.synced(path);
  if (remote === undefined && local === undefined && synced === undefined) return null;
  if (remote?.frozen === true) return { type: 'hold', path, cause: 'update-needed' };
  const cause = context.blocked(path);
  if (cause !== null) return { type: 'hold', path, cause };
  if (synced !== undefined && context.isVoid(path, synced.version)) {
    const reverted = revert(path, remote, synced, context);
    if (reverted !== null) return reverted;
  }
  if (remote === undefined && synced !== undefined && !endsUnsaid(synced)) {
    return { type: 'halt', path, shard: context.shardOf(path) };
  }
  if (remote === undefined || remote.value.kind === 'gone') {
    return againstNothing(path, remote, local, synced, trees, context);
  }
  if (local === undefined) {
    if (context.publishing === 'noRight' && isUnderLocalFile(path, trees)) return { type: 'wait', path };
    return againstMissing(path, remote, synced, context);
  }
  // What a person made in a directory that became a file elsewhere stays, and is listed, until it is thrown away.
  if (context.publishing === 'noRight' && remote.value.kind !== 'directory' && trees.hasLocalChildren(path)) {
    return { type: 'wait', path };
  }
  if (synced === undefined) {
    if (sameContent(local.value, remote.value)) return { type: 'adopt', path, local, remote };
    return bothDiffer(path, remote, local, trees, context);
  }
  return threeWays(path, remote, remote.value, local, synced, trees, context);
}

/** RC8: whether a listed local change stands where the path's directory would be. */
function isUnderLocalFile(path: RelativePath, trees: ThreeTrees): boolean {
  for (let above = parentOf(path); above !== ''; above = parentOf(above)) {
    const local = trees.local(above);
    if (local !== undefined) return local.value.kind !== 'directory';
  }
  return false;
}

/** RC4: without a `gone` may end a conflict copy that no entry published, and a directory that only held something. */
function endsUnsaid(synced: SyncedNode): boolean {
  return synced.copy || sameVersion(synced.version, NO_VERSION);
}

/**
 * RC9: what was published after the right had ended becomes a local change: `synced` goes back to what stands. Where
 * something came to stand there that this device had not when it published, that was never agreed on.
 */
function revert(
  path: RelativePath,
  remote: RemoteNode | undefined,
  synced: SyncedNode,
  context: ReconcileContext,
): Operation | null {
  if (remote === undefined || remote.value.kind === 'gone') return { type: 'forget', path };
  if (sameVersion(remote.version, synced.version)) return null;
  if (!context.knew(path, synced.version, remote)) return { type: 'forget', path };
  const back: SyncedNode = {
    value: remote.value,
    version: remote.version,
    mark: NO_MARK,
    copy: remote.copyOf !== null,
  };
  return { type: 'agree', path, synced: back };
}

/** The index holds nothing live at the path: a removal, the end of a copy, or something new on disk. */
function againstNothing(
  path: RelativePath,
  remote: RemoteNode | undefined,
  local: LocalNode | undefined,
  synced: SyncedNode | undefined,
  trees: ThreeTrees,
  context: ReconcileContext,
): Operation | null {
  if (local === undefined) return synced === undefined ? null : { type: 'forget', path };
  if (synced !== undefined) {
    const bothDirectories = local.value.kind === 'directory' && synced.value.kind === 'directory';
    if (bothDirectories || !locallyChanged(local, synced)) {
      const gone = remote?.value.kind === 'gone' ? remote.value : null;
      if (gone !== null && gone.movedTo !== null && context.awaitsDestination(path, gone))
        return { type: 'wait', path };
      return { type: 'remove', path, local };
    }
  }
  switch (context.publishing) {
    case 'allowed':
      return publishLive(path, remote, local, synced);
    case 'waitingForHolder':
      return { type: 'wait', path };
    case 'noRight':
      if (synced === undefined) return { type: 'hold', path, cause: 'no-right-to-write' };
      if (local.value.kind === 'directory' || remote === undefined) return { type: 'forget', path };
      return conflict(path, remote, local, trees, context);
  }
}

/** The index holds something live that the disk does not. */
function againstMissing(
  path: RelativePath,
  remote: RemoteNode,
  synced: SyncedNode | undefined,
  context: ReconcileContext,
): Operation {
  const value = remote.value as Node;
  if (synced === undefined || !sameNode(value, synced.value)) return { type: 'create', path, remote };
  switch (context.publishing) {
    case 'noRight':
      return { type: 'create', path, remote };
    case 'waitingForHolder':
      return { type: 'wait', path };
    case 'allowed': {
      const content = contentOf(synced.value, context);
      const change = { path, value: { kind: 'gone', content, movedTo: null }, conflictOf: standsFor(remote) } as const;
      return { type: 'publish', path, change, local: null };
    }
  }
}

/** All three hold something. */
function threeWays(
  path: RelativePath,
  remote: RemoteNode,
  value: Node,
  local: LocalNode,
  synced: SyncedNode,
  trees: ThreeTrees,
  context: ReconcileContext,
): Operation | null {
  const here = locallyChanged(local, synced);
  const there = !sameNode(value, synced.value);
  if (!here && !there) return refresh(path, remote, value, local, synced, context);
  if (!here) {
    if (sameContent(local.value, value)) return { type: 'adopt', path, local, remote };
    return { type: 'replace', path, local, remote };
  }
  if (!there) {
    switch (context.publishing) {
      case 'allowed':
        return publishLive(path, remote, local, synced);
      case 'waitingForHolder':
        return { type: 'wait', path };
      case 'noRight':
        return { type: 'hold', path, cause: 'no-right-to-write' };
    }
  }
  if (sameContent(local.value, value)) return { type: 'adopt', path, local, remote };
  // Only mode or mtime changed on one of the sides: the change of content stands, and nothing unknown is lost.
  if (sameContent(local.value, synced.value)) return { type: 'replace', path, local, remote };
  if (sameContent(value, synced.value)) {
    const agreed = withKnownMode(value, synced.value);
    // An mtime that was never put on the disk is not what the disk holds.
    const otherTime = value.kind === 'file' && synced.value.kind === 'file' && value.mtime !== synced.value.mtime;
    const mark = otherTime ? NO_MARK : synced.mark;
    return {
      type: 'agree',
      path,
      synced: { value: agreed, version: remote.version, mark, copy: remote.copyOf !== null },
    };
  }
  return bothDiffer(path, remote, local, trees, context);
}

/** Nothing changed on either side; the row may still be behind in its version or stat. */
function refresh(
  path: RelativePath,
  remote: RemoteNode,
  value: Node,
  local: LocalNode,
  synced: SyncedNode,
  context: ReconcileContext,
): Operation | null {
  const copy = remote.copyOf !== null;
  const same = sameVersion(remote.version, synced.version);
  if (same && sameMark(local.mark, synced.mark) && copy === synced.copy) return null;
  // A directory that came back for what lies in it has lost its mode in the index: whoever put that there says it again.
  // Anybody else may only not have heard yet that it went, too.
  const lostMode = value.kind === 'directory' && value.mode === null && modeOf(synced.value) !== null;
  const mayPublish = modeOf(local.value) !== null && context.publishing === 'allowed';
  if (lostMode && !same && mayPublish && context.hasOwnBelow(path)) return publishLive(path, remote, local, synced);
  const agreed = withKnownMode(value, synced.value);
  return { type: 'agree', path, synced: { value: agreed, version: remote.version, mark: local.mark, copy } };
}

/** Contents differ, and `synced` knows neither. */
function bothDiffer(
  path: RelativePath,
  remote: RemoteNode,
  local: LocalNode,
  trees: ThreeTrees,
  context: ReconcileContext,
): Operation {
  if (local.value.kind === 'directory') {
    if (!trees.hasLocalChildren(path)) return { type: 'replace', path, local, remote };
    // What lies in it is published first, which makes a directory of the path everywhere.
    return { type: 'wait', path };
  }
  if (context.publishing === 'waitingForHolder') return { type: 'wait', path };
  return conflict(path, remote, local, trees, context);
}

function conflict(
  path: RelativePath,
  remote: RemoteNode,
  local: LocalNode,
  trees: ThreeTrees,
  context: ReconcileContext,
): Operation {
  const content = contentOf(local.value, context);
  if (content === null) return { type: 'hold', path, cause: 'name-collision' };
  for (let attempt = 0; attempt < COPY_ATTEMPTS; attempt += 1) {
    const copy = context.copyPath(path, content, attempt);
    // A copy is named after its original: one that is in conflict itself would be set aside onto itself.
    if (copy === null || copy === path || context.blocked(copy) !== null) continue;
    if (!isFreeFor(copy, local, trees)) continue;
    return { type: 'conflict', path, copy, local, remote, publish: context.publishing === 'allowed' };
  }
  return { type: 'hold', path, cause: 'name-collision' };
}

function isFreeFor(copy: RelativePath, local: LocalNode, trees: ThreeTrees): boolean {
  const onDisk = trees.local(copy);
  if (onDisk !== undefined && !sameContent(onDisk.value, local.value)) return false;
  const inIndex = trees.remote(copy);
  if (inIndex === undefined) return trees.synced(copy) === undefined;
  if (inIndex.frozen) return false;
  return inIndex.value.kind === 'gone' || sameContent(inIndex.value, local.value);
}

function publishLive(
  path: RelativePath,
  remote: RemoteNode | undefined,
  local: LocalNode,
  synced: SyncedNode | undefined,
): Operation {
  const change = { path, value: localValue(local, synced), conflictOf: standsFor(remote) };
  return { type: 'publish', path, change, local };
}

/** An own entry at a copy's name replaces the loser that the copy stands for, and nothing else. */
function standsFor(remote: RemoteNode | undefined): RemoteNode['version'] | null {
  return remote?.copyOf?.version ?? null;
}

function contentOf(value: Node, context: ReconcileContext): ContentHash | null {
  switch (value.kind) {
    case 'file':
      return value.content;
    case 'symlink':
      return context.targetHash(value.target);
    case 'directory':
      return null;
  }
}
