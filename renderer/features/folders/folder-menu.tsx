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
  IconX,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { Folder } from '../../../shared/model/folder.ts';
import { desktop } from '../../bridge/desktop.ts';
import { RenameDialog } from '../../components/rename-dialog.tsx';
import { waitingAbout } from '../../store/selectors.ts';
import { useApp } from '../../store/store-context.tsx';
import { useCancelWaiting } from '../../store/use-cancel-waiting.ts';
import { type FolderMenuItem, folderMenu } from './folder-menu-view.ts';
import { useFolderActions } from './use-folder-actions.ts';

const ICON = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

/** Below the line: what takes something away. */
const TAKES_AWAY: ReadonlySet<FolderMenuItem> = new Set(['drop', 'unshare']);

const ITEMS = {
  show: { words: 'Show on disk', icon: <IconFolderOpen {...ICON} /> },
  resume: { words: 'Go on', icon: <IconPlayerPlay {...ICON} /> },
  pause: { words: 'Pause', icon: <IconPlayerPause {...ICON} /> },
  rescan: { words: 'Look through it again', icon: <IconRefresh {...ICON} /> },
  rename: { words: 'Rename…', icon: <IconPencil {...ICON} /> },
  drop: { words: 'Stop holding it here…', icon: <IconFolderOff {...ICON} /> },
  unshare: { words: 'Stop sharing with everyone…', icon: <IconShareOff {...ICON} /> },
  cancel: { words: 'Cancel sharing it', icon: <IconX {...ICON} /> },
} satisfies Record<FolderMenuItem, unknown>;

/** What can be done with a folder, as a menu. */
export const FolderMenu = ({ folder }: { readonly folder: Folder }) => {
  const state = useApp();
  const actions = useFolderActions(folder);
  const [renaming, setRenaming] = useState(false);
  const items = folderMenu(folder, state.self.id, desktop() !== null);
  const cancelWaiting = useCancelWaiting();
  const [waiting] = waitingAbout(state, folder.id);
  const run = {
    ...actions,
    rename: () => setRenaming(true),
    cancel: () => {
      if (waiting) cancelWaiting(waiting);
    },
  } satisfies Record<FolderMenuItem, unknown>;
  const line = items.findIndex((item) => TAKES_AWAY.has(item));
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={32} aria-label={`More for ${folder.name}`}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {items.flatMap((item, index) => [
            index === line && index > 0 ? <Menu.Divider key="line" /> : null,
            <Menu.Item
              key={item}
              leftSection={ITEMS[item].icon}
              {...(TAKES_AWAY.has(item) ? { color: 'var(--halted)' } : {})}
              disabled={item === 'cancel' && !waiting?.canCancel}
              onClick={() => run[item]()}
            >
              {ITEMS[item].words}
            </Menu.Item>,
          ])}
          {items.length === 0 && <Menu.Item disabled>Only its owner can change it</Menu.Item>}
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
