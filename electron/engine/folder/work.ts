import { join } from 'node:path';
import { type ErrorCode, failure } from '../../../shared/errors.ts';
import { HOLDER_POLL_MS, RUNNING_TIME_NOTE_MS } from '../../../shared/limits.ts';
import { parentOf, type RelativePath } from '../../../shared/relative-path.ts';
import type { ReconcileContext, ThreeTrees } from '../reconcile/operations.ts';
import { askedError } from './asked-error.ts';
import { createContext, publishingNow } from './context.ts';
import { createFolderDisk, type FolderDisk, OtherFileSystem } from './disk.ts';
import { everyPath } from './every-path.ts';
import type { ActivityItem, FolderDeps } from './folder-types.ts';
import type { FolderPlace } from './marker.ts';
import { createNotes } from './notes.ts';
import { identifyOrphan } from './orphans.ts';
import { probeCase, probeModes } from './probes.ts';
import { codeOfAny, type Problem } from './problems.ts';
import { createRetries } from './retries.ts';
import { checkRoot, type HaltCause } from './root-check.ts';
import { type RoundDeps, runRound } from './round.ts';
import { createScan, type Scan } from './scan.ts';
import { createSlice, yieldNow } from './slices.ts';
import { createStaging, type Staging } from './staging.ts';
import { createSweep } from './sweep.ts';
import type { FolderTables } from './tables.ts';
import { createVersionStore, type VersionStore } from './versions.ts';
import { watchFolder } from './watch.ts';

/** What the work tells the folder that it belongs to. */
export interface WorkHooks {
  readonly halted: (cause: HaltCause) => void;
  readonly broken: (code: ErrorCode, message: string, error: unknown) => void;
  readonly status: () => void;
  readonly activity: (items: readonly ActivityItem[]) => void;
}

/** A folder at work: its root is in order, and it watches, scans, plans and applies. */
export interface Work {
  readonly disk: FolderDisk;
  readonly versions: VersionStore;
  readonly scan: Scan;
  readonly staging: Staging;
  readonly trees: ThreeTrees;
  readonly context: ReconcileContext;
  phase(): 'scanning' | 'syncing' | 'idle';
  /** What keeps paths from being done, besides what the scan found. */
  problems(): ReadonlyMap<RelativePath, Problem>;
  /** Conflict copies that are live now. */
  copies(): ReadonlySet<RelativePath>;
  unpublished(): number;
  /** Looks at the path again. */
  again(path: RelativePath): void;
  /** Looks at everything again if what this device may publish, or what it published in vain, changed. */
  rightsChanged(): void;
  /** Begins what is to be done, soon. */
  kick(): void;
  /** Runs between two rounds, alone. */
  exclusive<T>(task: () => T): Promise<T>;
  /** Resolves when everything that is on disk now was taken in; what is being written is waited for. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Puts a folder to work. */
export function createWork(deps: FolderDeps, place: FolderPlace, tables: FolderTables, hooks: WorkHooks): Work {
  const { clock, index, fs } = deps;
  const disk = createFolderDisk(fs, place.root, place.device, tables, deps.random);
  const modes = probeModes(disk);
  const { folder, store, random } = deps;
  const versions = createVersionStore({ folder, store, clock, random, disk, device: place.device });
  const dirty = new Set<RelativePath>();
  /** Paths whose turn came while the scan was at them. */
  const undecided = new Set<RelativePath>();
  const tasks: (() => void)[] = [];
  const flushes: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = [];
  let open = true;
  let running: Promise<void> | null = null;
  let scanning = true;
  let everything = true;
  let tidied = false;
  let begun = false;
  let publishing = publishingNow(deps);

  const again = (path: RelativePath): void => {
    dirty.add(path);
    kick();
  };
  const retries = createRetries(clock, again);

  /** The disk is not as it was at these paths: they are looked at, and what waited for that. */
  function touched(paths: Iterable<RelativePath>): void {
    for (const path of paths) {
      dirty.add(path);
      undecided.delete(path);
      for (const waiting of retries.takeWaiting(path)) dirty.add(waiting);
      for (const waiting of retries.takeWaiting(parentOf(path))) dirty.add(waiting);
    }
    kick();
  }
  const trees: ThreeTrees = {
    remote: (path) => index.remote(path),
    local: (path) => tables.local(path),
    synced: (path) => tables.synced(path),
    hasLocalChildren: (path) => tables.hasLocalChildren(path),
  };
  const scan = createScan({
    disk,
    tables,
    device: place.device,
    modes,
    jobs: deps.jobs,
    clock,
    hashed: deps.hashed,
    changed: touched,
    listing: (directory, absolute) => sweep.listing(directory, absolute),
  });
  const sweep = createSweep({ disk, tables, clock, scan, kick });
  const context = createContext(deps, scan, probeCase(disk), again);
  const staging = createStaging({
    folder: deps.folder,
    disk,
    fetcher: deps.fetcher,
    clock,
    ready: again,
    failed: (problem) => {
      notes.problem(problem.path as RelativePath, problem);
      hooks.status();
    },
  });
  const notes = createNotes(deps, staging, context, (path) => dirty.add(path));
  const round: RoundDeps = {
    folder: deps,
    disk,
    tables,
    versions,
    modes,
    trees,
    context,
    scan,
    staging,
    retries,
    again: (path) => dirty.add(path),
    later: (path) => undecided.add(path),
    all: () => {
      everything = true;
    },
    noted: notes.noted,
    problem: notes.problem,
    activity: (items) => {
      if (items.length > 0) hooks.activity(items);
    },
    isOpen: () => open,
    inOrder: () => checkRoot(fs, place) === null,
    halted: notes.rests,
  };

  function kick(): void {
    if (!open || !begun || running !== null) return;
    running = Promise.resolve()
      .then(loop)
      .catch((error: unknown) => broken(error))
      .finally(() => {
        running = null;
        if (open && hasWork()) kick();
      });
  }

  const hasWork = (): boolean => tasks.length > 0 || scan.pending() || dirty.size > 0 || everything;

  async function loop(): Promise<void> {
    hooks.status();
    while (open) {
      const cause = checkRoot(fs, place);
      if (cause !== null) {
        hooks.halted(cause);
        return;
      }
      const task = tasks.shift();
      if (task !== undefined) task();
      else if (scan.pending()) await look();
      else if (everything) await takeAll();
      else if (dirty.size > 0) await plan();
      else break;
    }
    if (!open) return;
    while (open && !hasWork() && tables.remembered() > 0) {
      tables.commit([]);
      await yieldNow();
    }
    settle();
    hooks.status();
  }

  async function look(): Promise<void> {
    try {
      await scan.run();
    } catch (error) {
      if (!(error instanceof OtherFileSystem)) throw error;
      hooks.halted('root-other-file-system');
    }
    scanning = false;
    takeUndecided();
  }

  async function takeAll(): Promise<void> {
    everything = false;
    const slice = createSlice(clock);
    for (const path of everyPath(tables, index)) {
      dirty.add(path);
      if (slice.isOver()) await slice.next();
    }
  }

  /** What was read is told by itself; what was looked at and is as it was is not. */
  function takeUndecided(): void {
    for (const path of undecided) {
      if (scan.awaits(path)) continue;
      undecided.delete(path);
      dirty.add(path);
    }
  }

  async function plan(): Promise<void> {
    const paths = [...dirty];
    dirty.clear();
    await runRound(round, paths);
  }

  function settle(): void {
    if (hasWork() || scan.reading() > 0) return;
    if (!tidied && staging.wanted().size === 0) tidy();
    if (scan.changing() > 0) return;
    for (const flush of flushes.splice(0)) flush.resolve();
  }

  /** What interrupted work left in `tmp` and no one needs any more. */
  function tidy(): void {
    tidied = true;
    for (const { name } of fs.readDirectory(disk.tmp)) {
      if (name === null) continue;
      const at = join(disk.tmp, name);
      if (at !== disk.probe('clock') && fs.lstat(at)?.kind !== 'directory') fs.unlink(at);
    }
  }

  function broken(error: unknown): void {
    hooks.broken(codeOfAny(error), error instanceof Error ? error.message : String(error), error);
  }

  const unsubscribe = index.subscribe((changed) => {
    for (const path of changed) dirty.add(path);
    lookAtState();
    kick();
  });
  // Whether publishing is possible may change without any path.
  const unpoll = clock.every(HOLDER_POLL_MS, () => {
    if (lookAtState()) kick();
  });

  function lookAtState(): boolean {
    const now = publishingNow(deps);
    const changed = now !== publishing;
    if (changed) everything = true;
    publishing = now;
    return changed;
  }

  const watch = watchFolder(deps, place.root, tables, scan, sweep, kick);

  scan.lookAtAll();
  prune();
  const unprune = clock.every(RUNNING_TIME_NOTE_MS, prune);
  void watch.started.then(begin, begin);

  function prune(): void {
    tasks.push(() => versions.prune());
    kick();
  }

  function begin(): void {
    if (!open) return;
    versions
      .recover((file) => identifyOrphan({ disk, jobs: deps.jobs, tables }, file))
      .catch((error: unknown) => deps.failed(error))
      .finally(() => {
        begun = true;
        kick();
      });
  }

  return {
    disk,
    versions,
    scan,
    staging,
    trees,
    context,
    phase() {
      if (scanning || scan.reading() > 0) return 'scanning';
      return running !== null || hasWork() || staging.wanted().size > 0 ? 'syncing' : 'idle';
    },
    problems: () => notes.problems,
    copies: () => notes.copies,
    unpublished: () => notes.unpublished.size,
    again: (path) => touched([path]),
    rightsChanged() {
      const before = publishing;
      publishing = publishingNow(deps);
      if (publishing === before) return;
      everything = true;
      kick();
    },
    kick,
    exclusive(task) {
      return new Promise((resolve, reject) => {
        if (!open) {
          reject(failure('folder-halted', 'The folder does not run now'));
          return;
        }
        tasks.push(() => {
          try {
            resolve(task());
          } catch (error) {
            reject(askedError(error));
          }
        });
        kick();
      });
    },
    flush() {
      return new Promise<void>((resolve, reject) => {
        if (!open) {
          reject(failure('folder-halted', 'The folder does not run now'));
          return;
        }
        flushes.push({ resolve, reject });
        scan.lookAtAll();
        kick();
      });
    },
    async close() {
      open = false;
      unsubscribe();
      unpoll();
      unprune();
      retries.close();
      scan.close();
      sweep.close();
      staging.close();
      for (const flush of flushes.splice(0)) flush.reject(failure('folder-halted', 'The folder stopped'));
      await watch.close();
      await running;
      try {
        versions.close();
      } catch (error) {
        // The versions stay younger than they are by some minutes.
        deps.failed(error);
      }
    },
  };
}
