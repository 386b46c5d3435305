import { join } from 'node:path';
import { RACY_MTIME_MS, SWEEP_AFTER_MS, SWEEP_REST } from '../../../shared/limits.ts';
import { childOf, type DirectoryPath, OWN_DIRECTORY } from '../../../shared/relative-path.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileStat } from '../ports/file-system.ts';
import { isIgnoredName } from '../reconcile/ignore.ts';
import type { FolderDisk } from './disk.ts';
import type { Scan } from './scan.ts';
import { createSlice } from './slices.ts';
import type { FolderTables } from './tables.ts';

/** What a sweep works with. */
export interface SweepDeps {
  readonly disk: FolderDisk;
  readonly tables: FolderTables;
  readonly clock: Clock;
  readonly scan: Pick<Scan, 'lookAtListing' | 'awaits' | 'problemAt' | 'running' | 'pending'>;
  /** Begins the looking. */
  readonly kick: () => void;
}

/**
 * Finds names that came or went without a word from the watcher. A native watcher gathers events and leaves out a file
 * that came and went within one gathering, as far as it can tell: one that was saved over by renaming and deleted at once
 * is such a file, and so is one that this device itself has just put there. And a new directory fills before it is
 * watched. A directory's own change time gives both away, so that a stat of each directory is enough.
 */
export interface Sweep {
  /** The names of a directory are about to be read, at that place. */
  listing(directory: DirectoryPath, absolute: string): void;
  /** The watcher told of something, and may have left something out: that is looked for a moment later. */
  soon(): void;
  close(): void;
}

interface Seen {
  readonly absolute: string;
  /** Inode and change time, from before its names were compared; null: it may have changed since without showing it. */
  readonly mark: string | null;
}

/** A sweep of one folder, at work for a small part of the time at most, however many directories there are. */
export function createSweep(deps: SweepDeps): Sweep {
  const { disk, tables, clock, scan } = deps;
  const directories = new Map<DirectoryPath, Seen>();
  let open = true;
  let timer: (() => void) | null = null;
  let sweeping = false;
  let wanted = false;
  let restUntil = Number.NEGATIVE_INFINITY;

  function schedule(): void {
    if (!open || sweeping || timer !== null || !wanted) return;
    timer = clock.after(Math.max(SWEEP_AFTER_MS, restUntil - clock.monotonic()), () => {
      timer = null;
      wanted = false;
      sweeping = true;
      void sweep().finally(() => {
        sweeping = false;
        schedule();
      });
    });
  }

  async function sweep(): Promise<void> {
    const began = clock.monotonic();
    const slice = createSlice(clock);
    let now: number | null = null;
    const diskNow = (): number => {
      now ??= askDisk();
      return now;
    };
    // What is found on the way is swept along: a map is walked in the order of its making.
    for (const [directory, seen] of directories) {
      if (!open) return;
      if (scan.running()) {
        // What it has listed and not told yet would be taken for what is known.
        wanted = true;
        break;
      }
      check(directory, seen, diskNow);
      if (slice.isOver()) await slice.next();
    }
    restUntil = clock.monotonic() + SWEEP_REST * (clock.monotonic() - began);
    if (open && scan.pending()) deps.kick();
  }

  /** A full disk may refuse to say: then no time is trusted. */
  function askDisk(): number {
    try {
      return disk.now();
    } catch {
      return Number.NaN;
    }
  }

  function check(directory: DirectoryPath, seen: Seen, diskNow: () => number): void {
    const { absolute } = seen;
    try {
      const stat = disk.fs.lstat(absolute);
      if (stat?.kind !== 'directory') {
        // Its parent changed with it; that the root is gone is seen by whoever looks next.
        directories.delete(directory);
        if (directory === '') deps.kick();
        return;
      }
      const isWrong = directory !== '' && scan.problemAt(directory) !== undefined;
      if (!isWrong && seen.mark === markOf(stat)) return;
      const rested = diskNow() - Number(stat.mark.ctimeNs) / 1e6 >= RACY_MTIME_MS;
      directories.set(directory, { absolute, mark: rested ? markOf(stat) : null });
      if (isWrong || !isAsKnown(directory, absolute)) scan.lookAtListing(directory, false);
    } catch {
      // What can't be read is told by the look at it.
      directories.set(directory, { absolute, mark: null });
      scan.lookAtListing(directory, false);
    }
  }

  function isAsKnown(directory: DirectoryPath, absolute: string): boolean {
    const known = new Map<string, string>();
    for (const [path, { name, value }] of tables.localChildren(directory)) {
      known.set(path, name);
      // One that this device put there: nobody has read its names yet.
      if (value.kind === 'directory' && !directories.has(path)) {
        directories.set(path, { absolute: join(absolute, name), mark: null });
      }
    }
    for (const { name } of disk.fs.readDirectory(absolute)) {
      if (name === null || name === OWN_DIRECTORY || isIgnoredName(name)) continue;
      const path = childOf(directory, name);
      if (path === null) continue;
      const isKnown = known.get(path) === name;
      if (!isKnown && !scan.awaits(path) && scan.problemAt(path) === undefined) return false;
      known.delete(path);
    }
    return known.size === 0;
  }

  return {
    listing(directory, absolute) {
      directories.set(directory, { absolute, mark: null });
    },
    soon() {
      wanted = true;
      schedule();
    },
    close() {
      open = false;
      timer?.();
    },
  };
}

function markOf({ mark }: FileStat): string {
  return `${mark.inode} ${mark.ctimeNs}`;
}
