import { failure } from '../../../shared/errors.ts';
import {
  MAX_HASHING,
  MAX_RETRY_MS,
  MIN_RETRY_MS,
  RACY_MTIME_MS,
  STILL_WRITTEN_BYTES,
  STILL_WRITTEN_MS,
} from '../../../shared/limits.ts';
import { type DirectoryPath, isBelow, parentOf, type RelativePath } from '../../../shared/relative-path.ts';
import type { Clock } from '../ports/clock.ts';
import type { HashedFile, Jobs } from '../ports/jobs.ts';
import { sameMark } from '../reconcile/compare.ts';
import { ChangedUnderUs } from './disk.ts';
import { type Candidate, emptyFindings, type Findings, type LookContext, lookAtDirectory, lookAtPath } from './look.ts';
import { type Problem, problemFrom } from './problems.ts';
import type { LocalRow } from './rows.ts';
import { createSlice } from './slices.ts';

/** What a scan needs besides the place. */
export interface ScanDeps extends LookContext {
  readonly jobs: Jobs;
  readonly clock: Clock;
  /** The paths are not as they were: what `local` or the problems say of them changed. */
  readonly changed: (paths: Iterable<RelativePath>) => void;
  /** What reading a file gave, for those who serve its content. */
  readonly hashed: (file: HashedFile) => void;
}

/** Keeps `local` true: looks where it is told to, and reads files whose stat changed. */
export interface Scan {
  /** Looks at everything with the next `run`. */
  lookAtAll(): void;
  /** Looks at one path with the next `run`; `name` is its exact name on disk. */
  lookAt(path: RelativePath, name: string): void;
  /** Looks at a directory's listing with the next `run`; `deep`: and at all below it. */
  lookAtListing(directory: DirectoryPath, deep: boolean): void;
  /** Whether a `run` has anything to do. */
  pending(): boolean;
  /** Whether a `run` is under way, and what it saw not told yet. */
  running(): boolean;
  /** Does all the looking; reading files goes on by itself afterwards. Throws `OtherFileSystem`. */
  run(): Promise<void>;
  /** Files waiting to be read or being read, those that keep changing left out. */
  reading(): number;
  /** Files that changed while they were read, or are being written: read again once they rest. */
  changing(): number;
  /** Whether the path will be looked at or read soon: what `local` says of it is not the last word. */
  awaits(path: RelativePath): boolean;
  /** All such paths where something was seen. */
  awaited(): Iterable<RelativePath>;
  problemAt(path: RelativePath): Problem | undefined;
  problems(): readonly Problem[];
  /** Forgets everything; nothing is told any more. */
  close(): void;
}

/** A scan of one folder. */
export function createScan(deps: ScanDeps): Scan {
  const { disk, tables, jobs, clock } = deps;
  const listings = new Map<DirectoryPath, boolean>();
  const names = new Map<RelativePath, string>();
  const problems = new Map<string, { readonly path: RelativePath | null; readonly problem: Problem }>();
  const queue = new Map<RelativePath, Candidate>();
  const reading = new Map<RelativePath, Candidate>();
  const attempts = new Map<RelativePath, number>();
  const changing = new Map<RelativePath, Candidate>();
  /** Vanished files that may turn out to have been renamed, once new files of their size are read. */
  const vanished = new Map<RelativePath, number>();
  const newSizes = new Map<number, number>();
  let open = true;
  let running = false;
  let diskNow = 0;

  async function run(): Promise<void> {
    running = true;
    try {
      await lookAround();
    } finally {
      running = false;
    }
  }

  async function lookAround(): Promise<void> {
    const findings = emptyFindings();
    diskNow = disk.now();
    for (const [path, name] of names) lookAtPath(deps, path, name, findings);
    clearProblems((path) => names.has(path as RelativePath));
    names.clear();
    const slice = createSlice(clock);
    const todo: [DirectoryPath, boolean][] = [...listings];
    listings.clear();
    for (const path of findings.directories) todo.push([path, true]);
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      const [directory, deep] = next;
      const before = findings.directories.length;
      clearProblems((path) => path === (directory === '' ? '.' : directory) || isDirectChild(path, directory));
      for (const _ of lookAtDirectory(deps, directory, deep, findings)) if (slice.isOver()) await slice.next();
      for (const path of findings.directories.slice(before)) todo.push([path, true]);
      if (slice.isOver()) await slice.next();
    }
    if (open) await take(findings);
  }

  function clearProblems(matches: (path: string) => boolean): void {
    for (const [path, found] of problems) {
      if (!matches(path)) continue;
      problems.delete(path);
      if (found.path !== null) deps.changed([found.path]);
    }
  }

  async function take(findings: Findings): Promise<void> {
    const changed: RelativePath[] = [];
    for (const found of findings.problems) {
      problems.set(found.problem.path, found);
      if (found.path !== null) changed.push(found.path);
    }
    const slice = createSlice(clock);
    const byInode = new Map<string, LocalRow>();
    for (const [path, row] of findings.vanished) {
      if (slice.isOver()) await slice.next();
      tables.saw(path, null);
      unqueue(path);
      if (row.value.kind === 'file') {
        vanished.set(path, row.value.size);
        if (!row.racy) byInode.set(row.mark.inode, row);
      } else changed.push(path);
    }
    for (const [path, row] of findings.seen) {
      if (slice.isOver()) await slice.next();
      tables.saw(path, row);
      changed.push(path);
    }
    for (const candidate of findings.candidates) {
      if (slice.isOver()) await slice.next();
      // Only what came along with its directory keeps its change time. A file that was renamed itself can't be told from
      // another that got the same inode, size and mtime, as a package that is unpacked anew does: it is read.
      const renamed = candidate.known === undefined ? byInode.get(candidate.stat.mark.inode) : undefined;
      if (renamed !== undefined && sameMark(renamed.mark, candidate.stat.mark)) {
        sawFile(candidate, renamed.value.kind === 'file' ? renamed.value.content : null);
        changed.push(candidate.path);
      } else enqueue(candidate);
    }
    if (!open) return;
    deps.changed(changed);
    pump();
  }

  function enqueue(candidate: Candidate): void {
    unqueue(candidate.path);
    queue.set(candidate.path, candidate);
    count(candidate, 1);
  }

  function unqueue(path: RelativePath): void {
    const candidate = queue.get(path);
    if (candidate === undefined) return;
    queue.delete(path);
    count(candidate, -1);
  }

  /** New files, by size, that are waiting to be read or being read. */
  function count({ known, stat }: Candidate, change: number): void {
    if (known !== undefined) return;
    const left = (newSizes.get(stat.mark.size) ?? 0) + change;
    if (left > 0) newSizes.set(stat.mark.size, left);
    else newSizes.delete(stat.mark.size);
  }

  function sawFile(candidate: Candidate, content: HashedFile['content'] | null): void {
    if (content === null) return;
    const { path, name, stat } = candidate;
    const value = { kind: 'file', content, size: stat.mark.size, mtime: stat.mtime, mode: stat.mode } as const;
    const racy = Math.abs(diskNow - stat.mtime) < RACY_MTIME_MS;
    tables.saw(path, { value, mark: stat.mark, name, racy });
  }

  function pump(): void {
    for (const [path, candidate] of queue) {
      if (reading.size >= MAX_HASHING) break;
      if (reading.has(path)) continue;
      const wait = stillWritten(candidate);
      if (wait > 0) {
        unqueue(path);
        again(candidate, wait, true);
        continue;
      }
      // It stays counted until it was read.
      queue.delete(path);
      void read(candidate);
    }
    releaseVanished();
  }

  function stillWritten({ stat }: Candidate): number {
    const { size, mtimeNs, ctimeNs } = stat.mark;
    // Writing sets both times alike: since its last write this one was moved here, or given a mode or a time of its own.
    if (size < STILL_WRITTEN_BYTES || ctimeNs !== mtimeNs) return 0;
    const rested = diskNow - stat.mtime;
    return rested >= 0 && rested < STILL_WRITTEN_MS ? STILL_WRITTEN_MS - rested : 0;
  }

  async function read(candidate: Candidate): Promise<void> {
    const { path } = candidate;
    reading.set(path, candidate);
    try {
      const absolute = disk.safe(path);
      const { file, mark } = await jobs.run('hashFile', { path: absolute, size: candidate.stat.mark.size });
      if (!open) return;
      const stat = disk.fs.lstat(absolute);
      if (stat === null || !sameMark(stat.mark, mark)) throw failure('file-changing', `${path} changed`);
      attempts.delete(path);
      deps.hashed(file);
      sawFile({ ...candidate, stat: { ...stat, mode: deps.modes ? stat.mode : null } }, file.content);
      deps.changed([path]);
    } catch (error) {
      if (open) failed(candidate, error);
    } finally {
      reading.delete(path);
      count(candidate, -1);
      if (open) pump();
    }
  }

  function failed(candidate: Candidate, error: unknown): void {
    const { path } = candidate;
    if (error instanceof ChangedUnderUs) {
      again(candidate, MIN_RETRY_MS, true);
      return;
    }
    const problem = problemFrom(path, error, 'read');
    if (problem.code === 'engine-stopping') return;
    const attempt = (attempts.get(path) ?? 0) + 1;
    attempts.set(path, attempt);
    const wait = Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** Math.min(attempt - 1, 20));
    // A save in several steps is nothing to tell anyone of; a file that goes on changing is.
    const passing = problem.code === 'file-changing' || problem.code === 'path-not-found';
    if (!passing || attempt > 8) {
      problems.set(path, { path, problem });
      deps.changed([path]);
    }
    again(candidate, wait, passing);
  }

  function again(candidate: Candidate, wait: number, passing: boolean): void {
    if (passing) changing.set(candidate.path, candidate);
    clock.after(wait, () => {
      if (!open) return;
      if (changing.get(candidate.path) === candidate) changing.delete(candidate.path);
      names.set(candidate.path, candidate.name);
      deps.changed([]);
    });
  }

  function releaseVanished(): void {
    if (vanished.size === 0) return;
    const released: RelativePath[] = [];
    for (const [path, size] of vanished) if (!newSizes.has(size)) released.push(path);
    for (const path of released) vanished.delete(path);
    if (released.length > 0) deps.changed(released);
  }

  return {
    lookAtAll() {
      listings.clear();
      names.clear();
      listings.set('', true);
    },
    lookAt(path, name) {
      names.set(path, name);
    },
    lookAtListing(directory, deep) {
      listings.set(directory, deep || listings.get(directory) === true);
    },
    pending: () => names.size > 0 || listings.size > 0,
    running: () => running,
    run,
    reading: () => queue.size + reading.size,
    changing: () => changing.size,
    awaits: (path) => queue.has(path) || reading.has(path) || names.has(path) || vanished.has(path),
    awaited: () => new Set([...queue.keys(), ...reading.keys(), ...names.keys()]),
    problemAt: (path) => problems.get(path)?.problem,
    problems: () => [...problems.values()].map(({ problem }) => problem),
    close() {
      open = false;
      queue.clear();
    },
  };
}

function isDirectChild(path: string, directory: DirectoryPath): boolean {
  return isBelow(path as RelativePath, directory) && parentOf(path as RelativePath) === directory;
}
