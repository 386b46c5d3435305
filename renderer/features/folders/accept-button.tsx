import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Folder } from '../../../shared/model/folder.ts';
import { useApp } from '../../store/store-context.tsx';
import { AcceptDialog } from './accept-dialog.tsx';
import { suggestPlace } from './places.ts';

/** Accepts an offered folder into a place that is asked for. */
export const AcceptButton = ({ folder }: { readonly folder: Folder }) => {
  const state = useApp();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="compact-sm" onClick={() => setOpen(true)} aria-label={`Accept ${folder.name}`}>
        Accept…
      </Button>
      {open && (
        <AcceptDialog folder={folder} suggestion={suggestPlace(state, folder.name)} onClose={() => setOpen(false)} />
      )}
    </>
  );
};
