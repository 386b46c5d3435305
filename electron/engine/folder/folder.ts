import { join } from 'node:path';
import { type ErrorCode, failure } from '../../../shared/errors.ts';
import { assertNever } from '../../../shared/invariant.ts';
import { LIST_PAGE_ROWS, MAX_RETRY_MS } from '../../../shared/limits.ts';
import { OWN_DIRECTORY, type RelativePath } from '../../../shared/relative-path.ts';
import { ensureDirectory } from './disk.ts';
import type { Folder, FolderDeps, FolderEvent, FolderState } from './folder-types.ts';
import { listConflicts, listDirectory } from './listing.ts';
import { type FolderPlace, newMarker, placeAt, readPlace, writeMarker, writePlace } from './marker.ts';
import { codeOfAny, type Problem } from './problems.ts';
import { createResting, type Resting } from './resting.ts';
import { checkRoot, type HaltCause, haltMessage } from './root-check.ts';
import { createFolderTables } from './tables.ts';
import { throwAway } from './throw-away.ts';
import { resolveOnDisk, restoreVersion, takeBackOnDisk } from './user-actions.ts';
import { newestFirst } from './versions.ts';
import { allVersions, versionsOfPath, writeTotal } from './versions-table.ts';
import { createWork, type Work } from './work.ts';

type Mode =
  | { readonly type: 'stopped' }
  /** The work before this one has to end first. */
  | { readonly type: 'starting' }
  | { readonly type: 'paused' }
  | { readonly type: 'halted'; readonly cause: HaltCause }
  | { readonly type: 'error'; readonly code: ErrorCode; readonly message: string }
  | { readonly type: 'working'; readonly work: Work };

/**
 * The life of a shared folder whose place the database holds (`writePlace`). Nothing happens before `start`. HA1: while
 * its root is not in order it halts and asks, and nothing is deduced from what is not there.
 */
export function createFolder(deps: FolderDeps): Folder {
  const { folder: id, store, clock, fs } = deps;
  const tables = createFolderTables(store, id);
  const handlers = new Set<(event: FolderEvent) => void>();
  const ending = new Set<Promise<void>>();
  let mode: Mode = { type: 'stopped' };
  /** While it rests. */
  let resting: Resting | null = null;
  let place = requirePlace();

  function requirePlace(): FolderPlace {
    const found = readPlace(store, id);
    if (found === undefined) throw failure('folder-not-held', 'This device does not hold the folder');
    return found;
  }

  function emit(event: FolderEvent): void {
    for (const handler of [...handlers]) handler(event);
  }

  function enter(next: Mode): void {
    if (mode.type === 'working') {
      const closing: Promise<void> = mode.work.close().finally(() => ending.delete(closing));
      ending.add(closing);
    }
    mode = next;
    resting?.close();
    resting = restsIn(next)
      ? createResting({ tables, index: deps.index }, clock, () => emit({ type: 'status' }), deps.failed)
      : null;
    emit({ type: 'status' });
  }

  function begin(): void {
    if (ending.size === 0) {
      beginNow();
      return;
    }
    const starting: Mode = { type: 'starting' };
    enter(starting);
    void Promise.all(ending).then(() => {
      if (mode === starting) beginNow();
    });
  }

  function beginNow(): void {
    const cause = checkRoot(fs, place);
    if (cause !== null) {
      enter({ type: 'halted', cause });
      return;
    }
    try {
      const own = join(place.root, OWN_DIRECTORY);
      ensureDirectory(fs, join(own, 'tmp'));
      ensureDirectory(fs, join(own, 'versions'));
      place = rememberPlace(placeAt(fs, place.root, place.marker));
      const work: Work = createWork(deps, place, tables, {
        halted: (found) => whileWorking(work, () => enter({ type: 'halted', cause: found })),
        broken: (code, message, error) => whileWorking(work, () => fail(code, message, error)),
        status: () => emit({ type: 'status' }),
        activity: (items) => emit({ type: 'activity', items }),
      });
      enter({ type: 'working', work });
    } catch (error) {
      fail(codeOfAny(error), error instanceof Error ? error.message : String(error), error);
    }
  }

  function whileWorking(work: Work, run: () => void): void {
    if (mode.type === 'working' && mode.work === work) run();
  }

  /** The folder as a whole can't go on (its disk, the database): it tries again from the start after a while. */
  function fail(code: ErrorCode, message: string, error: unknown): void {
    deps.failed(error);
    const failed: Mode = { type: 'error', code, message };
    enter(failed);
    clock.after(MAX_RETRY_MS, () => {
      if (mode === failed) begin();
    });
  }

  function rememberPlace(next: FolderPlace): FolderPlace {
    if (!samePlace(next, place)) store.transaction((tx) => writePlace(tx, id, next));
    return next;
  }

  function working(): Work {
    switch (mode.type) {
      case 'working':
        return mode.work;
      case 'halted':
        throw failure('folder-halted', haltMessage(mode.cause, place.root));
      case 'error':
        throw failure(mode.code, mode.message);
      case 'starting':
        throw failure('folder-halted', 'The folder starts');
      case 'paused':
      case 'stopped':
        throw failure('folder-paused', 'The folder is paused');
      default:
        return assertNever(mode);
    }
  }

  function requireHalted(): void {
    if (mode.type !== 'halted') throw failure('folder-not-halted', 'The folder is not halted');
  }

  function stateNow(): FolderState {
    switch (mode.type) {
      case 'working':
        return { type: mode.work.phase() };
      case 'starting':
        return { type: 'scanning' };
      case 'halted':
        return { type: 'halted', cause: mode.cause, message: haltMessage(mode.cause, place.root) };
      case 'error':
        return { type: 'error', code: mode.code, message: mode.message };
      case 'paused':
      case 'stopped':
        return { type: 'paused' };
      default:
        return assertNever(mode);
    }
  }

  return {
    id,
    start() {
      if (mode.type === 'stopped') begin();
    },
    async stop() {
      enter({ type: 'stopped' });
      await Promise.all(ending);
    },
    status() {
      const work = mode.type === 'working' ? mode.work : null;
      const problems = problemsNow();
      return {
        state: stateNow(),
        root: place.root,
        ...tables.totals(),
        needFiles: work?.staging.wanted().size ?? 0,
        needBytes: work?.staging.wantedBytes() ?? 0,
        arrivedBytes: work === null ? 0 : arrivedOf(work),
        conflicts: copiesNow().size,
        problems: problems.length,
        diskFull: isDiskFull(problems) ? freeBytes() : null,
        waitingForHolder: deps.index.state().type === 'waitingForHolder',
        unpublished: work?.unpublished() ?? 0,
      };
    },
    problems: problemsNow,
    subscribe(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    pause: () => enter({ type: 'paused' }),
    resume() {
      if (mode.type === 'paused' || mode.type === 'error' || mode.type === 'halted') begin();
    },
    rescan() {
      const { scan, kick } = working();
      scan.lookAtAll();
      kick();
    },
    async flush() {
      while (mode.type === 'starting') await Promise.all(ending);
      await working().flush();
    },
    movedTo(root) {
      requireHalted();
      const real = fs.lstat(root) === null ? root : fs.realPath(root);
      const stat = fs.lstat(real);
      if (stat === null || stat.kind !== 'directory') throw failure('root-missing', `${root} is not a directory`);
      const there = placeAt(fs, real, place.marker);
      const cause = checkRoot(fs, there);
      if (cause !== null) throw failure(cause, haltMessage(cause, real));
      place = rememberPlace(there);
      begin();
    },
    startOver() {
      requireHalted();
      const stat = fs.lstat(place.root);
      if (stat === null) fs.makeDirectory(place.root);
      else if (stat.kind !== 'directory') throw failure('root-replaced', `${place.root} is not a directory`);
      const marker = newMarker(deps.random, place.marker);
      // First nothing is agreed on any more: a crash in between asks again and deduces nothing.
      tables.clear();
      writeMarker(fs, place.root, marker);
      place = rememberPlace(placeAt(fs, place.root, marker));
      begin();
    },
    list(directory, cursor, limit = LIST_PAGE_ROWS) {
      const doing = mode.type === 'working' ? mode.work : (resting ?? { found: new Map() });
      const arrived = new Map(arriving().map(({ path, bytesDone }) => [path, bytesDone]));
      return listDirectory({ tables, index: deps.index, doing, arrived }, directory, cursor, limit);
    },
    conflicts: () => listConflicts(copiesNow(), deps.index.remote),
    async resolveConflict(path, choice) {
      const work = working();
      return work.exclusive(() => resolveOnDisk(deps, work, tables, path, choice));
    },
    async takeBackNames(renamed) {
      const work = working();
      await work.exclusive(() => takeBackOnDisk(deps, work, tables, renamed));
    },
    async throwMineAway(path) {
      const work = working();
      await work.exclusive(() => throwAway(deps, work, tables, path));
    },
    versions: (path) => newestFirst(versionsOfPath(store, id, path)),
    allVersions: () => newestFirst([...allVersions(store, id)]),
    async restore(version, to) {
      const work = working();
      await work.exclusive(() => restoreVersion(work, tables, version, to));
    },
    rightsChanged() {
      if (mode.type === 'working') mode.work.rightsChanged();
    },
    sourcesChanged() {
      if (mode.type === 'working') mode.work.staging.retry();
    },
    locate(content) {
      const found: { absolutePath: string; size: number }[] = [];
      for (const path of tables.pathsOf(content)) {
        const value = tables.local(path)?.value;
        if (value?.kind === 'file') found.push({ absolutePath: absoluteOf(path), size: value.size });
      }
      if (mode.type !== 'working') return found;
      const { versions } = mode.work;
      for (const version of versions.holding(content)) {
        found.push({ absolutePath: versions.fileOf(version.id), size: version.size });
      }
      return found;
    },
  };

  /** Conflict copies that are live. */
  function copiesNow(): ReadonlySet<RelativePath> {
    return mode.type === 'working' ? mode.work.copies() : (resting?.copies ?? new Set());
  }

  function absoluteOf(path: RelativePath): string {
    if (mode.type === 'working') return mode.work.disk.absolute(path);
    return join(place.root, path);
  }

  function arrivedOf(work: Work): number {
    const wanted = arriving().filter(({ path }) => work.staging.isWanted(path));
    return wanted.reduce((sum, { bytesDone }) => sum + bytesDone, 0);
  }

  function arriving() {
    return deps.fetcher.progress().filter(({ folder }) => folder === id);
  }

  /** A full disk is told once, however many files wait for room. */
  function problemsNow(): readonly Problem[] {
    if (mode.type !== 'working') return [];
    const { work } = mode;
    const all = new Map(work.scan.problems().map((problem) => [problem.path, problem]));
    for (const [path, problem] of work.problems()) if (!all.has(path)) all.set(path, problem);
    const full = [...all.values()].find(({ code }) => code === 'disk-full');
    return [...all.values()].filter((problem) => problem.code !== 'disk-full' || problem === full);
  }

  function isDiskFull(problems: readonly Problem[]): boolean {
    return (mode.type === 'error' && mode.code === 'disk-full') || problems.some(({ code }) => code === 'disk-full');
  }

  function freeBytes(): number | null {
    try {
      return fs.space(place.root).free;
    } catch {
      return null;
    }
  }
}

function restsIn({ type }: Mode): boolean {
  return type === 'paused' || type === 'halted';
}

function samePlace(a: FolderPlace, b: FolderPlace): boolean {
  const sameRoot = a.root === b.root && a.device === b.device && a.inode === b.inode;
  return sameRoot && a.marker.id === b.marker.id && a.markerInode === b.markerInode;
}

/** Begins to hold a folder at a checked root: the marker first, then the place. A crash in between leaves no place. */
export function placeFolder(
  deps: Pick<FolderDeps, 'fs' | 'store' | 'random'>,
  root: string,
  ids: {
    readonly group: FolderPlace['marker']['group'];
    readonly folder: FolderPlace['marker']['folder'];
    readonly device: FolderPlace['marker']['device'];
  },
): FolderPlace {
  const marker = newMarker(deps.random, ids);
  // Whatever was agreed on when the folder was held here before is agreed on no more.
  createFolderTables(deps.store, ids.folder).clear();
  writeMarker(deps.fs, root, marker);
  const place = placeAt(deps.fs, root, marker);
  deps.store.transaction((tx) => writePlace(tx, ids.folder, place));
  return place;
}

/** Stops holding a folder: the place and both trees are forgotten; `.flotilla` and all files stay. */
export function forgetFolder(deps: Pick<FolderDeps, 'store'>, folder: FolderDeps['folder']): void {
  createFolderTables(deps.store, folder).clear();
  deps.store.transaction((tx) => {
    writePlace(tx, folder, null);
    // What it kept is its user's own now, and stands in no other folder's way.
    writeTotal(tx, folder, null);
  });
}
