import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconCrown } from '@tabler/icons-react';
import { named } from '../../../shared/model/amounts.ts';
import { useToast } from '../../components/toasts.tsx';
import { useAct } from '../../store/use-act.ts';
import type { Vote } from './votes-view.ts';

/** Hands the mastership to another voter that is here. Not drawn where there is none. */
export const TransferMenu = ({ votes }: { readonly votes: readonly Vote[] }) => {
  const { act, busy } = useAct();
  const toast = useToast();
  const able = votes.filter((vote) => vote.present && !vote.master);
  if (able.length === 0 || !votes.some((vote) => vote.master)) return null;
  const send = async (vote: Vote): Promise<void> => {
    const done = await act((client) => client.master.transfer({ device: vote.device }));
    if (done) toast({ tone: 'safe', title: `${vote.self ? 'This computer' : named(vote.name)} takes over` });
  };
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" loading={busy} rightSection={<IconChevronDown size={16} aria-hidden />}>
          Hand over
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Make another device the master</Menu.Label>
        {able.map((vote) => (
          <Menu.Item
            key={vote.device}
            leftSection={<IconCrown size={16} stroke={1.75} aria-hidden />}
            onClick={() => void send(vote)}
          >
            {vote.self ? 'This computer' : named(vote.name)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
};
