import { join } from 'node:path';
import type { FolderId } from '../../../shared/ids.ts';
import { MIN_FREE_BYTES, VERSION_DISK_SHARE } from '../../../shared/limits.ts';
import { OWN_DIRECTORY } from '../../../shared/relative-path.ts';
import { type FileSystem, systemCode } from '../ports/file-system.ts';
import type { Store } from '../ports/store.ts';
import { readPlace } from './marker.ts';
import { checkRoot } from './root-check.ts';
import { notedDay } from './running-time.ts';
import { allVersions, type KeptVersion, removeVersion, totalsOf } from './versions-table.ts';

/** The folder that needs room, and where its versions lie. */
export interface RoomDeps {
  readonly folder: FolderId;
  readonly store: Store;
  readonly fs: FileSystem;
  /** The disk, as stats name it. */
  readonly device: string;
  /** `.flotilla/versions` of the folder. */
  readonly place: string;
  readonly today: () => number;
}

interface Droppable {
  readonly folder: FolderId;
  readonly place: string;
  readonly version: KeptVersion;
  /** Days since it was kept: at least one whole day less than the difference of their numbers. */
  readonly age: number;
}

/**
 * HA6: whether so many bytes more may be kept, after dropping what may be dropped. The versions of all folders on the disk
 * share a tenth of it; the oldest go first, whichever folder they are of. `pending`: bytes kept and in no row yet.
 */
export function makeRoom(deps: RoomDeps, bytes: number, pending: number): boolean {
  const { store, fs, device, place } = deps;
  const { free, total } = fs.space(place);
  const allowed = total * VERSION_DISK_SHARE;
  const kept = (): number => pending + [...totalsOf(store, device).values()].reduce((sum, size) => sum + size, 0);
  let left = kept() + bytes;
  let gained = free;
  if (left <= allowed && gained >= MIN_FREE_BYTES) return true;
  const chosen: Droppable[] = [];
  for (const droppable of droppables(deps)) {
    if (left <= allowed && gained >= MIN_FREE_BYTES) break;
    chosen.push(droppable);
    left -= droppable.version.size;
    gained += droppable.version.size;
  }
  for (const [folder, some] of byFolder(chosen)) {
    const first = some[0] as Droppable;
    dropVersions(
      { store, fs, folder, place: first.place },
      some.map(({ version }) => version),
    );
  }
  // A single version larger than the whole share would otherwise never be let through.
  return kept() + bytes <= allowed || kept() === 0;
}

/** Versions that are a day old at least, the oldest first. */
function droppables(deps: RoomDeps): readonly Droppable[] {
  const found: Droppable[] = [];
  for (const folder of totalsOf(deps.store, deps.device).keys()) {
    const place = folder === deps.folder ? deps.place : otherPlace(deps, folder);
    if (place === null) continue;
    const today = folder === deps.folder ? deps.today() : notedDay(deps.store, folder);
    for (const version of allVersions(deps.store, folder)) {
      const age = today - version.keptDay;
      if (age > 1) found.push({ folder, place, version, age });
    }
  }
  return found.sort((a, b) => b.age - a.age || a.version.keptAt - b.version.keptAt);
}

/** Where another folder keeps its versions; null where that is not in order: nothing is dropped there. */
function otherPlace({ store, fs }: RoomDeps, folder: FolderId): string | null {
  const place = readPlace(store, folder);
  if (place === undefined || checkRoot(fs, place) !== null) return null;
  return join(place.root, OWN_DIRECTORY, 'versions');
}

function byFolder(chosen: readonly Droppable[]): ReadonlyMap<FolderId, readonly Droppable[]> {
  const folders = new Map<FolderId, Droppable[]>();
  for (const one of chosen) folders.set(one.folder, [...(folders.get(one.folder) ?? []), one]);
  return folders;
}

/** Removes versions for good: the files, then the rows. */
export function dropVersions(
  deps: Pick<RoomDeps, 'store' | 'fs' | 'folder' | 'place'>,
  versions: readonly KeptVersion[],
): void {
  if (versions.length === 0) return;
  for (const { id } of versions) {
    try {
      deps.fs.unlink(join(deps.place, id));
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
    }
  }
  deps.store.transaction((tx) => {
    for (const version of versions) removeVersion(tx, deps.folder, version);
  });
}
