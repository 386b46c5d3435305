import { Button } from '@mantine/core';
import { IconFolderPlus } from '@tabler/icons-react';
import { Empty } from '../../components/empty.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { useApp } from '../../store/store-context.tsx';
import { AcceptButton } from './accept-button.tsx';
import { FolderMenu } from './folder-menu.tsx';
import { FolderRowItem } from './folder-row.tsx';
import styles from './folders-screen.module.css';
import { foldersView, sumWords } from './folders-view.ts';

/** All folders of the group: offered ones on top, then those that are here. */
export const FoldersScreen = ({ onShare }: { readonly onShare: () => void }) => {
  const state = useApp();
  const { offered, held } = foldersView(state);
  const share = (
    <Button leftSection={<IconFolderPlus size={18} stroke={1.75} aria-hidden />} onClick={onShare}>
      Share a folder…
    </Button>
  );
  if (offered.length + held.length === 0) {
    return (
      <Page title="Folders">
        <Empty drawing="folders" title="Share your first folder" actions={share}>
          Drag a directory anywhere onto this window, or choose one. It stays where it is; your other devices are
          offered a copy that is kept the same.
        </Empty>
      </Page>
    );
  }
  return (
    <Page title="Folders" sub={held.length > 0 ? sumWords(held) : undefined} actions={share}>
      {offered.length > 0 && (
        <Panel title="Offered to this computer" flush>
          <ul className={styles.list}>
            {offered.map((row) => (
              <FolderRowItem key={row.folder.id} row={row} action={<AcceptButton folder={row.folder} />} />
            ))}
          </ul>
        </Panel>
      )}
      {held.length > 0 && (
        <Panel flush>
          <ul className={styles.list}>
            {held.map((row) => (
              <FolderRowItem key={row.folder.id} row={row} action={<FolderMenu folder={row.folder} />} />
            ))}
          </ul>
        </Panel>
      )}
    </Page>
  );
};
