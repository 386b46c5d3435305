import { sameContent, sameMarkButChangeTime } from '../../electron/engine/reconcile/compare.ts';
import type { decide } from '../../electron/engine/reconcile/decide.ts';
import type { Operation } from '../../electron/engine/reconcile/operations.ts';
import type { Node } from '../../electron/engine/reconcile/tree-types.ts';
import type { FileMutant } from './file-mutant.ts';

/** What `decide` says, but for some of it. */
function otherwise(
  change: (operation: Operation, ...about: Parameters<typeof decide>) => Operation | null,
): NonNullable<FileMutant['decide']> {
  return (honest) => (path, trees, context) => {
    const operation = honest(path, trees, context);
    return operation === null ? null : change(operation, path, trees, context);
  };
}

/** Takes what a person just made, if it is of that kind, for what was removed elsewhere. */
function removesNew(isOfKind: (value: Node) => boolean): FileMutant {
  return {
    decide: otherwise((operation, path, trees) => {
      if (operation.type !== 'publish' || operation.local === null || !isOfKind(operation.local.value))
        return operation;
      if (trees.synced(path) !== undefined || trees.hasLocalChildren(path)) return operation;
      return { type: 'remove', path, local: operation.local };
    }),
  };
}

export const removesNewLinks = removesNew(({ kind }) => kind === 'symlink');
export const removesNewDirectories = removesNew(({ kind }) => kind === 'directory');
export const removesNewEmptyFiles = removesNew((value) => value.kind === 'file' && value.size === 0);

/** Takes a change back where it left the content alone and this of what is beside it is not as agreed on. */
function undoes(differs: (local: Node, synced: Node) => boolean): FileMutant {
  return {
    decide: otherwise((operation, path, trees) => {
      const [remote, synced] = [trees.remote(path), trees.synced(path)];
      if (operation.type !== 'publish' || operation.local === null || remote === undefined || synced === undefined) {
        return operation;
      }
      const { local } = operation;
      const isAlone = sameContent(local.value, synced.value) && sameContent(local.value, remote.value);
      return isAlone && differs(local.value, synced.value) ? { type: 'adopt', path, local, remote } : operation;
    }),
  };
}

export const undoesModes = undoes((local, synced) => 'mode' in local && 'mode' in synced && local.mode !== synced.mode);
export const undoesTimes = undoes(
  (local, synced) => local.kind === 'file' && synced.kind === 'file' && local.mtime !== synced.mtime,
);

/** In a conflict puts the other version in the place of the one here. */
export const dropsTheCopy: FileMutant = {
  decide: otherwise((operation, path) => {
    if (operation.type !== 'conflict' || operation.remote.value.kind === 'gone') return operation;
    return { type: 'replace', path, local: operation.local, remote: operation.remote };
  }),
};

/** Lets a removal here win over an edit elsewhere. */
export const removalWins: FileMutant = {
  decide: otherwise((operation, path, trees, { publishing }) => {
    if (operation.type !== 'create' || trees.synced(path) === undefined || publishing !== 'allowed') return operation;
    if (operation.remote.value.kind !== 'file') return operation;
    const value = { kind: 'gone', content: operation.remote.value.content, movedTo: null } as const;
    return { type: 'publish', path, change: { path, value, conflictOf: null }, local: null };
  }),
};

/** Lets a removal elsewhere win over an edit here. */
export const removesEdits: FileMutant = {
  decide: otherwise((operation, path, trees) => {
    if (operation.type !== 'publish' || operation.local === null) return operation;
    if (trees.remote(path)?.value.kind !== 'gone' || trees.synced(path) === undefined) return operation;
    return { type: 'remove', path, local: operation.local };
  }),
};

/** Does not see that what it published counts as never written, and takes what stands for a later change. */
export const overlooksTheEnd: FileMutant = {
  decide: (honest) => (path, trees, context) => honest(path, trees, Object.create(context, NEVER_VOID)),
};
const NEVER_VOID = { isVoid: { value: () => false } };

/** Takes what stands where a change of its own counts as never written for what it had changed. */
export const agreesOnWhatItNeverKnew: FileMutant = {
  decide: (honest) => (path, trees, context) => honest(path, trees, Object.create(context, ALWAYS_KNOWN)),
};
const ALWAYS_KNOWN = { knew: { value: () => true } };

/** Knows a file by inode, size and mtime, which another may have got. */
export const trustsTimes: FileMutant = {
  sameMark: () => sameMarkButChangeTime,
};
