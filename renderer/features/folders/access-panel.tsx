import { ActionIcon, Menu, Select } from '@mantine/core';
import { IconDots, IconUserShare } from '@tabler/icons-react';
import { named } from '../../../shared/model/amounts.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import type { Access } from '../../../shared/model/values.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { Name } from '../../components/names.tsx';
import { Panel } from '../../components/panel.tsx';
import { useToast } from '../../components/toasts.tsx';
import { useApp } from '../../store/store-context.tsx';
import { type Asked, toastOf, useAct } from '../../store/use-act.ts';
import { ACCESS_WORDS } from '../../text/words.ts';
import styles from './access-panel.module.css';
import { type AccessRow, accessRows } from './access-view.ts';

const CHOICES = (['readWrite', 'readOnly', 'none'] as const).map((value) => ({ value, label: ACCESS_WORDS[value] }));

/** What each device may do in the folder; its owner can change it and pass the folder on. */
export const AccessPanel = ({ folder }: { readonly folder: Folder }) => {
  const state = useApp();
  const { act, busy } = useAct();
  const confirm = useConfirm();
  const toast = useToast();
  const mine = folder.owner === state.self.id;

  const say = (done: Asked | null, title: string): void => {
    if (done) toast(toastOf(done, title));
  };
  const setAccess = async (row: AccessRow, access: Access): Promise<void> => {
    const input = { folder: folder.id, device: row.device.id, access };
    say(
      await act((client) => client.folders.setAccess(input)),
      `${named(row.name)}: ${ACCESS_WORDS[access].toLowerCase()}`,
    );
  };
  const passOn = (row: AccessRow): void =>
    confirm({
      title: `Make ${named(row.name)} the owner?`,
      text: `It decides from then on who may do what in ${named(folder.name)}. Only it can give the folder back.`,
      files: 'No file is touched.',
      verb: 'Pass it on',
      go: () => {
        void act((client) => client.folders.transferOwner({ folder: folder.id, device: row.device.id })).then((done) =>
          say(done, `${named(row.name)} owns ${named(folder.name)}`),
        );
      },
    });

  return (
    <Panel flush title="Who may do what">
      <ul className={styles.list}>
        {accessRows(state, folder).map((row) => (
          <li key={row.device.id} className={styles.item}>
            <div style={{ minWidth: 0 }}>
              <Name>{row.name}</Name>
              <div className={styles.sub}>{row.holds}</div>
            </div>
            <div className={styles.access}>
              {row.owner ? (
                'Owner, may do all'
              ) : mine ? (
                <Select
                  aria-label={`What ${row.name} may do`}
                  data={CHOICES}
                  value={row.access}
                  allowDeselect={false}
                  disabled={busy}
                  onChange={(value) => value !== null && void setAccess(row, value)}
                />
              ) : (
                ACCESS_WORDS[row.access]
              )}
            </div>
            {mine && !row.owner && (
              <Menu position="bottom-end" withinPortal>
                <Menu.Target>
                  <ActionIcon variant="subtle" color="gray" size={32} aria-label={`More for ${row.name}`}>
                    <IconDots size={18} aria-hidden />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item
                    leftSection={<IconUserShare size={16} stroke={1.75} aria-hidden />}
                    onClick={() => passOn(row)}
                  >
                    Make it the owner…
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
          </li>
        ))}
      </ul>
      <div className={styles.note}>
        Devices that join later: {ACCESS_WORDS[folder.defaultAccess].toLowerCase()}. What a device already has stays on
        it when its access ends.
      </div>
    </Panel>
  );
};
