import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { failure } from '../../../shared/errors.ts';
import type { DeviceTag, FolderId } from '../../../shared/ids.ts';
import { INDEX_BITS } from '../../../shared/limits.ts';
import type { Conflict } from '../../../shared/model/conflict.ts';
import type { FileEntry } from '../../../shared/model/file-entry.ts';
import type { KeptVersion as KeptVersionModel } from '../../../shared/model/kept-version.ts';
import type { Access, DecisionState } from '../../../shared/model/values.ts';
import {
  type DirectoryPath,
  nameOf,
  OWN_DIRECTORY,
  parseRelativePath,
  type RelativePath,
} from '../../../shared/relative-path.ts';
import { toHex } from '../bytes/hex.ts';
import type { FilePlace, Page, ResumeAnswer, ServedFolders } from '../contract/served-engine.ts';
import type { ConflictChoice, ListedPath, Renamed } from '../folder/folder-types.ts';
import { checkAcceptPath, checkSharePath } from '../folder/path-check.ts';
import type { KeptVersion } from '../folder/versions-table.ts';
import type { OperationBody } from '../group/body.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { Random } from '../ports/random.ts';
import { isCopyName } from '../reconcile/conflict-name.ts';
import type { HeldFolder, HeldFolders } from './held-folders.ts';

/** What acting on folders needs. */
export interface FolderDeskDeps {
  readonly held: HeldFolders;
  readonly self: string;
  readonly fs: FileSystem;
  readonly random: Random;
  /** The engine's home. */
  readonly home: string;
  decide(body: OperationBody): Promise<DecisionState>;
  /** The device of a tag, or null where the log does not know it. */
  deviceOf(tag: DeviceTag): string | null;
  waitIdle(folder: string | null, timeoutMs: number | null): Promise<void>;
  /** A kept version is about to be put at that absolute path. */
  restoring(folder: FolderId, target: string): void;
}

/** Whether the folder can answer about its files. */
function isAtWork({ status }: HeldFolder['folder']): boolean {
  const { type } = status().state;
  return type === 'scanning' || type === 'syncing' || type === 'idle';
}

/** What people do with folders: sharing, holding, settling conflicts, restoring. */
export class FolderDesk implements ServedFolders {
  readonly #deps: FolderDeskDeps;

  constructor(deps: FolderDeskDeps) {
    this.#deps = deps;
  }

  async share(request: {
    path: string;
    name: string | null;
    access: Access;
  }): Promise<{ folder: string; state: DecisionState }> {
    const { held, fs, random, home } = this.#deps;
    const { root } = checkSharePath(fs, request.path, { roots: held.roots(), home });
    const folder = toHex(random.bytes(16)) as FolderId;
    const name = (request.name ?? basename(root)).trim();
    try {
      held.hold(folder, root, true);
      const body = { kind: 'folder.create' as const, folder, name, access: request.access };
      const state = await this.#deps.decide({ ...body, indexBits: INDEX_BITS });
      held.match();
      return { folder, state };
    } catch (error) {
      await held.release(folder);
      throw error;
    }
  }

  async accept(folder: string, path: string): Promise<DecisionState> {
    const { held, fs, self, home } = this.#deps;
    const id = folder as FolderId;
    if (held.rootOf(id) !== null) throw failure('folder-already-held', 'This device holds the folder already.');
    const { root } = checkAcceptPath(fs, path, { roots: held.roots(), home });
    try {
      held.hold(id, root, false);
      const body = { kind: 'folder.setSelection' as const, folder: id, device: self as never };
      return await this.#deps.decide({ ...body, selection: 'all' });
    } catch (error) {
      await held.release(id);
      throw error;
    }
  }

  async drop(folder: string): Promise<DecisionState> {
    const { held, self } = this.#deps;
    const id = folder as FolderId;
    if (held.rootOf(id) === null) throw failure('folder-not-held', 'This device does not hold the folder.');
    await held.release(id);
    const body = { kind: 'folder.setSelection' as const, folder: id, device: self as never };
    return await this.#deps.decide({ ...body, selection: 'none' });
  }

  async unshare(folder: string): Promise<DecisionState> {
    const state = await this.#deps.decide({ kind: 'folder.remove', folder: folder as FolderId });
    this.#deps.held.match();
    return state;
  }

  async pause(folder: string | null): Promise<void> {
    for (const [id] of this.#some(folder)) this.#deps.held.setPaused(id, true);
  }

  async resume(folder: string | null, answer: ResumeAnswer): Promise<void> {
    if (answer.type !== 'resume' && folder === null)
      throw failure('bad-request', 'Such an answer is for one folder: say which.');
    for (const [id, { folder: one }] of this.#some(folder)) {
      if (answer.type === 'movedTo') one.movedTo(answer.path);
      else if (answer.type === 'startOver') one.startOver();
      else this.#deps.held.setPaused(id, false);
    }
  }

  async rescan(folder: string | null): Promise<void> {
    // Of all, those that are paused or halted are passed over.
    for (const [, { folder: one }] of this.#some(folder)) if (folder !== null || isAtWork(one)) one.rescan();
  }

  files(folder: string, directory: string, cursor: string | null, limit: number): Page<FileEntry> & { total: number } {
    const held = this.#one(folder);
    const parsed = directory === '' ? '' : parseRelativePath(directory);
    if (parsed === null) throw failure('not-found', `There is no directory ${directory} in the folder.`);
    const { entries, next, total } = held.folder.list(parsed as DirectoryPath, cursor, limit);
    return { items: entries.map((entry) => this.#fileEntry(held, entry)), next, total };
  }

  async throwMineAway(folder: string, path: string | null): Promise<number> {
    const { folder: one } = this.#one(folder);
    const mine = one.problems().filter(({ code }) => code === 'no-right-to-write');
    const wanted = mine.filter((problem) => path === null || problem.path === path);
    if (path !== null && wanted.length === 0) throw failure('not-found', `There is no change of yours at ${path}.`);
    for (const problem of wanted) await one.throwMineAway(problem.path as RelativePath);
    return wanted.length;
  }

  conflicts(folder: string | null): readonly Conflict[] {
    return this.#some(folder).flatMap(([id, { folder: one }]) =>
      one.conflicts().map((conflict) => ({
        folder: id,
        path: conflict.path,
        deletedBy: conflict.deletedBy === null ? null : this.#deps.deviceOf(conflict.deletedBy),
        versions: conflict.versions.map(({ path, author, mtime, size }) => ({
          device: this.#deps.deviceOf(author) ?? author,
          mtime,
          size,
          path,
        })),
      })),
    );
  }

  async resolve(
    place: FilePlace,
    keep: ConflictChoice,
  ): Promise<{ undo: readonly { version: string; path: string }[]; renamed: readonly Renamed[] }> {
    const { held, path } = this.#at(place);
    const before = new Set(held.folder.allVersions().map(({ id }) => id));
    const renamed = await held.folder.resolveConflict(path, keep);
    const undo = held.folder
      .allVersions()
      .filter(({ id }) => !before.has(id))
      .map((version) => ({ version: version.id, path: version.path }));
    return { undo, renamed };
  }

  async takeBack(folder: string, renamed: readonly { copy: string; path: string }[]): Promise<void> {
    const parsed = renamed.map(({ copy, path }) => ({ copy: parseRelativePath(copy), path: parseRelativePath(path) }));
    const known = parsed.filter((one): one is Renamed => one.copy !== null && one.path !== null);
    if (known.length < parsed.length) throw failure('not-found', 'There are no such names in the folder.');
    await this.#one(folder).folder.takeBackNames(known);
  }

  versions(
    place: FilePlace | { folder: string; path: null },
    cursor: string | null,
    limit: number,
  ): Page<KeptVersionModel> {
    const { id, held, path } = this.#within(place);
    const kept = path === null ? held.folder.allVersions() : held.folder.versions(path);
    const newest = [...kept].sort((a, b) => b.keptAt - a.keptAt || (a.id < b.id ? 1 : -1));
    const at = cursor === null ? -1 : newest.findIndex((version) => version.id === cursor);
    // The version that the cursor names may have been dropped since; what follows it is not known then.
    const from = cursor !== null && at < 0 ? newest.length : at + 1;
    const page = newest.slice(from, from + limit);
    const next = from + limit < newest.length ? (page.at(-1)?.id ?? null) : null;
    const latest = new Map<string, string>();
    for (const version of newest) if (!latest.has(version.path)) latest.set(version.path, version.id);
    const model = (version: KeptVersion): KeptVersionModel =>
      this.#versionModel(id, held, version, latest.get(version.path) === version.id);
    return { items: page.map(model), next };
  }

  async restore(place: FilePlace | null, folder: string | null, version: string, to: string | null): Promise<string> {
    const found = place === null ? this.#holding(folder, version) : this.#at(place);
    const { root } = found.held.folder.status();
    const kept = found.held.folder.allVersions().find(({ id }) => id === version);
    if (kept === undefined) throw failure('version-unknown', 'There is no such kept version.');
    const own = join(root, kept.path);
    const target = to === null ? own : isAbsolute(to) ? to : join(root, to);
    this.#deps.restoring(found.id, target);
    await found.held.folder.restore(version, target === own ? null : target);
    return target;
  }

  waitIdle(folder: string | null, timeoutMs: number | null): Promise<void> {
    return this.#deps.waitIdle(folder, timeoutMs);
  }

  #some(folder: string | null): readonly (readonly [FolderId, HeldFolder])[] {
    return folder === null ? this.#deps.held.all() : [[folder as FolderId, this.#one(folder)]];
  }

  #one(folder: string): HeldFolder {
    const held = this.#deps.held.get(folder as FolderId);
    if (held === null) throw failure('folder-not-held', 'This device does not hold the folder.');
    return held;
  }

  /** As `#at`; the place may also be a folder as a whole, by its id or its root. */
  #within(place: FilePlace | { folder: string; path: null }): {
    id: FolderId;
    held: HeldFolder;
    path: RelativePath | null;
  } {
    if (place.path === null) return { id: place.folder as FolderId, held: this.#one(place.folder), path: null };
    if (place.folder === null) {
      const absolute = this.#withoutLinks(place.path);
      const whole = this.#deps.held.all().find(([, { folder }]) => folder.status().root === absolute);
      if (whole !== undefined) return { id: whole[0], held: whole[1], path: null };
    }
    return this.#at({ folder: place.folder, path: place.path });
  }

  /** The folder and path in it that a place means. */
  #at(place: FilePlace): { id: FolderId; held: HeldFolder; path: RelativePath } {
    if (place.folder !== null) {
      const path = parseRelativePath(place.path.normalize('NFC'));
      if (path === null) throw failure('not-found', `There is no ${place.path} in the folder.`);
      return { id: place.folder as FolderId, held: this.#one(place.folder), path };
    }
    const absolute = this.#withoutLinks(place.path);
    for (const [id, held] of this.#deps.held.all()) {
      const { root } = held.folder.status();
      if (!absolute.startsWith(root + sep)) continue;
      const below = absolute
        .slice(root.length + 1)
        .split(sep)
        .join('/');
      const path = parseRelativePath(below.normalize('NFC'));
      if (path !== null) return { id, held, path };
    }
    throw failure('path-outside-folder', `${place.path} lies in no folder that this device holds.`);
  }

  /** The path with the links on its way resolved, as roots are; what is not there any more keeps its name. */
  #withoutLinks(path: string): string {
    const { fs } = this.#deps;
    let above = dirname(path);
    while (fs.lstat(above) === null && dirname(above) !== above) above = dirname(above);
    try {
      return join(fs.realPath(above), relative(above, path));
    } catch {
      return path;
    }
  }

  #holding(folder: string | null, version: string): { id: FolderId; held: HeldFolder } {
    for (const [id, held] of this.#some(folder)) {
      if (held.folder.allVersions().some((kept) => kept.id === version)) return { id, held };
    }
    throw failure('version-unknown', 'There is no such kept version.');
  }

  #fileEntry({ folder, index }: HeldFolder, entry: ListedPath): FileEntry {
    const author = index.remote(entry.path)?.version.author;
    return {
      name: entry.path.slice(entry.path.lastIndexOf('/') + 1),
      path: entry.path,
      kind: entry.kind,
      size: entry.kind === 'directory' ? null : entry.size,
      mtime: entry.mtime,
      author: author === undefined ? null : this.#deps.deviceOf(author),
      state: fileState(entry, isAtWork(folder)),
      cause: entry.problem?.code ?? null,
      haveBytes: entry.arrived,
    };
  }

  #versionModel(folder: FolderId, held: HeldFolder, version: KeptVersion, latest: boolean): KeptVersionModel {
    const stands = held.index.remote(version.path);
    const gone = stands === undefined || stands.value.kind === 'gone';
    const replaced = latest && gone ? 'deleted' : 'replaced';
    return {
      id: version.id,
      time: version.keptAt,
      size: version.size,
      device: version.author === null ? null : this.#deps.deviceOf(version.author),
      folder,
      path: version.path,
      kind: version.content === null ? this.#kindOf(held, version) : 'file',
      mtime: version.mtime,
      // Not kept with the version: told by its name, and by what stands at its path now.
      reason: isCopyName(nameOf(version.path)) ? 'conflict' : replaced,
    };
  }

  /** What a version of which no content is known is on disk. */
  #kindOf({ folder }: HeldFolder, { id }: KeptVersion): 'file' | 'symlink' {
    const stat = this.#deps.fs.lstat(join(folder.status().root, OWN_DIRECTORY, 'versions', id));
    return stat?.kind === 'symlink' ? 'symlink' : 'file';
  }
}

function fileState(entry: ListedPath, atWork: boolean): FileEntry['state'] {
  if (entry.problem?.code === 'no-right-to-write') return 'kept-here';
  switch (entry.state) {
    case 'upToDate':
      return 'same';
    case 'coming':
      return atWork && entry.problem?.code !== 'content-not-available' ? 'receiving' : 'waiting';
    case 'reading':
      return 'unsent';
    default:
      return entry.state;
  }
}
