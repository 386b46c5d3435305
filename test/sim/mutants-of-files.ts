import { NO_MARK } from '../../electron/engine/reconcile/decide.ts';
import type { Node } from '../../electron/engine/reconcile/tree-types.ts';
import type { FileMutant } from './file-mutant.ts';

/** Replaces and removes whatever stands there by now. */
export const appliesWithoutALook: FileMutant = {
  applyOperation: (honest) => (deps, operation, staged, group) => {
    if (operation.type !== 'replace' && operation.type !== 'remove') return honest(deps, operation, staged, group);
    const stat = deps.disk.fs.lstat(deps.disk.absolute(operation.path));
    const mark = stat?.mark ?? operation.local.mark;
    return honest(deps, { ...operation, local: { ...operation.local, mark } }, staged, group);
  },
};

/** Writes `synced` first, the disk then. */
export const agreesBeforeItIsOnDisk: FileMutant = {
  applyOperation: (honest) => (deps, operation, staged, group) => {
    if (operation.type === 'create' || operation.type === 'replace') {
      const { path, remote } = operation;
      const synced = { value: remote.value as Node, version: remote.version, mark: NO_MARK, copy: false };
      deps.tables.commit([{ path, synced }]);
    }
    return honest(deps, operation, staged, group);
  },
};

/** Gives files another time than the index has. */
export const adoptsAnotherTime: FileMutant = {
  applyOperation: (honest) => (deps, operation, staged, group) => {
    if (operation.type !== 'adopt' || operation.remote.value.kind !== 'file')
      return honest(deps, operation, staged, group);
    const { remote } = operation;
    const value = { ...operation.remote.value, mtime: operation.remote.value.mtime + 1 };
    return honest(deps, { ...operation, remote: { ...remote, value } }, staged, group);
  },
};

/** Forgets to keep what it replaces. */
export const keepsNothing: FileMutant = {
  createVersionStore: (honest) => (deps) => {
    const store = honest(deps);
    return {
      ...store,
      keepLinked(...what) {
        const kept = store.keepLinked(...what);
        deps.disk.fs.unlink(store.fileOf(kept.version.id));
        return kept;
      },
    };
  },
};

/** Puts content into each other's place that came in one answer and is of one size. */
export const mixesUpAnswers: FileMutant = {
  writeWhole: (honest) => (input) => {
    const { files } = input;
    const targets = files.map((file, at) => {
      const other = files[at ^ 1];
      return other !== undefined && other.length === file.length ? other.target : file.target;
    });
    return honest({ ...input, files: files.map((file, at) => ({ ...file, target: targets[at] ?? file.target })) });
  },
};

/** Brings what was wanted of a path first, whatever is wanted since. */
export const bringsWhatWasWanted: FileMutant = {
  createStaging: (honest) => (deps) => {
    const staging = honest(deps);
    return { ...staging, take: (path, wanted) => staging.take(path, staging.wanted().get(path) ?? wanted) };
  },
};
