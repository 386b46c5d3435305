import { Button } from '@mantine/core';
import type { Folder } from '../../../shared/model/folder.ts';
import { Empty } from '../../components/empty.tsx';
import { waitingAbout } from '../../store/selectors.ts';
import { useApp } from '../../store/store-context.tsx';
import { useCancelWaiting } from '../../store/use-cancel-waiting.ts';

/** Stands for the page of a folder that is not decided yet: nobody can be asked about its files. */
export const WaitingFolder = ({ folder }: { readonly folder: Folder }) => {
  const [waiting] = waitingAbout(useApp(), folder.id);
  const cancel = useCancelWaiting();
  return (
    <Empty
      drawing="folders"
      title="Waits for the master"
      actions={
        waiting && (
          <Button variant="default" disabled={!waiting.canCancel} onClick={() => cancel(waiting)}>
            Cancel sharing it
          </Button>
        )
      }
    >
      It is shared as soon as enough devices are back. Until then nothing of it leaves this computer, and its files stay
      as they are.
      {waiting?.canCancel === false && ' It may already be decided, so it can’t be taken back now.'}
    </Empty>
  );
};
