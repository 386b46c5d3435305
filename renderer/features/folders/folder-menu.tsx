import { ActionIcon, Menu } from '@mantine/core';
import {
  IconDots,
  IconFolderOff,
  IconFolderOpen,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconShareOff,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { Folder } from '../../../shared/model/folder.ts';
import { desktop } from '../../bridge/desktop.ts';
import { RenameDialog } from '../../components/rename-dialog.tsx';
import { useApp } from '../../store/store-context.tsx';
import { useFolderActions } from './use-folder-actions.ts';

const ICON = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

/** What can be done with a folder, as a menu. */
export const FolderMenu = ({ folder }: { readonly folder: Folder }) => {
  const { self } = useApp();
  const actions = useFolderActions(folder);
  const [renaming, setRenaming] = useState(false);
  const owned = folder.owner === self.id;
  const held = folder.path !== null;
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={32} aria-label={`More for ${folder.name}`}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {held && desktop() && (
            <Menu.Item leftSection={<IconFolderOpen {...ICON} />} onClick={actions.show}>
              Show on disk
            </Menu.Item>
          )}
          {held && folder.state === 'paused' && (
            <Menu.Item leftSection={<IconPlayerPlay {...ICON} />} onClick={actions.resume}>
              Go on
            </Menu.Item>
          )}
          {held && folder.state !== 'paused' && folder.state !== 'halted' && (
            <Menu.Item leftSection={<IconPlayerPause {...ICON} />} onClick={actions.pause}>
              Pause
            </Menu.Item>
          )}
          {held && (
            <Menu.Item leftSection={<IconRefresh {...ICON} />} onClick={actions.rescan}>
              Look through it again
            </Menu.Item>
          )}
          {owned && (
            <Menu.Item leftSection={<IconPencil {...ICON} />} onClick={() => setRenaming(true)}>
              Rename…
            </Menu.Item>
          )}
          {(held || owned) && <Menu.Divider />}
          {held && (
            <Menu.Item color="var(--halted)" leftSection={<IconFolderOff {...ICON} />} onClick={actions.drop}>
              Stop holding it here…
            </Menu.Item>
          )}
          {owned && (
            <Menu.Item color="var(--halted)" leftSection={<IconShareOff {...ICON} />} onClick={actions.unshare}>
              Stop sharing with everyone…
            </Menu.Item>
          )}
          {!held && !owned && <Menu.Item disabled>Only its owner can change it</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {renaming && (
        <RenameDialog
          what={folder.name}
          name={folder.name}
          note="The name that all devices show. Directories on disk keep theirs."
          onRename={actions.rename}
          onClose={() => setRenaming(false)}
        />
      )}
    </>
  );
};
