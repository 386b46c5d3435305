import { Button } from '@mantine/core';
import { named } from '../../../shared/model/amounts.ts';
import type { JoinRequest } from '../../../shared/model/group-view.ts';
import { useToast } from '../../components/toasts.tsx';
import { toastOf, useAct } from '../../store/use-act.ts';
import styles from './request-card.module.css';

/** A newcomer that asks to come in: the phrase to compare, and the two answers. */
export const RequestCard = ({ request }: { readonly request: JoinRequest }) => {
  const { act, busy } = useAct();
  const toast = useToast();
  const name = named(request.name);
  const approve = async (): Promise<void> => {
    const done = await act((client) => client.group.approve({ request: request.id }));
    if (done) toast({ text: 'It is offered the folders now.', ...toastOf(done, `${name} is let in`) });
  };
  const deny = async (): Promise<void> => {
    const done = await act((client) => client.group.deny({ request: request.id }));
    if (done) toast({ tone: 'safe', title: `${name} was turned away` });
  };
  return (
    <section className={styles.card} aria-label={`${request.name} asks to join`}>
      <div className={styles.text}>
        <div className={styles.title}>
          {name} asks to join as {request.role === 'admin' ? 'an admin' : 'a member'}
        </div>
        <div className={styles.phrase}>{request.phrase}</div>
        <div>Only go on if both screens show it.</div>
      </div>
      <div className={styles.actions}>
        <Button variant="default" disabled={busy} onClick={() => void deny()}>
          Turn away
        </Button>
        <Button loading={busy} onClick={() => void approve()}>
          Both show it: let it in
        </Button>
      </div>
    </section>
  );
};
