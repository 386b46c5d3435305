import { join } from 'node:path';
import type { ContentHash, FolderId } from '../../../shared/ids.ts';
import { MAX_FETCHING, MAX_RETRY_MS } from '../../../shared/limits.ts';
import type { RelativePath } from '../../../shared/relative-path.ts';
import { blake3Bytes } from '../bytes/hash.ts';
import { toHex } from '../bytes/hex.ts';
import type { ContentFetcher, FetchResult } from '../content/content-types.ts';
import type { Clock } from '../ports/clock.ts';
import { systemCode } from '../ports/file-system.ts';
import type { FolderDisk } from './disk.ts';
import type { Problem } from './problems.ts';

/** Content that a path needs before it can be applied. */
export interface Wanted {
  readonly content: ContentHash;
  readonly size: number;
  /** Absolute path of the version that it replaces. */
  readonly previous: string | null;
}

type Stage =
  | { readonly type: 'queued' }
  | { readonly type: 'fetching'; readonly abort: AbortController }
  | { readonly type: 'waiting' }
  | { readonly type: 'staged' };

interface Item extends Wanted {
  stage: Stage;
  failures: number;
}

/** Brings what paths need into the folder's `tmp`, ahead of the moment when it is put in place. */
export interface Staging {
  /** The verified, flushed file for the path, or null while it is on its way (which this begins). */
  take(path: RelativePath, wanted: Wanted): string | null;
  /** The path needs nothing any more; what was staged is removed unless it was put in place. */
  release(path: RelativePath): void;
  isWanted(path: RelativePath): boolean;
  wanted(): ReadonlyMap<RelativePath, Wanted>;
  /** Bytes of all that is wanted. */
  wantedBytes(): number;
  /** Asks again for what no one had. */
  retry(): void;
  /** Aborts everything. What is in `tmp` stays for the next time. */
  close(): void;
}

const CODES = { NO_SPACE: 'disk-full', TOO_LARGE: 'file-too-large', IO_ERROR: 'io-error' } as const;

/** Staging of one folder. `ready` is told when a path's content is there, `failed` when something went wrong. */
export function createStaging(deps: {
  readonly folder: FolderId;
  readonly disk: FolderDisk;
  readonly fetcher: ContentFetcher;
  readonly clock: Clock;
  readonly ready: (path: RelativePath) => void;
  readonly failed: (problem: Problem) => void;
}): Staging {
  const { disk, fetcher, clock } = deps;
  const items = new Map<RelativePath, Item>();
  const queue = new Set<RelativePath>();
  let fetching = 0;
  let bytes = 0;
  let open = true;

  function targetOf(path: RelativePath, content: ContentHash): string {
    const place = toHex(blake3Bytes(new TextEncoder().encode(path)).subarray(0, 8));
    return join(disk.tmp, `${content.slice(0, 32)}-${place}`);
  }

  function enqueue(path: RelativePath, item: Item): void {
    item.stage = { type: 'queued' };
    queue.add(path);
    pump();
  }

  function pump(): void {
    for (const path of queue) {
      if (fetching >= MAX_FETCHING || !open) return;
      queue.delete(path);
      const item = items.get(path);
      if (item !== undefined) void fetch(path, item);
    }
  }

  async function fetch(path: RelativePath, item: Item): Promise<void> {
    const abort = new AbortController();
    item.stage = { type: 'fetching', abort };
    fetching += 1;
    const { content, size, previous } = item;
    let result: FetchResult;
    try {
      const request = { folder: deps.folder, path, content, size, target: targetOf(path, content), previous };
      result = await fetcher.fetch(request, abort.signal);
    } catch (error) {
      result = { type: 'failed', code: 'IO_ERROR', message: error instanceof Error ? error.message : String(error) };
    } finally {
      fetching -= 1;
    }
    if (!open) return;
    if (items.get(path) === item) finish(path, item, result);
    else if (result.type === 'fetched') remove(targetOf(path, content));
    pump();
  }

  function finish(path: RelativePath, item: Item, result: FetchResult): void {
    if (result.type === 'fetched') {
      item.stage = { type: 'staged' };
      item.failures = 0;
      deps.ready(path);
      return;
    }
    item.stage = { type: 'waiting' };
    item.failures += 1;
    if (result.type === 'failed' && result.code !== 'ABORTED') {
      deps.failed({ path, code: CODES[result.code], message: result.message });
    }
    clock.after(Math.min(MAX_RETRY_MS, 500 * 2 ** Math.min(item.failures, 16)), () => {
      if (open && items.get(path) === item && item.stage.type === 'waiting') enqueue(path, item);
    });
  }

  function remove(target: string): void {
    try {
      disk.fs.unlink(target);
    } catch (error) {
      if (systemCode(error) === '') throw error;
    }
  }

  function release(path: RelativePath): void {
    const item = items.get(path);
    if (item === undefined) return;
    items.delete(path);
    bytes -= item.size;
    queue.delete(path);
    if (item.stage.type === 'fetching') item.stage.abort.abort();
    else remove(targetOf(path, item.content));
  }

  return {
    take(path, wanted) {
      const item = items.get(path);
      if (item !== undefined && item.content === wanted.content) {
        if (item.stage.type !== 'staged') return null;
        const target = targetOf(path, item.content);
        if (disk.fs.lstat(target)?.mark.size === wanted.size) return target;
        enqueue(path, item);
        return null;
      }
      release(path);
      const fresh: Item = { ...wanted, stage: { type: 'queued' }, failures: 0 };
      items.set(path, fresh);
      bytes += fresh.size;
      enqueue(path, fresh);
      return null;
    },
    release,
    isWanted: (path) => items.has(path),
    wanted: () => items,
    wantedBytes: () => bytes,
    retry() {
      for (const [path, item] of items) if (item.stage.type === 'waiting') enqueue(path, item);
    },
    close() {
      open = false;
      for (const item of items.values()) if (item.stage.type === 'fetching') item.stage.abort.abort();
    },
  };
}
