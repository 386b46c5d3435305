import type { ContentHash, FolderId } from '../../../shared/ids.ts';
import { type DirectoryPath, nameOf, parentOf, type RelativePath } from '../../../shared/relative-path.ts';
import { decodeValue, encodeValue } from '../bytes/codec.ts';
import { blake3Bytes } from '../bytes/hash.ts';
import { toHex } from '../bytes/hex.ts';
import type { Store, Transaction } from '../ports/store.ts';
import type { SyncedNode } from '../reconcile/tree-types.ts';
import { decodeLocalRow, decodeSyncedRow, encodeLocalRow, encodeSyncedRow, type LocalRow } from './rows.ts';

const LOCAL = 'local';
const SYNCED = 'synced';
const CONTENT = 'content';
const TOTALS = 'folder-totals';

/** Remembered rows that one transaction takes along. */
const ROWS_ALONG = 500;

/** Directories whose key is remembered: most work stays in a few of them. */
const MAX_PREFIXES = 1_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What to write for one path; a tree that is not named stays, null removes. */
export interface RowChange {
  readonly path: RelativePath;
  readonly local?: LocalRow | null;
  readonly synced?: SyncedNode | null;
}

/** Files, and their bytes, that the disk was last seen to hold. */
export interface Totals {
  readonly files: number;
  readonly bytes: number;
}

/**
 * The trees `local` and `synced` of one folder, and where each content lies. What is learnt of the disk is remembered in
 * memory and written with the next transaction: losing it costs a look at the file, nothing more.
 */
export interface FolderTables {
  local(path: RelativePath): LocalRow | undefined;
  synced(path: RelativePath): SyncedNode | undefined;
  hasLocalChildren(path: RelativePath): boolean;
  /** What lies directly in a directory. */
  localChildren(directory: DirectoryPath): readonly (readonly [RelativePath, LocalRow])[];
  /** All below a directory, parents first. */
  localBelow(directory: DirectoryPath): readonly (readonly [RelativePath, LocalRow])[];
  /** Every path that either tree holds, some of them twice. */
  allPaths(): Iterable<RelativePath>;
  /** Paths that were last seen to hold the content. */
  pathsOf(content: ContentHash): readonly RelativePath[];
  /** Remembers what was seen; durable with one of the next `write`s or `commit`s. */
  saw(path: RelativePath, row: LocalRow | null): void;
  /** Rows remembered and not durable yet. */
  remembered(): number;
  /** Writes the given changes, and some of what is remembered, within a transaction of someone else's. */
  write(tx: Transaction, changes: readonly RowChange[]): void;
  /** The transaction of the last `write` stands: what it wrote need not be remembered. */
  written(): void;
  /** The same in a transaction of its own, with whatever `besides` writes. */
  commit(changes: readonly RowChange[], besides?: (tx: Transaction) => void): void;
  totals(): Totals;
  /** Forgets both trees: what is on disk counts as new. */
  clear(): void;
}

/** The tables of a folder. */
export function createFolderTables(store: Store, folder: FolderId): FolderTables {
  const seen = new Map<RelativePath, LocalRow | null>();
  const seenIn = new Map<DirectoryPath, Set<RelativePath>>();
  const seenContents = new Map<ContentHash, Set<RelativePath>>();
  let taken: RelativePath[] = [];
  let stored: Totals = storedTotals();
  let storedNext: Totals = stored;
  let totals: Totals = stored;

  function storedTotals(): Totals {
    const bytes = store.get(TOTALS, folder);
    if (bytes === undefined) return { files: 0, bytes: 0 };
    const [files, size] = decodeValue(bytes) as [number, number];
    return { files, bytes: size };
  }

  const prefixes = new Map<DirectoryPath, string>();
  const keyOf = (path: RelativePath): string => `${directoryPrefix(parentOf(path))}${nameOf(path)}`;

  function directoryPrefix(directory: DirectoryPath): string {
    const known = prefixes.get(directory);
    if (known !== undefined) return known;
    if (prefixes.size >= MAX_PREFIXES) prefixes.clear();
    const prefix = `${folder}/${shortHash(directory)}/`;
    prefixes.set(directory, prefix);
    return prefix;
  }

  const contentKey = (content: ContentHash, path: RelativePath): string =>
    `${folder}/${content.slice(0, 32)}/${shortHash(path)}`;

  function storedLocal(path: RelativePath): LocalRow | undefined {
    const bytes = store.get(LOCAL, keyOf(path));
    return bytes === undefined ? undefined : decodeLocalRow(bytes).row;
  }

  function local(path: RelativePath): LocalRow | undefined {
    const remembered = seen.get(path);
    if (remembered !== undefined) return remembered ?? undefined;
    return storedLocal(path);
  }

  function saw(path: RelativePath, row: LocalRow | null): void {
    const before = local(path);
    totals = changedTotals(totals, before, row);
    forget(path);
    seen.set(path, row);
    addTo(seenIn, parentOf(path), path);
    if (row?.value.kind === 'file') addTo(seenContents, row.value.content, path);
  }

  function forget(path: RelativePath): void {
    const row = seen.get(path);
    if (row === undefined) return;
    seen.delete(path);
    removeFrom(seenIn, parentOf(path), path);
    if (row?.value.kind === 'file') removeFrom(seenContents, row.value.content, path);
  }

  function localChildren(directory: DirectoryPath): readonly (readonly [RelativePath, LocalRow])[] {
    const found = new Map<RelativePath, LocalRow>();
    for (const { value } of store.range(LOCAL, { prefix: directoryPrefix(directory) })) {
      const { path, row } = decodeLocalRow(value);
      found.set(path, row);
    }
    for (const path of seenIn.get(directory) ?? []) {
      const row = seen.get(path);
      if (row === null || row === undefined) found.delete(path);
      else found.set(path, row);
    }
    return [...found];
  }

  function hasLocalChildren(path: RelativePath): boolean {
    if (seenIn.has(path)) return localChildren(path).length > 0;
    for (const _ of store.range(LOCAL, { prefix: directoryPrefix(path), limit: 1 })) return true;
    return false;
  }

  function writeLocal(tx: Transaction, path: RelativePath, row: LocalRow | null): void {
    const key = keyOf(path);
    const bytes = tx.get(LOCAL, key);
    const rowBefore = bytes === undefined ? undefined : decodeLocalRow(bytes).row;
    storedNext = changedTotals(storedNext, rowBefore, row);
    const before = rowBefore?.value;
    const after = row?.value;
    const contentBefore = before?.kind === 'file' ? before.content : null;
    const contentAfter = after?.kind === 'file' ? after.content : null;
    if (contentBefore !== null && contentBefore !== contentAfter) tx.remove(CONTENT, contentKey(contentBefore, path));
    if (contentAfter !== null && contentBefore !== contentAfter) {
      tx.put(CONTENT, contentKey(contentAfter, path), encoder.encode(path));
    }
    if (row === null) tx.remove(LOCAL, key);
    else tx.put(LOCAL, key, encodeLocalRow(path, row));
  }

  function write(tx: Transaction, changes: readonly RowChange[]): void {
    storedNext = stored;
    taken = [];
    for (const { path, local: row, synced } of changes) {
      if (row !== undefined) saw(path, row);
      const remembered = seen.get(path);
      if (remembered !== undefined) writeLocal(tx, path, remembered);
      if (remembered !== undefined) taken.push(path);
      if (synced === null) tx.remove(SYNCED, keyOf(path));
      else if (synced !== undefined) tx.put(SYNCED, keyOf(path), encodeSyncedRow(path, synced));
    }
    const done = new Set(taken);
    for (const [path, row] of seen) {
      if (taken.length >= ROWS_ALONG + changes.length) break;
      if (done.has(path)) continue;
      writeLocal(tx, path, row);
      taken.push(path);
    }
    if (taken.length > 0) tx.put(TOTALS, folder, encodeValue([storedNext.files, storedNext.bytes]));
  }

  function written(): void {
    for (const path of taken) forget(path);
    taken = [];
    stored = storedNext;
  }

  return {
    local,
    synced(path) {
      const bytes = store.get(SYNCED, keyOf(path));
      return bytes === undefined ? undefined : decodeSyncedRow(bytes).row;
    },
    hasLocalChildren,
    localChildren,
    localBelow(directory) {
      const found: (readonly [RelativePath, LocalRow])[] = [];
      const open: DirectoryPath[] = [directory];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        for (const child of localChildren(next)) {
          found.push(child);
          if (child[1].value.kind === 'directory') open.push(child[0]);
        }
      }
      return found;
    },
    *allPaths() {
      for (const { value } of store.range(LOCAL, { prefix: `${folder}/` })) yield decodeLocalRow(value).path;
      for (const { value } of store.range(SYNCED, { prefix: `${folder}/` })) yield decodeSyncedRow(value).path;
      yield* [...seen.keys()];
    },
    pathsOf(content) {
      const found = new Set<RelativePath>(seenContents.get(content));
      for (const { value } of store.range(CONTENT, { prefix: `${folder}/${content.slice(0, 32)}/` })) {
        found.add(decoder.decode(value) as RelativePath);
      }
      return [...found].filter((path) => {
        const value = local(path)?.value;
        return value?.kind === 'file' && value.content === content;
      });
    },
    saw,
    remembered: () => seen.size,
    write,
    written,
    commit(changes, besides) {
      if (changes.length === 0 && seen.size === 0 && besides === undefined) return;
      store.transaction((tx) => {
        write(tx, changes);
        besides?.(tx);
      });
      written();
    },
    totals: () => totals,
    clear() {
      for (const path of [...seen.keys()]) forget(path);
      store.transaction((tx) => {
        for (const table of [LOCAL, SYNCED, CONTENT]) {
          for (const { key } of [...tx.range(table, { prefix: `${folder}/` })]) tx.remove(table, key);
        }
        tx.remove(TOTALS, folder);
      });
      totals = { files: 0, bytes: 0 };
      stored = totals;
    },
  };
}

/** First 16 bytes of BLAKE3 of a path, as hex: a key of fixed length, whatever the path's. */
function shortHash(path: DirectoryPath): string {
  return toHex(blake3Bytes(encoder.encode(path)).subarray(0, 16));
}

function addTo<K>(sets: Map<K, Set<RelativePath>>, key: K, path: RelativePath): void {
  const paths = sets.get(key);
  if (paths === undefined) sets.set(key, new Set([path]));
  else paths.add(path);
}

function removeFrom<K>(sets: Map<K, Set<RelativePath>>, key: K, path: RelativePath): void {
  const paths = sets.get(key);
  paths?.delete(path);
  if (paths?.size === 0) sets.delete(key);
}

function changedTotals(totals: Totals, before: LocalRow | undefined, after: LocalRow | null): Totals {
  return {
    files: totals.files + filesOf(after) - filesOf(before),
    bytes: totals.bytes + bytesOf(after) - bytesOf(before),
  };
}

function filesOf(row: LocalRow | null | undefined): number {
  return row?.value.kind === 'file' ? 1 : 0;
}

function bytesOf(row: LocalRow | null | undefined): number {
  return row?.value.kind === 'file' ? row.value.size : 0;
}
