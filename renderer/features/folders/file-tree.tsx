import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { count } from '../../../shared/model/amounts.ts';
import { useNow } from '../../store/store-context.tsx';
import { FileCells } from './file-row.tsx';
import styles from './file-tree.module.css';
import { type TreeRow, treeRows } from './file-tree-view.ts';
import { useFileTree } from './use-file-tree.ts';

const ROW_PX = 36;
const INDENT_PX = 20;

const restWords = (row: Exclude<TreeRow, { kind: 'entry' }>): string => {
  switch (row.kind) {
    case 'more':
      return `${count(row.left)} more`;
    case 'loading':
      return 'Loading…';
    case 'empty':
      return 'Empty';
  }
};

/** The drawn rows with one more, in order. */
const withRow = (drawn: readonly number[], row: number): number[] =>
  drawn.includes(row) || row < 0 ? [...drawn] : [...drawn, row].sort((left, right) => left - right);

/** The files of a folder: a tree of which only what is seen is drawn, and only what is opened is asked for. */
export const FileTree = ({ folder, revision }: { readonly folder: string; readonly revision: number }) => {
  const now = useNow(60_000);
  const { loaded, open, toggle, more } = useFileTree(folder, revision);
  const rows = treeRows(loaded, open);
  const scroll = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    // The row that has the focus is drawn wherever the person scrolls, so that the focus stays.
    rangeExtractor: (range) => withRow(defaultRangeExtractor(range), Math.min(active, rows.length - 1)),
    getItemKey: (index) => rows[index]?.key ?? index,
  });
  const items = virtual.getVirtualItems();

  // What is about to be seen is asked for before it is reached.
  useEffect(() => {
    for (const item of items) {
      const row = rows[item.index];
      if (row?.kind === 'more') more(row.directory);
    }
  });

  const move = (to: number): void => {
    const index = Math.max(0, Math.min(rows.length - 1, to));
    setActive(index);
    virtual.scrollToIndex(index);
    requestAnimationFrame(() => scroll.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus());
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[active];
    const directory = row?.kind === 'entry' && row.entry.kind === 'directory' ? row : null;
    switch (event.key) {
      case 'ArrowDown':
        move(active + 1);
        break;
      case 'ArrowUp':
        move(active - 1);
        break;
      case 'Home':
        move(0);
        break;
      case 'End':
        move(rows.length - 1);
        break;
      case 'ArrowRight':
        if (directory && !directory.open) toggle(directory.entry.path);
        break;
      case 'ArrowLeft':
        if (directory?.open) toggle(directory.entry.path);
        break;
      case 'Enter':
      case ' ':
        if (directory) toggle(directory.entry.path);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  return (
    <div className={styles.scroll} ref={scroll} style={{ height: `min(62vh, ${Math.max(4, rows.length) * ROW_PX}px)` }}>
      <div
        className={styles.space}
        style={{ height: virtual.getTotalSize() }}
        role="tree"
        aria-label="Files"
        onKeyDown={onKeyDown}
      >
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          const directory = row.kind === 'entry' && row.entry.kind === 'directory' ? row : null;
          return (
            <div
              key={item.key}
              className={styles.row}
              role="treeitem"
              aria-level={row.depth + 1}
              aria-expanded={directory ? directory.open : undefined}
              aria-selected={item.index === active}
              data-index={item.index}
              data-directory={directory ? '' : undefined}
              tabIndex={item.index === Math.min(active, rows.length - 1) ? 0 : -1}
              style={{ top: item.start, paddingLeft: 12 + row.depth * INDENT_PX }}
              onClick={() => {
                setActive(item.index);
                if (directory) toggle(directory.entry.path);
              }}
              onKeyDown={undefined}
            >
              {row.kind === 'entry' ? (
                <FileCells entry={row.entry} open={row.open} now={now} />
              ) : (
                <span className={styles.dim} style={{ paddingLeft: 24 }}>
                  {restWords(row)}
                </span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
};
