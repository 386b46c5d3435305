import { join } from 'node:path';
import { failure } from '../../../shared/errors.ts';
import type { ContentHash, DeviceTag, FolderId } from '../../../shared/ids.ts';
import { MIN_FREE_BYTES, VERSION_DISK_SHARE, VERSION_KEPT_DAYS } from '../../../shared/limits.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';
import { toHex } from '../bytes/hex.ts';
import type { Clock } from '../ports/clock.ts';
import { systemCode } from '../ports/file-system.ts';
import type { Random } from '../ports/random.ts';
import type { Store, Transaction } from '../ports/store.ts';
import { sameMark, sameMarkButChangeTime } from '../reconcile/compare.ts';
import type { LocalNode } from '../reconcile/tree-types.ts';
import { ChangedUnderUs, type FolderDisk, statOf, tryLink } from './disk.ts';
import {
  allVersions,
  getVersion,
  type KeptVersion,
  putVersion,
  removeVersion,
  runningDay,
  versionsOfContent,
  versionsOfPath,
} from './versions-table.ts';

/** A version whose file is in place and whose row is not written yet. */
export interface PendingVersion {
  readonly version: KeptVersion;
}

/** What the folder keeps of what was replaced and removed: `.flotilla/versions` and its tables. */
export interface VersionStore {
  /** Whether so many bytes may be kept, after dropping what may be dropped. False: the incoming change waits. */
  makeRoom(bytes: number): boolean;
  /** Gives what stands at the path (as the plan saw it) a second name here, or a copy; it stays in place too. */
  keepLinked(path: RelativePath, at: string, local: LocalNode, author: DeviceTag | null): PendingVersion;
  /** Moves what stands at the path (as the plan saw it) here. */
  keepMoved(path: RelativePath, at: string, local: LocalNode, author: DeviceTag | null): PendingVersion;
  /** Writes the rows, in the transaction that also writes `synced`. */
  record(tx: Transaction, versions: readonly PendingVersion[]): void;
  /** Newest first. */
  list(path: RelativePath): readonly KeptVersion[];
  all(): readonly KeptVersion[];
  get(id: string): KeptVersion | undefined;
  fileOf(id: string): string;
  holding(content: ContentHash): readonly KeptVersion[];
  /** Drops what is older than its time, and begins a new day where one began. */
  prune(): void;
  /**
   * After a start: files without a row get one, rows without a file go. `identify` hashes a file and names the path that
   * was last seen to hold that content.
   */
  recover(
    identify: (file: string) => Promise<{ readonly content: ContentHash | null; readonly path: RelativePath } | null>,
  ): Promise<void>;
}

/** The kept versions of a folder. */
export function createVersionStore(deps: {
  readonly folder: FolderId;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly disk: FolderDisk;
}): VersionStore {
  const { folder, store, clock, random, disk } = deps;
  const { fs } = disk;
  let bytesKept = 0;
  let today = 0;
  for (const version of allVersions(store, folder)) bytesKept += version.size;
  beginDay();

  function beginDay(): void {
    today = store.transaction((tx) => runningDay(tx, folder, clock.now()));
  }

  const fileOf = (id: string): string => join(disk.versions, id);

  function versionOf(path: RelativePath, local: LocalNode, author: DeviceTag | null): KeptVersion {
    const { value, mark } = local;
    const file = value.kind === 'file' ? value : null;
    return {
      id: toHex(random.bytes(8)),
      path,
      content: file?.content ?? null,
      size: mark.size,
      author,
      mtime: file?.mtime ?? Number(BigInt(mark.mtimeNs) / 1_000_000n),
      mode: file?.mode ?? null,
      keptAt: clock.now(),
      keptDay: today,
    };
  }

  function drop(versions: readonly KeptVersion[]): void {
    if (versions.length === 0) return;
    for (const version of versions) {
      try {
        fs.unlink(fileOf(version.id));
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') throw error;
      }
      bytesKept -= version.size;
    }
    store.transaction((tx) => {
      for (const version of versions) removeVersion(tx, folder, version);
    });
  }

  return {
    makeRoom(bytes) {
      const { free, total } = fs.space(disk.root);
      const allowed = total * VERSION_DISK_SHARE;
      const fits = (): boolean => bytesKept + bytes <= allowed;
      if (fits() && free >= MIN_FREE_BYTES) return true;
      const droppable = [...allVersions(store, folder)]
        .filter((version) => version.keptDay < today)
        .sort((a, b) => a.keptDay - b.keptDay || a.keptAt - b.keptAt);
      const chosen: KeptVersion[] = [];
      let left = bytesKept + bytes;
      let gained = free;
      for (const version of droppable) {
        if (left <= allowed && gained >= MIN_FREE_BYTES) break;
        chosen.push(version);
        left -= version.size;
        gained += version.size;
      }
      drop(chosen);
      // A single version larger than the whole share would otherwise never be let through.
      return fits() || bytesKept === 0;
    },
    keepLinked(path, at, local, author) {
      const version = versionOf(path, local, author);
      const file = fileOf(version.id);
      // A second name of a link would be one of its target on some systems.
      if (local.value.kind === 'symlink') fs.makeLink(local.value.target, file);
      else if (!tryLink(fs, at, file)) {
        fs.copy(at, file);
        if (!sameMark(statOf(fs, at).mark, local.mark)) throw discarded(file, path);
      }
      if (!sameMarkButChangeTime(statOf(fs, at).mark, local.mark)) throw discarded(file, path);
      bytesKept += version.size;
      return { version };
    },
    keepMoved(path, at, local, author) {
      const version = versionOf(path, local, author);
      const file = fileOf(version.id);
      fs.rename(at, file);
      if (!sameMarkButChangeTime(statOf(fs, file).mark, local.mark)) {
        // Someone was quicker: what we hold now is theirs and goes back, unless there is something new again.
        try {
          fs.link(file, at);
          fs.unlink(file);
        } catch (error) {
          if (systemCode(error) === '') throw error;
        }
        throw new ChangedUnderUs(path);
      }
      bytesKept += version.size;
      return { version };
    },
    record(tx, versions) {
      for (const { version } of versions) putVersion(tx, folder, version);
    },
    list: (path) => newestFirst(versionsOfPath(store, folder, path)),
    all: () => newestFirst([...allVersions(store, folder)]),
    get: (id) => getVersion(store, folder, id),
    fileOf,
    holding: (content) => versionsOfContent(store, folder, content),
    prune() {
      beginDay();
      drop([...allVersions(store, folder)].filter((version) => today - version.keptDay > VERSION_KEPT_DAYS));
    },
    async recover(identify) {
      const names = new Set(fs.readDirectory(disk.versions).flatMap(({ name }) => (name === null ? [] : [name])));
      const lost = [...allVersions(store, folder)].filter((version) => !names.has(version.id));
      for (const version of lost) bytesKept -= version.size;
      const found: KeptVersion[] = [];
      for (const id of names) {
        if (!/^[0-9a-f]{16}$/.test(id) || getVersion(store, folder, id) !== undefined) continue;
        const known = await identify(fileOf(id));
        if (known === null) continue;
        const stat = statOf(fs, fileOf(id));
        bytesKept += stat.mark.size;
        found.push({
          ...known,
          id,
          size: stat.mark.size,
          author: null,
          mtime: stat.mtime,
          mode: stat.mode,
          keptAt: clock.now(),
          keptDay: today,
        });
      }
      if (lost.length === 0 && found.length === 0) return;
      store.transaction((tx) => {
        for (const version of lost) removeVersion(tx, folder, version);
        for (const version of found) putVersion(tx, folder, version);
      });
    },
  };

  function discarded(file: string, path: RelativePath): ChangedUnderUs {
    // The path still holds everything: this second name, or copy of something half written, is not needed.
    fs.unlink(file);
    return new ChangedUnderUs(path);
  }
}

function newestFirst(versions: readonly KeptVersion[]): readonly KeptVersion[] {
  return [...versions].sort((a, b) => b.keptAt - a.keptAt || (a.id < b.id ? -1 : 1));
}

/** Throws `version-unknown` unless the version is kept. */
export function requireVersion(versions: VersionStore, id: string): KeptVersion {
  const version = versions.get(id);
  if (version === undefined) throw failure('version-unknown', `No version ${id} is kept`);
  return version;
}
