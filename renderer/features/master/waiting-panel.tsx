import { Button } from '@mantine/core';
import type { WaitingChange } from '../../../shared/model/group-view.ts';
import { InfoMark } from '../../components/info-mark.tsx';
import { Panel } from '../../components/panel.tsx';
import { useCancelWaiting } from '../../store/use-cancel-waiting.ts';
import { TERMS } from '../../text/terms.ts';
import { ago } from '../../text/times.ts';
import styles from './waiting-panel.module.css';

/** Changes that wait for the master; each can be cancelled while it surely has not been decided. */
export const WaitingPanel = ({
  waiting,
  now,
}: {
  readonly waiting: readonly WaitingChange[];
  readonly now: number;
}) => {
  const cancel = useCancelWaiting();
  return (
    <Panel title="Waiting for the master" aside={<InfoMark about="waiting for the master">{TERMS.waiting}</InfoMark>}>
      {waiting.length === 0 ? (
        <p className={styles.none}>Nothing</p>
      ) : (
        <ul className={styles.list}>
          {waiting.map((change) => (
            <li key={change.id} className={styles.item}>
              <div className={styles.text}>
                {change.text}
                <div className={styles.when}>
                  asked {ago(change.since, now)}
                  {!change.canCancel && '; it may already be decided'}
                </div>
              </div>
              <Button
                size="compact-sm"
                variant="default"
                disabled={!change.canCancel}
                aria-label={`Cancel: ${change.text}`}
                onClick={() => cancel(change)}
              >
                Cancel
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
};
