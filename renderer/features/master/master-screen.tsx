import { useState } from 'react';
import { isAdmin } from '../../store/selectors.ts';
import { useApp, useNow } from '../../store/store-context.tsx';
import { useLeave } from '../../store/use-leave.ts';
import { BudgetDialog } from './budget-dialog.tsx';
import { DecidedPanel } from './decided-panel.tsx';
import { GaugePanel } from './gauge-panel.tsx';
import { gaugeOf, timingWords } from './gauge-view.ts';
import { GridPanel } from './grid-panel.tsx';
import { MasterHead } from './master-head.tsx';
import styles from './master-screen.module.css';
import { stepsOf } from './master-view.ts';
import { TransferMenu } from './transfer-menu.tsx';
import { VotesPanel } from './votes-panel.tsx';
import { votesView } from './votes-view.ts';
import { WaitingPanel } from './waiting-panel.tsx';
import { whoHasWhat } from './who-has-what-view.ts';

const LIVE_MS = 100;
const CALM_MS = 10_000;

/** The metadata layer in plain words: who decides, who votes, how fast a failed master is replaced, who has what. */
export const MasterScreen = () => {
  const state = useApp();
  const now = useNow(state.master.election ? LIVE_MS : CALM_MS);
  const [changing, setChanging] = useState(false);
  const leave = useLeave();
  const votes = votesView(state);
  return (
    <div className={styles.page}>
      <MasterHead
        state={state}
        votes={votes}
        now={now}
        actions={<TransferMenu votes={votes.votes} />}
        onLeave={leave}
      />
      <div className={styles.two}>
        <div className={styles.stack}>
          <VotesPanel view={votes} steps={stepsOf(state)} />
          <WaitingPanel waiting={state.waiting} now={now} />
        </div>
        <GaugePanel
          gauge={gaugeOf(state, now)}
          now={now}
          timing={timingWords(state)}
          onChange={isAdmin(state) ? () => setChanging(true) : null}
        />
      </div>
      {state.folders.length > 0 && <GridPanel view={whoHasWhat(state)} now={now} />}
      <DecidedPanel now={now} />
      {changing && <BudgetDialog budgetMs={state.master.budgetMs} onClose={() => setChanging(false)} />}
    </div>
  );
};
