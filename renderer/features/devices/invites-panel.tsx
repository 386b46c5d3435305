import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import type { Invite } from '../../../shared/model/group-view.ts';
import { Panel } from '../../components/panel.tsx';
import { useToast } from '../../components/toasts.tsx';
import { deviceWords } from '../../store/selectors.ts';
import { useApp } from '../../store/store-context.tsx';
import { toastOf, useAct } from '../../store/use-act.ts';
import { until } from '../../text/times.ts';
import { InviteCode } from './invite-code.tsx';
import styles from './invites-panel.module.css';

/** Invites that can still be used. Not drawn when there are none. */
export const InvitesPanel = ({ now }: { readonly now: number }) => {
  const state = useApp();
  const { act } = useAct();
  const toast = useToast();
  const [shown, setShown] = useState<Invite | null>(null);
  const open = state.invites.filter((invite) => invite.state === 'open' || invite.state === 'waiting');
  if (open.length === 0) return null;
  const revoke = async (invite: Invite): Promise<void> => {
    const done = await act((client) => client.group.revokeInvite({ id: invite.id }));
    if (done) toast(toastOf(done, 'The code can’t be used any more'));
  };
  return (
    <Panel title="Open invites">
      <ul className={styles.list}>
        {open.map((invite) => (
          <li key={invite.id} className={styles.item}>
            <div className={styles.text}>
              For {invite.role === 'admin' ? 'an admin' : 'a member'}, made by {deviceWords(state, invite.madeBy)}
              <div className={styles.sub}>
                {invite.state === 'waiting' ? 'Waits for the master' : `Ends ${until(invite.expires, now) ?? 'now'}`}
                {invite.approve === 'auto' ? '; lets the device in without asking' : '; asks before letting in'}
              </div>
            </div>
            {invite.code !== null && (
              <Button size="compact-sm" variant="default" onClick={() => setShown(invite)}>
                Show the code
              </Button>
            )}
            <Button size="compact-sm" variant="default" onClick={() => void revoke(invite)}>
              Withdraw
            </Button>
          </li>
        ))}
      </ul>
      <Modal opened={shown !== null} onClose={() => setShown(null)} title="Invite" size="lg">
        {shown?.code && <InviteCode code={shown.code} expires={shown.expires} waits={shown.state === 'waiting'} />}
      </Modal>
    </Panel>
  );
};
