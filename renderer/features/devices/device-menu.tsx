import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconShieldDown, IconShieldUp, IconUserOff } from '@tabler/icons-react';
import { useState } from 'react';
import type { Device } from '../../../shared/model/device.ts';
import { RenameDialog } from '../../components/rename-dialog.tsx';
import { isAdmin } from '../../store/selectors.ts';
import { useApp } from '../../store/store-context.tsx';
import { useDeviceActions } from './use-device-actions.ts';

const ICON = { size: 16, stroke: 1.75, 'aria-hidden': true } as const;

/** What can be done with a device, as a menu. */
export const DeviceMenu = ({ device }: { readonly device: Device }) => {
  const state = useApp();
  const admin = isAdmin(state);
  const isOnlyAdmin = state.devices.every(({ id, role }) => (role === 'admin') === (id === device.id));
  const actions = useDeviceActions(device);
  const [renaming, setRenaming] = useState(false);
  if (!admin && !device.self) return null;
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size={32} aria-label={`More for ${device.name}`}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil {...ICON} />} onClick={() => setRenaming(true)}>
            Rename…
          </Menu.Item>
          {admin && device.role === 'member' && (
            <Menu.Item leftSection={<IconShieldUp {...ICON} />} onClick={() => actions.setRole('admin')}>
              Make it an admin
            </Menu.Item>
          )}
          {admin && device.role === 'admin' && (
            <Menu.Item
              leftSection={<IconShieldDown {...ICON} />}
              disabled={isOnlyAdmin}
              onClick={() => actions.setRole('member')}
            >
              {isOnlyAdmin ? 'The only admin stays one' : 'Make it a member'}
            </Menu.Item>
          )}
          {admin && !device.self && (
            <>
              <Menu.Divider />
              <Menu.Item color="var(--halted)" leftSection={<IconUserOff {...ICON} />} onClick={actions.remove}>
                Take it out of the group…
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {renaming && (
        <RenameDialog
          what={device.self ? 'this computer' : device.name}
          name={device.name}
          note="The name that all devices of the group show."
          onRename={actions.rename}
          onClose={() => setRenaming(false)}
        />
      )}
    </>
  );
};
