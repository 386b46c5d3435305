import { sep } from 'node:path';
import { NEW_DIRECTORY_LOOK_MS, WATCH_COALESCE_MS } from '../../../shared/limits.ts';
import {
  childOf,
  type DirectoryPath,
  nameOf,
  OWN_DIRECTORY,
  parentOf,
  parseRelativePath,
  type RelativePath,
} from '../../../shared/relative-path.ts';
import type { Watch } from '../ports/watcher.ts';
import type { FolderDeps } from './folder-types.ts';
import type { Scan } from './scan.ts';
import type { Sweep } from './sweep.ts';
import type { FolderTables } from './tables.ts';

/** A folder being watched. */
export interface FolderWatch {
  /** The watcher runs, or has said that it can't (then scans alone find changes). */
  readonly started: Promise<void>;
  close(): Promise<void>;
}

/** Events told of one directory in one go above which its whole listing is looked at. */
const MANY_NAMES = 64;
/** Without a watcher everything is looked at this often. */
const SCAN_EVERY_MS = 60_000;

/** Watches the root and tells the scan where to look; `kick` begins the looking. */
export function watchFolder(
  deps: FolderDeps,
  root: string,
  tables: FolderTables,
  scan: Scan,
  sweep: Sweep,
  kick: () => void,
): FolderWatch {
  const waiting = new Set<string>();
  let timer: (() => void) | null = null;
  let fallback: (() => void) | null = null;
  let watch: Watch | null = null;
  let open = true;

  function soon(): void {
    timer ??= deps.clock.after(WATCH_COALESCE_MS, () => {
      timer = null;
      if (open) deliver();
    });
  }

  function deliver(): void {
    const byDirectory = new Map<DirectoryPath, Map<RelativePath, string>>();
    for (const absolute of waiting) {
      const place = placeOf(absolute);
      if (place === null) continue;
      const names = byDirectory.get(place.directory);
      if (names === undefined) byDirectory.set(place.directory, new Map([[place.path, place.name]]));
      else names.set(place.path, place.name);
    }
    waiting.clear();
    for (const [directory, names] of byDirectory) {
      const odd = [...names].some(([path, name]) => name !== nameOf(path) || isMangled(name) || oddlyKnown(path, name));
      if (odd || names.size > MANY_NAMES) scan.lookAtListing(directory, false);
      else for (const [path, name] of names) scan.lookAt(path, name);
      for (const path of names.keys()) if (isNewDirectory(path)) lookAgainAt(path);
    }
    kick();
  }

  /** A watcher tells names as text: one that is no UTF-8 can only be found in the listing. */
  const isMangled = (name: string): boolean => name.includes('\ufffd');

  const oddlyKnown = (path: RelativePath, name: string): boolean => {
    const known = tables.local(path);
    return known !== undefined && known.name !== name;
  };

  function isNewDirectory(path: RelativePath): boolean {
    if (tables.local(path)?.value.kind === 'directory') return false;
    try {
      return deps.fs.lstat(`${root}${sep}${path.split('/').join(sep)}`)?.kind === 'directory';
    } catch {
      return false;
    }
  }

  /** Files may have come into a new directory before it was watched. */
  function lookAgainAt(path: RelativePath): void {
    deps.clock.after(NEW_DIRECTORY_LOOK_MS, () => {
      if (!open || tables.local(path)?.value.kind !== 'directory') return;
      scan.lookAtListing(path, true);
      kick();
    });
  }

  /** The nearest path whose directory is known: what lies deeper is found from there. */
  function placeOf(absolute: string): { directory: DirectoryPath; path: RelativePath; name: string } | null {
    if (!absolute.startsWith(root)) return null;
    const names = absolute
      .slice(root.length)
      .split(sep)
      .filter((name) => name !== '');
    if (names.length === 0 || names[0] === OWN_DIRECTORY) return null;
    let directory: DirectoryPath = '';
    for (const name of names.slice(0, -1)) {
      const next: RelativePath | null = childOf(directory, name);
      if (next === null) break;
      if (tables.local(next)?.value.kind !== 'directory') return { directory, path: next, name };
      directory = next;
    }
    const name = names.at(-1) as string;
    const path = childOf(directory, name) ?? parseRelativePath(directory);
    if (path === null) {
      scan.lookAtListing(directory, false);
      return null;
    }
    if (path === directory) {
      scan.lookAtListing(directory, false);
      return null;
    }
    return { directory: parentOf(path), path, name };
  }

  function lookAtAll(): void {
    scan.lookAtAll();
    kick();
  }

  async function start(): Promise<void> {
    try {
      const running = await deps.watcher.watch(root, (event) => {
        if (!open) return;
        if (event.type === 'lost') lookAtAll();
        else {
          for (const path of event.paths) waiting.add(path);
          if (event.paths.length > 0) soon();
          sweep.soon();
        }
      });
      if (open) watch = running;
      else await running.close();
    } catch (error) {
      deps.failed(error);
      if (open) fallback = deps.clock.every(SCAN_EVERY_MS, lookAtAll);
    }
  }

  return {
    started: start(),
    async close() {
      open = false;
      timer?.();
      fallback?.();
      await watch?.close();
    },
  };
}
