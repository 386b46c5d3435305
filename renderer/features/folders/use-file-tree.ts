import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from '../../store/store-context.tsx';
import { useAct } from '../../store/use-act.ts';
import type { LoadedDirectory } from './file-tree-view.ts';
import { TreeLoader } from './tree-loader.ts';

/** Loads a folder's directories as they are opened, and again when the folder's revision goes up. */
export const useFileTree = (folder: string, revision: number) => {
  const client = useClient();
  const { act } = useAct();
  const [loaded, setLoaded] = useState<ReadonlyMap<string, LoadedDirectory>>(new Map());
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const loader = useRef<TreeLoader | null>(null);
  const opened = useRef(open);
  opened.current = open;
  // A new connection goes on with what was loaded over the old one.
  const asking = useRef(act);
  asking.current = act;

  useEffect(() => {
    const made = new TreeLoader({
      ask: (directory, cursor, limit) =>
        asking.current((current) => current.folders.files({ folder, directory, cursor, limit })),
      changed: setLoaded,
      now: () => performance.now(),
      pause: (ms) => new Promise((resolve) => window.setTimeout(resolve, ms)),
    });
    loader.current = made;
    return () => made.close();
  }, [folder]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision or client means that all of it may read differently
  useEffect(() => {
    if (client === null) return;
    loader.current?.refresh('');
    for (const directory of opened.current) loader.current?.refresh(directory);
  }, [folder, revision, client]);

  const toggle = useCallback((directory: string) => {
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(directory)) next.add(directory);
      return next;
    });
    if (!opened.current.has(directory)) loader.current?.refresh(directory);
  }, []);
  const more = useCallback((directory: string) => void loader.current?.more(directory), []);
  return { loaded, open, toggle, more };
};
