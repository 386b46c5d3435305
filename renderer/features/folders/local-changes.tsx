import { Button } from '@mantine/core';
import { plural } from '../../../shared/model/amounts.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import { Notice } from '../../components/notice.tsx';
import { useFolderActions } from './use-folder-actions.ts';

/** What was changed here without the right to write: kept, not sent, and what can be done about it. */
export const LocalChanges = ({ folder }: { readonly folder: Folder }) => {
  const actions = useFolderActions(folder);
  return (
    <Notice
      tone="needsYou"
      title={`${plural(folder.localChanges, 'change')} made here ${folder.localChanges === 1 ? 'is' : 'are'} kept here`}
      actions={
        <Button variant="default" onClick={() => actions.throwMineAway(null)}>
          Throw mine away…
        </Button>
      }
    >
      This computer may only read the folder, so the others do not get them. Given the right to write, they are sent as
      they are.
    </Notice>
  );
};
