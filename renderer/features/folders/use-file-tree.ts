import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from '../../store/store-context.tsx';
import { useAct } from '../../store/use-act.ts';
import type { LoadedDirectory } from './file-tree-view.ts';

const PAGE = 500;

/** Loads a folder's directories as they are opened, and again when the folder's revision goes up. */
export const useFileTree = (folder: string, revision: number) => {
  const client = useClient();
  const { act } = useAct();
  const [loaded, setLoaded] = useState<ReadonlyMap<string, LoadedDirectory>>(new Map());
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const asking = useRef(new Set<string>());
  const opened = useRef(open);
  opened.current = open;

  const load = useCallback(
    async (directory: string, cursor: string | null, limit = PAGE): Promise<void> => {
      const key = `${directory} ${cursor}`;
      if (asking.current.has(key)) return;
      asking.current.add(key);
      const page = await act((current) => current.folders.files({ folder, directory, cursor, limit }));
      asking.current.delete(key);
      if (!page) return;
      setLoaded((before) => {
        const known = cursor === null ? [] : (before.get(directory)?.entries ?? []);
        return new Map(before).set(directory, {
          entries: [...known, ...page.entries],
          next: page.next,
          total: page.total,
        });
      });
    },
    [act, folder],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision or client means that all of it may read differently
  useEffect(() => {
    if (client === null) return;
    void load('', null);
    for (const directory of opened.current) void load(directory, null);
  }, [load, revision, client]);

  const toggle = useCallback(
    (directory: string) => {
      setOpen((before) => {
        const next = new Set(before);
        if (!next.delete(directory)) next.add(directory);
        return next;
      });
      void load(directory, null);
    },
    [load],
  );
  const more = useCallback(
    (directory: string) => {
      const next = loaded.get(directory)?.next ?? null;
      if (next !== null) void load(directory, next);
    },
    [load, loaded],
  );
  return { loaded, open, toggle, more };
};
