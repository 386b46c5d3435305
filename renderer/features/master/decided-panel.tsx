import { Panel } from '../../components/panel.tsx';
import { deviceWordsFirst } from '../../store/selectors.ts';
import { useApp } from '../../store/store-context.tsx';
import { decisionWords } from '../../text/decisions.ts';
import { moment } from '../../text/times.ts';
import { decidedLately } from './master-view.ts';
import styles from './waiting-panel.module.css';

const SHOWN = 6;

/** What the group decided lately, newest first. */
export const DecidedPanel = ({ now }: { readonly now: number }) => {
  const state = useApp();
  const decided = decidedLately(state, SHOWN);
  return (
    <Panel title="Decided lately">
      {decided.length === 0 ? (
        <p className={styles.none}>Nothing yet</p>
      ) : (
        <ul className={styles.list}>
          {decided.map((decision) => (
            <li key={decision.id} className={styles.item}>
              <div className={styles.text}>{decisionWords(decision, deviceWordsFirst(state, decision.device))}</div>
              <div className={styles.when}>{moment(decision.at, now)}</div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
};
