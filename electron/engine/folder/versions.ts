import { join } from 'node:path';
import { failure } from '../../../shared/errors.ts';
import type { ContentHash, DeviceTag, FolderId } from '../../../shared/ids.ts';
import { VERSION_KEPT_DAYS } from '../../../shared/limits.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';
import { toHex } from '../bytes/hex.ts';
import type { Clock } from '../ports/clock.ts';
import { millisecondsOf } from '../ports/file-system.ts';
import type { Random } from '../ports/random.ts';
import type { Store, Transaction } from '../ports/store.ts';
import { sameMark, sameMarkButChangeTime } from '../reconcile/compare.ts';
import type { LocalNode, StatMark } from '../reconcile/tree-types.ts';
import { ChangedUnderUs, type FolderDisk, statOf, tryLink } from './disk.ts';
import type { Orphan } from './orphans.ts';
import { isThere, type OtherName } from './other-name.ts';
import { createRunningTime } from './running-time.ts';
import { takeAway } from './take-away.ts';
import { dropVersions, makeRoom, type RoomDeps } from './versions-room.ts';
import {
  allVersions,
  getVersion,
  type KeptVersion,
  putVersion,
  readTotal,
  removeVersion,
  versionsOfContent,
  versionsOfPath,
  writeTotal,
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
  /**
   * Moves what stands at the path (as the plan saw it) here. Throws `ChangedUnderUs` where something else stands there: it
   * stays; where it can't, since yet another thing came, it is kept. What is kept is added to `into` in either case.
   */
  keepMoved(path: RelativePath, at: string, local: LocalNode, author: DeviceTag | null, into: PendingVersion[]): void;
  /**
   * Takes away one of two names of what the plan saw. Nothing is kept, unless the other name has gone meanwhile: then
   * it is as by `keepMoved`, and so is anything that the plan did not see.
   */
  dropName(
    path: RelativePath,
    at: string,
    local: LocalNode,
    author: DeviceTag | null,
    other: OtherName,
    into: PendingVersion[],
  ): void;
  /** Writes the rows, in the transaction that also writes `synced`. */
  record(tx: Transaction, versions: readonly PendingVersion[]): void;
  /** Newest first. */
  list(path: RelativePath): readonly KeptVersion[];
  all(): readonly KeptVersion[];
  get(id: string): KeptVersion | undefined;
  fileOf(id: string): string;
  holding(content: ContentHash): readonly KeptVersion[];
  /** Drops what is older than its time, and notes how time goes on: to be called now and then. */
  prune(): void;
  /** Notes how far time has gone. */
  close(): void;
  /** After a start: files without a row get one, rows without a file go. */
  recover(identify: (file: string) => Promise<Orphan | null>): Promise<void>;
}

/** The kept versions of a folder. */
export function createVersionStore(deps: {
  readonly folder: FolderId;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly disk: FolderDisk;
  /** The file system of the root, as stats name it. */
  readonly device: string;
}): VersionStore {
  const { folder, store, clock, random, disk, device } = deps;
  const { fs } = disk;
  const time = createRunningTime(deps);
  const { today } = time;
  const room: RoomDeps = { folder, store, fs, device, place: disk.versions, today };
  /** Bytes that are kept and in no row yet. */
  let pending = 0;
  let pruned = -1;
  countAll();

  function countAll(): void {
    let bytes = 0;
    for (const version of allVersions(store, folder)) bytes += version.size;
    const known = readTotal(store, folder);
    if (known?.bytes === bytes && known.device === device) return;
    store.transaction((tx) => writeTotal(tx, folder, { bytes, device }));
  }

  const newId = (): string => toHex(random.bytes(8));
  const fileOf = (id: string): string => join(disk.versions, id);

  function versionOf(path: RelativePath, local: LocalNode, author: DeviceTag | null): KeptVersion {
    const { value, mark } = local;
    const file = value.kind === 'file' ? value : null;
    return {
      id: newId(),
      path,
      content: file?.content ?? null,
      size: mark.size,
      author,
      mtime: file?.mtime ?? millisecondsOf(BigInt(mark.mtimeNs)),
      mode: file?.mode ?? null,
      keptAt: clock.now(),
      keptDay: today(),
    };
  }

  /** Moves what the plan saw at the path to the file of a version. */
  function takeHere(path: RelativePath, at: string, id: string, mark: StatMark, into: PendingVersion[]): void {
    const taken = takeAway(fs, at, fileOf(id), mark);
    if (taken === 'taken') return;
    if (taken === 'stuck') {
      // Nobody knows what it holds or who made it; it is listed all the same.
      const { mark: found, mtime, mode } = statOf(fs, fileOf(id));
      const unread = { content: null, author: null, size: found.size, mtime, mode };
      into.push({ version: { id, path, ...unread, keptAt: clock.now(), keptDay: today() } });
      pending += found.size;
    }
    throw new ChangedUnderUs(path);
  }

  return {
    makeRoom: (bytes) => makeRoom(room, bytes, pending),
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
      pending += version.size;
      return { version };
    },
    keepMoved(path, at, local, author, into) {
      const version = versionOf(path, local, author);
      takeHere(path, at, version.id, local.mark, into);
      pending += version.size;
      into.push({ version });
    },
    dropName(path, at, local, author, other, into) {
      const version = versionOf(path, local, author);
      takeHere(path, at, version.id, local.mark, into);
      if (isThere(fs, other)) {
        fs.unlink(fileOf(version.id));
        return;
      }
      pending += version.size;
      into.push({ version });
    },
    record(tx, versions) {
      for (const { version } of versions) {
        putVersion(tx, folder, version);
        pending -= version.size;
      }
    },
    list: (path) => newestFirst(versionsOfPath(store, folder, path)),
    all: () => newestFirst([...allVersions(store, folder)]),
    get: (id) => getVersion(store, folder, id),
    fileOf,
    holding: (content) => versionsOfContent(store, folder, content),
    prune() {
      time.note();
      const now = today();
      if (now === pruned) return;
      dropVersions(
        room,
        [...allVersions(store, folder)].filter((version) => now - version.keptDay > VERSION_KEPT_DAYS),
      );
      pruned = now;
    },
    close: () => time.note(),
    async recover(identify) {
      const names = new Set(fs.readDirectory(disk.versions).flatMap(({ name }) => (name === null ? [] : [name])));
      const lost = [...allVersions(store, folder)].filter((version) => !names.has(version.id));
      const found: KeptVersion[] = [];
      for (const id of names) {
        if (!/^[0-9a-f]{16}$/.test(id) || getVersion(store, folder, id) !== undefined) continue;
        const known = await identify(fileOf(id));
        if (known === null) continue;
        const stat = statOf(fs, fileOf(id));
        found.push({
          ...known,
          id,
          size: stat.mark.size,
          author: null,
          mtime: stat.mtime,
          mode: stat.mode,
          keptAt: clock.now(),
          keptDay: today(),
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

/** The version that was kept last first. */
export function newestFirst(versions: readonly KeptVersion[]): readonly KeptVersion[] {
  return [...versions].sort((a, b) => b.keptAt - a.keptAt || (a.id < b.id ? -1 : 1));
}

/** Throws `version-unknown` unless the version is kept. */
export function requireVersion(versions: VersionStore, id: string): KeptVersion {
  const version = versions.get(id);
  if (version === undefined) throw failure('version-unknown', `No version ${id} is kept`);
  return version;
}
