import { useEffect, useRef, useState } from 'react';
import { droppedPaths } from '../bridge/desktop.ts';

/** What is being dragged over the window: how many things; browsers tell no names before the drop. */
export interface Dragged {
  readonly count: number;
}

const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

/** Makes the whole window a drop target. `onDrop` gets absolute paths; none where the page can't know them. */
export const useDrop = (onDrop: (paths: readonly string[], names: readonly string[]) => void): Dragged | null => {
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const deliver = useRef(onDrop);
  deliver.current = onDrop;

  useEffect(() => {
    let depth = 0;
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth += 1;
      const files = [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === 'file');
      setDragged({ count: Math.max(1, files.length) });
    };
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    };
    const leave = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setDragged(null);
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      depth = 0;
      setDragged(null);
      deliver.current(
        droppedPaths(event.dataTransfer),
        [...event.dataTransfer.files].map((file) => file.name),
      );
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop);
    };
  }, []);
  return dragged;
};
