import { join } from 'node:path';
import type { ErrorCode } from '../../../shared/errors.ts';
import {
  childOf,
  type DirectoryPath,
  foldName,
  isSegment,
  nameOf,
  OWN_DIRECTORY,
  parentOf,
  type RelativePath,
} from '../../../shared/relative-path.ts';
import { type FileStat, systemCode } from '../ports/file-system.ts';
import { sameMark } from '../reconcile/compare.ts';
import { isIgnoredName } from '../reconcile/ignore.ts';
import { type FolderDisk, OtherFileSystem } from './disk.ts';
import { type Problem, problemFrom } from './problems.ts';
import type { LocalRow } from './rows.ts';
import type { FolderTables } from './tables.ts';

/** A file that has to be read to be known. */
export interface Candidate {
  readonly path: RelativePath;
  readonly name: string;
  readonly stat: FileStat;
  readonly known: LocalRow | undefined;
}

/** What a look at a part of the disk found. Filled as the look goes on. */
export interface Findings {
  readonly seen: (readonly [RelativePath, LocalRow])[];
  readonly vanished: (readonly [RelativePath, LocalRow])[];
  readonly candidates: Candidate[];
  readonly problems: { readonly path: RelativePath | null; readonly problem: Problem }[];
  /** Directories that were not known before, or all, where all was asked for. */
  readonly directories: RelativePath[];
}

/** What a look needs to know. */
export interface LookContext {
  readonly disk: FolderDisk;
  readonly tables: FolderTables;
  /** The file system of the root. */
  readonly device: string;
  /** Whether this disk holds permission bits. */
  readonly modes: boolean;
  /** The names of a directory are about to be read, at that place. */
  readonly listing: (directory: DirectoryPath, absolute: string) => void;
}

/** Names looked at before a slice may end. */
const NAMES_PER_STEP = 128;

export function emptyFindings(): Findings {
  return { seen: [], vanished: [], candidates: [], problems: [], directories: [] };
}

/** Compares a directory's listing with what was last seen. Yields every few names, so that others may run. */
export function* lookAtDirectory(
  context: LookContext,
  directory: DirectoryPath,
  all: boolean,
  findings: Findings,
): Generator<void> {
  const { disk, tables } = context;
  let absolute: string;
  try {
    absolute = disk.safeDirectory(directory);
  } catch (error) {
    if (error instanceof OtherFileSystem) throw error;
    if (systemCode(error) !== '') {
      findings.problems.push({ path: directory || null, problem: problemFrom(directory, error, 'read') });
      return;
    }
    // It is no directory any more, or lies behind a link: what stands there is looked at instead.
    if (directory !== '') lookAtPath(context, directory, tables.local(directory)?.name ?? nameOf(directory), findings);
    return;
  }
  context.listing(directory, absolute);
  let listing: readonly { readonly name: string | null; readonly shown: string }[];
  try {
    listing = disk.fs.readDirectory(absolute);
  } catch (error) {
    const problem = problemFrom(directory === '' ? '.' : directory, error, 'read');
    findings.problems.push({ path: directory === '' ? null : directory, problem });
    return;
  }
  const known = new Map(tables.localChildren(directory));
  const chosen = chooseNames(directory, listing, known, findings);
  let steps = 0;
  for (const [path, name] of chosen) {
    lookAtName(context, path, name, join(absolute, name), known.get(path), all, findings);
    known.delete(path);
    steps += 1;
    if (steps % NAMES_PER_STEP === 0) yield;
  }
  for (const [path, row] of known) if (!isProblem(findings, path)) vanish(context, path, row, findings);
}

/** Looks at one path whose directory is known; a name that is written in another form calls for the whole directory. */
export function lookAtPath(context: LookContext, path: RelativePath, name: string, findings: Findings): void {
  const { disk, tables } = context;
  if (isIgnoredName(name)) return;
  const parent = parentOf(path);
  let directory: string;
  try {
    directory = disk.safeDirectory(parent);
  } catch (error) {
    if (error instanceof OtherFileSystem || parent === '') throw error;
    if (systemCode(error) !== '') {
      findings.problems.push({ path, problem: problemFrom(path, error, 'read') });
      return;
    }
    lookAtPath(context, parent, tables.local(parent)?.name ?? nameOf(parent), findings);
    return;
  }
  lookAtName(context, path, name, join(directory, name), tables.local(path), false, findings);
}

/** One name for each path: of names that differ in Unicode form alone the known one, else the one in normal form. */
function chooseNames(
  directory: DirectoryPath,
  listing: readonly { readonly name: string | null; readonly shown: string }[],
  known: ReadonlyMap<RelativePath, LocalRow>,
  findings: Findings,
): ReadonlyMap<RelativePath, string> {
  const chosen = new Map<RelativePath, string>();
  const list = (shown: string, code: ErrorCode, message: string, path: RelativePath | null = null): void => {
    const at = directory === '' ? shown : `${directory}/${shown}`;
    findings.problems.push({ path, problem: { path: at, code, message } });
  };
  for (const { name, shown } of listing) {
    if (name === null) {
      list(shown, 'name-not-utf8', 'The name is not UTF-8');
      continue;
    }
    if (directory === '' && name === OWN_DIRECTORY) continue;
    if (isIgnoredName(name)) continue;
    const path = childOf(directory, name);
    if (path === null) {
      if (name === OWN_DIRECTORY) list(name, 'nested-folder', 'Flotilla keeps its own files of another folder here');
      else if (isForm(name)) list(name, 'name-reserved', `The name is a form of ${OWN_DIRECTORY}`);
      else list(name, 'name-too-long', 'The name or path is too long to be synced');
      continue;
    }
    const other = chosen.get(path);
    if (other === undefined) {
      chosen.set(path, name);
      continue;
    }
    const wins = known.get(path)?.name === name || (known.get(path)?.name !== other && name === nameOf(path));
    chosen.set(path, wins ? name : other);
    list(wins ? other : name, 'name-collision', 'Another name here differs from it in Unicode form alone');
  }
  return chosen;
}

function isForm(name: string): boolean {
  return !isSegment(name.normalize('NFC')) && foldName(name).startsWith(OWN_DIRECTORY);
}

function isProblem(findings: Findings, path: RelativePath): boolean {
  return findings.problems.some((found) => found.path === path);
}

function lookAtName(
  context: LookContext,
  path: RelativePath,
  name: string,
  absolute: string,
  known: LocalRow | undefined,
  all: boolean,
  findings: Findings,
): void {
  let stat: FileStat | null;
  try {
    stat = context.disk.fs.lstat(absolute);
  } catch (error) {
    findings.problems.push({ path, problem: problemFrom(path, error, 'read') });
    return;
  }
  if (stat === null) {
    if (known !== undefined) vanish(context, path, known, findings);
    return;
  }
  if (stat.kind === 'other') {
    const message = 'Only files, directories and links are synced';
    findings.problems.push({ path, problem: { path, code: 'file-kind-unsupported', message } });
    return;
  }
  if (stat.kind !== 'directory' && known?.value.kind === 'directory') vanishBelow(context, path, findings);
  switch (stat.kind) {
    case 'directory':
      foundDirectory(context, path, name, stat, known, all, findings);
      return;
    case 'symlink':
      foundLink(context, path, name, absolute, stat, known, findings);
      return;
    case 'file':
      if (known?.value.kind === 'file' && known.name === name && !known.racy && sameMark(stat.mark, known.mark)) return;
      findings.candidates.push({ path, name, stat: withoutMode(context, stat), known });
  }
}

function foundDirectory(
  context: LookContext,
  path: RelativePath,
  name: string,
  stat: FileStat,
  known: LocalRow | undefined,
  all: boolean,
  findings: Findings,
): void {
  if (stat.mark.device !== context.device) {
    if (known?.value.kind === 'directory') throw new OtherFileSystem(path);
    const message = 'Another file system is mounted here';
    findings.problems.push({ path, problem: { path, code: 'root-other-file-system', message } });
    return;
  }
  const mode = context.modes ? stat.mode : null;
  const isNew = known?.value.kind !== 'directory' || known.mark.inode !== stat.mark.inode;
  if (isNew || known.name !== name || (known.value.kind === 'directory' && known.value.mode !== mode)) {
    findings.seen.push([path, { value: { kind: 'directory', mode }, mark: stat.mark, name, racy: false }]);
  }
  if (all || isNew) findings.directories.push(path);
}

function foundLink(
  context: LookContext,
  path: RelativePath,
  name: string,
  absolute: string,
  stat: FileStat,
  known: LocalRow | undefined,
  findings: Findings,
): void {
  if (known?.value.kind === 'symlink' && known.name === name && sameMark(stat.mark, known.mark)) return;
  try {
    const target = context.disk.fs.readLink(absolute);
    if (target.includes('\ufffd') || target === '') {
      const message = 'The target of the link is not UTF-8';
      findings.problems.push({ path, problem: { path, code: 'name-not-utf8', message } });
      return;
    }
    findings.seen.push([path, { value: { kind: 'symlink', target }, mark: stat.mark, name, racy: false }]);
  } catch (error) {
    findings.problems.push({ path, problem: problemFrom(path, error, 'read') });
  }
}

function withoutMode(context: LookContext, stat: FileStat): FileStat {
  return context.modes ? stat : { ...stat, mode: null };
}

function vanish(context: LookContext, path: RelativePath, row: LocalRow, findings: Findings): void {
  if (row.value.kind === 'directory') vanishBelow(context, path, findings);
  findings.vanished.push([path, row]);
}

function vanishBelow(context: LookContext, path: RelativePath, findings: Findings): void {
  for (const found of context.tables.localBelow(path)) findings.vanished.push(found);
}
