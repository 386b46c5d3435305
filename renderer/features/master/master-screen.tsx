import { Button } from '@mantine/core';
import { useState } from 'react';
import { InfoMark } from '../../components/info-mark.tsx';
import { Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { toneClass } from '../../components/tone.ts';
import { isAdmin } from '../../store/selectors.ts';
import { useApp, useNow } from '../../store/store-context.tsx';
import { useLeave } from '../../store/use-leave.ts';
import { TERMS } from '../../text/terms.ts';
import { moment } from '../../text/times.ts';
import { BudgetDialog } from './budget-dialog.tsx';
import { DecidedPanel } from './decided-panel.tsx';
import { GaugePanel } from './gauge-panel.tsx';
import { gaugeOf, timingWords } from './gauge-view.ts';
import { GridPanel } from './grid-panel.tsx';
import styles from './master-screen.module.css';
import { goneForGood, headlineOf, roleWords, stepsOf } from './master-view.ts';
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
  const headline = headlineOf(state);
  const votes = votesView(state);
  const { term, since } = state.master;
  const gone = votes.missing.length > 0 ? goneForGood(votes.missing) : null;
  return (
    <Page
      title={
        <span className={`${styles.title} ${toneClass(headline.tone)}`}>
          <span className={styles.dot} />
          {headline.text}
          <InfoMark about="the metadata master">{TERMS.master}</InfoMark>
        </span>
      }
      sub={
        <span className={styles.facts}>
          <span className={styles.fact}>
            term {term}
            <InfoMark about="a term">{TERMS.term}</InfoMark>
          </span>
          {since !== null && <span className={styles.fact}>since {moment(since, now)}</span>}
          <span className={styles.fact}>this computer: {roleWords(state)}</span>
        </span>
      }
      actions={<TransferMenu votes={votes.votes} />}
    >
      {gone && (
        <Notice
          tone="needsYou"
          title={gone.title}
          actions={
            <Button variant="default" onClick={leave}>
              Leave and start a new group…
            </Button>
          }
        >
          {gone.text}
        </Notice>
      )}
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
    </Page>
  );
};
