import { Button } from '@mantine/core';
import { IconCrown } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { AppState } from '../../../shared/model/app-state.ts';
import { InfoMark } from '../../components/info-mark.tsx';
import { toneClass } from '../../components/tone.ts';
import { TERMS } from '../../text/terms.ts';
import { moment } from '../../text/times.ts';
import styles from './master-head.module.css';
import { goneForGood, headlineOf, roleWords } from './master-view.ts';
import type { VotesView } from './votes-view.ts';

/** Who decides, and what that means now: the one thing to read on this screen. */
export const MasterHead = (props: {
  readonly state: AppState;
  readonly votes: VotesView;
  readonly now: number;
  readonly actions: ReactNode;
  readonly onLeave: () => void;
}) => {
  const { state, votes, now } = props;
  const headline = headlineOf(state);
  const { term, since } = state.master;
  // The mark goes to the next line with the last word, never alone.
  const cut = headline.text.lastIndexOf(' ');
  const [start, last] = [headline.text.slice(0, cut), headline.text.slice(cut + 1)];
  const gone = votes.missing.length > 0 ? goneForGood(votes.missing) : null;
  return (
    <section className={`${styles.head} ${toneClass(headline.tone)}`} aria-label="Who decides">
      <div className={styles.crown}>
        <IconCrown size={28} stroke={1.75} aria-hidden />
      </div>
      <div className={styles.words}>
        <h1 className={styles.title}>
          {start}{' '}
          <span className={styles.last}>
            {last}
            <InfoMark about="the metadata master">{TERMS.master}</InfoMark>
          </span>
        </h1>
        <p className={styles.quorum}>
          <strong>{votes.quorum.text}</strong> {votes.quorum.detail}
        </p>
        <div className={styles.facts}>
          <span className={styles.fact}>
            term {term}
            <InfoMark about="a term">{TERMS.term}</InfoMark>
          </span>
          {since !== null && <span className={styles.fact}>since {moment(since, now)}</span>}
          <span className={styles.fact}>this computer: {roleWords(state)}</span>
        </div>
        {gone && (
          <div className={styles.gone}>
            <p className={styles.way}>
              <strong>{gone.title}</strong> {gone.text}
            </p>
            <Button size="compact-sm" variant="default" onClick={props.onLeave}>
              Leave and start a new group…
            </Button>
          </div>
        )}
      </div>
      {props.actions && <div className={styles.actions}>{props.actions}</div>}
    </section>
  );
};
