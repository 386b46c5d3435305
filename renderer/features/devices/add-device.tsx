import { Button, Group, Modal, Radio, SegmentedControl, Stack, Switch, Text } from '@mantine/core';
import { useId, useState } from 'react';
import type { Role } from '../../../shared/model/values.ts';
import { useApp } from '../../store/store-context.tsx';
import { useAct } from '../../store/use-act.ts';
import styles from './add-device.module.css';
import { InviteCode } from './invite-code.tsx';
import { RequestCard } from './request-card.tsx';

const HOUR_MS = 3_600_000;
const LASTS = [
  { value: String(HOUR_MS), label: '1 hour' },
  { value: String(24 * HOUR_MS), label: '1 day' },
  { value: String(7 * 24 * HOUR_MS), label: '1 week' },
];

interface Made {
  readonly id: string;
  readonly code: string;
  readonly expires: number;
  readonly asks: boolean;
}

const WHOSE: readonly { readonly role: Role; readonly title: string; readonly text: string }[] = [
  { role: 'admin', title: 'Is it yours?', text: 'It becomes an admin: it may invite, let in and remove devices.' },
  {
    role: 'member',
    title: "Someone else's?",
    text: 'It becomes a member: it takes part in folders, and may not change the group.',
  },
];

/** The sheet that makes a code for a new device, shows it, and lets the device in when it comes. */
export const AddDevice = ({ onClose }: { readonly onClose: () => void }) => {
  const { requests, invites } = useApp();
  const { act, busy } = useAct();
  const [role, setRole] = useState<Role>('admin');
  const [lasts, setLasts] = useState(String(24 * HOUR_MS));
  const [asks, setAsks] = useState(true);
  const [made, setMade] = useState<Made | null>(null);
  const lastsLabel = useId();

  const make = async (): Promise<void> => {
    const approve = asks ? 'ask' : 'auto';
    const invite = await act((client) => client.group.invite({ role, approve, expiresMs: Number(lasts) }));
    if (invite) setMade({ id: invite.id, code: invite.code, expires: invite.expires, asks });
  };

  if (made) {
    // The list knows more than the answer did, once the master has decided.
    const known = invites.find(({ id }) => id === made.id);
    return (
      <Modal opened onClose={onClose} title="Add a device" size="lg">
        <Stack gap="md">
          <InviteCode code={made.code} expires={known?.expires ?? made.expires} waits={known?.state === 'waiting'} />
          {requests.length > 0 ? (
            requests.map((request) => <RequestCard key={request.id} request={request} />)
          ) : (
            <div className={styles.wait} role="status">
              {made.asks
                ? 'When the new device asks to come in, it shows here and on every admin device.'
                : 'The new device comes in by itself once it has the code.'}
            </div>
          )}
        </Stack>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title="Add a device" size="lg">
      <Stack gap="md">
        <Radio.Group label="Who uses the new device?" value={role} onChange={(value) => setRole(value as Role)}>
          <div className={styles.choices} style={{ marginTop: 8 }}>
            {WHOSE.map((whose) => (
              <Radio.Card key={whose.role} value={whose.role} className={styles.choice}>
                <Group wrap="nowrap" align="flex-start" gap={10}>
                  <Radio.Indicator mt={3} />
                  <div>
                    <div className={styles.choiceTitle}>{whose.title}</div>
                    <div className={styles.choiceText}>{whose.text}</div>
                  </div>
                </Group>
              </Radio.Card>
            ))}
          </div>
        </Radio.Group>
        <div>
          <Text size="sm" fw={500} id={lastsLabel} mb={4}>
            The code can be used for
          </Text>
          <SegmentedControl aria-labelledby={lastsLabel} data={LASTS} value={lasts} onChange={setLasts} />
        </div>
        <Switch
          checked={asks}
          onChange={(event) => setAsks(event.currentTarget.checked)}
          label="Ask before it is let in"
          description="Both screens show the same words, so that you know it is the right device."
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={busy} onClick={() => void make()}>
            Make a code
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
};
