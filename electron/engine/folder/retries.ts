import { MAX_RETRY_MS, MIN_RETRY_MS } from '../../../shared/limits.ts';
import type { DirectoryPath, RelativePath } from '../../../shared/relative-path.ts';
import type { Clock } from '../ports/clock.ts';

/** Paths that could not be done and are tried again: later and later, or when what they wait for has happened. */
export interface Retries {
  /** How often the path failed in a row, this time counted. */
  later(path: RelativePath): number;
  succeeded(path: RelativePath): void;
  /** Tried again when the directory is there (for what lies in it) or emptier (for itself). */
  afterDirectory(directory: DirectoryPath, path: RelativePath): void;
  /** Something happened to the directory: what waited for it. */
  takeWaiting(directory: DirectoryPath): readonly RelativePath[];
  close(): void;
}

/** Retries of one folder; `again` gets each path whose time has come. */
export function createRetries(clock: Clock, again: (path: RelativePath) => void): Retries {
  const failures = new Map<RelativePath, number>();
  const waiting = new Map<DirectoryPath, Set<RelativePath>>();
  let open = true;
  return {
    later(path) {
      const count = (failures.get(path) ?? 0) + 1;
      failures.set(path, count);
      clock.after(Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** Math.min(count - 1, 16)), () => {
        if (open) again(path);
      });
      return count;
    },
    succeeded(path) {
      failures.delete(path);
    },
    afterDirectory(directory, path) {
      const paths = waiting.get(directory);
      if (paths === undefined) waiting.set(directory, new Set([path]));
      else paths.add(path);
    },
    takeWaiting(directory) {
      const paths = waiting.get(directory);
      if (paths === undefined) return [];
      waiting.delete(directory);
      return [...paths];
    },
    close() {
      open = false;
    },
  };
}
