/** A folder's tree as rows: opened directories with what is in them, loaded page by page. Pure. */
import { bytes, percent } from '../../../shared/model/amounts.ts';
import type { FileEntry, FileState } from '../../../shared/model/file-entry.ts';
import type { TruthTone } from '../../../shared/model/truth.ts';
import { sentenceOf } from '../../../shared/text/error-sentences.ts';

/** What is known of one directory. `entries` may be only the beginning; `next` is where it goes on. */
export interface LoadedDirectory {
  readonly entries: readonly FileEntry[];
  readonly next: string | null;
  readonly total: number;
}

export type TreeRow =
  | {
      readonly kind: 'entry';
      readonly key: string;
      readonly depth: number;
      readonly entry: FileEntry;
      readonly open: boolean;
    }
  | {
      readonly kind: 'more';
      readonly key: string;
      readonly depth: number;
      readonly directory: string;
      readonly left: number;
    }
  | { readonly kind: 'loading'; readonly key: string; readonly depth: number; readonly directory: string }
  | { readonly kind: 'empty'; readonly key: string; readonly depth: number };

/** The rows from the root down. A directory is open when `open` has its path. */
export const treeRows = (
  loaded: ReadonlyMap<string, LoadedDirectory>,
  open: ReadonlySet<string>,
): readonly TreeRow[] => {
  const rows: TreeRow[] = [];
  const visit = (directory: string, depth: number): void => {
    const known = loaded.get(directory);
    if (!known) {
      rows.push({ kind: 'loading', key: `${directory}/?`, depth, directory });
      return;
    }
    if (known.entries.length === 0) rows.push({ kind: 'empty', key: `${directory}/0`, depth });
    for (const entry of known.entries) {
      const isOpen = entry.kind === 'directory' && open.has(entry.path);
      rows.push({ kind: 'entry', key: entry.path, depth, entry, open: isOpen });
      if (isOpen) visit(entry.path, depth + 1);
    }
    if (known.next !== null) {
      rows.push({ kind: 'more', key: `${directory}/+`, depth, directory, left: known.total - known.entries.length });
    }
  };
  visit('', 0);
  return rows;
};

const STATE_WORDS: Readonly<Record<FileState, { readonly tone: TruthTone; readonly words: string }>> = {
  same: { tone: 'safe', words: '' },
  receiving: { tone: 'moving', words: 'On its way' },
  waiting: { tone: 'quiet', words: 'A newer version waits' },
  unsent: { tone: 'moving', words: 'Changed here, not sent yet' },
  'kept-here': { tone: 'needsYou', words: 'Changed here, kept here' },
  conflict: { tone: 'needsYou', words: 'Two versions' },
  problem: { tone: 'needsYou', words: 'Can’t be kept the same' },
};

/** An entry's state in words with its cause; empty words where all is well. */
export const fileStatus = (entry: FileEntry): { readonly tone: TruthTone; readonly words: string } => {
  const status = STATE_WORDS[entry.state];
  if (entry.kind === 'directory') {
    if (entry.state === 'conflict') return { ...status, words: 'Has conflicts' };
    if (entry.state === 'problem') return { ...status, words: 'Has problems' };
    if (entry.state === 'kept-here') return { ...status, words: 'Has changes kept here' };
    if (entry.state === 'receiving') return { ...status, words: 'More is on its way' };
    if (entry.state === 'waiting') return { ...status, words: 'More has to come' };
    return status;
  }
  if (entry.cause !== null && entry.state !== 'kept-here') return { ...status, words: sentenceOf(entry.cause).what };
  if (entry.state === 'receiving' && entry.haveBytes !== null && entry.size !== null && entry.size > 0) {
    return { ...status, words: `${percent(entry.haveBytes, entry.size)} is here` };
  }
  return status;
};

export const sizeWords = (entry: FileEntry): string => (entry.size === null ? '' : bytes(entry.size));
