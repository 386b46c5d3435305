import { Button } from '@mantine/core';
import { measured } from '../../../shared/model/amounts.ts';
import { InfoMark } from '../../components/info-mark.tsx';
import { Panel } from '../../components/panel.tsx';
import { TERMS } from '../../text/terms.ts';
import { shortMoment } from '../../text/times.ts';
import styles from './gauge-panel.module.css';
import type { Gauge, GaugeRow, Term } from './gauge-view.ts';

const WORDS: Readonly<Record<Term, string>> = { detect: 'Detect', elect: 'Elect', answer: 'Answer' };
const ORDER: readonly Term[] = ['detect', 'elect', 'answer'];

const rowWords = (row: GaugeRow): string =>
  `${row.bars.map((bar) => `${WORDS[bar.term]} ${measured(bar.ms)}`).join(', ')}; together ${measured(row.totalMs)}`;

const Row = ({ row, budgetAt, now }: { readonly row: GaugeRow; readonly budgetAt: number; readonly now: number }) => (
  <div className={styles.row} data-live={row.live ? '' : undefined}>
    <div className={styles.when}>{row.live ? 'now' : shortMoment(row.at, now)}</div>
    <div className={styles.track} role="img" aria-label={rowWords(row)} title={rowWords(row)}>
      {row.bars
        .filter((bar) => bar.ms > 0)
        .map((bar) => (
          <div key={bar.term} className={styles.bar} data-term={bar.term} style={{ width: `${bar.width}%` }} />
        ))}
      <div className={styles.mark} style={{ left: `${budgetAt}%` }} />
    </div>
    <div className={styles.total}>{measured(row.totalMs)}</div>
    <div className={`${styles.verdict} ${row.within ? styles.within : styles.over}`}>
      {row.within ? (row.live ? 'so far' : 'within') : 'over'}
    </div>
    <div className={styles.who}>
      {row.who} · {row.cause}
    </div>
  </div>
);

/** The failover budget: every failover as three stacked terms, and the mark that they have to stay under. */
export const GaugePanel = (props: {
  readonly gauge: Gauge;
  readonly now: number;
  /** What follows from the budget, in a sentence. */
  readonly timing: string;
  readonly onChange: (() => void) | null;
}) => {
  const { gauge, now } = props;
  return (
    <Panel
      title={`Failover budget: ${measured(gauge.budgetMs)}`}
      aside={
        <>
          {props.onChange && (
            <Button size="compact-sm" variant="default" onClick={props.onChange}>
              Change…
            </Button>
          )}
          <InfoMark about="the failover budget">{TERMS.budget}</InfoMark>
        </>
      }
    >
      <div className={styles.legend}>
        {ORDER.map((term) => (
          <span key={term} className={styles.term}>
            <span className={styles.key} data-term={term} />
            {WORDS[term]}
            <InfoMark about={WORDS[term]}>{TERMS[term]}</InfoMark>
          </span>
        ))}
      </div>
      {gauge.rows.length === 0 ? (
        <p className={styles.none}>
          No master has failed yet. When one does, each of the three terms is measured here against the budget.
        </p>
      ) : (
        <div className={styles.rows}>
          <div className={styles.axis}>
            <span className={styles.budget} style={{ right: `${100 - gauge.budgetAt}%` }}>
              budget
            </span>
          </div>
          {gauge.rows.map((row) => (
            <Row key={row.key} row={row} budgetAt={gauge.budgetAt} now={now} />
          ))}
          <div className={styles.axis} aria-hidden>
            {gauge.ticks.map((tick) => (
              <span key={tick.seconds} className={styles.tick} style={{ left: `${tick.at}%` }}>
                {tick.seconds}
              </span>
            ))}
            <span className={styles.unit}>seconds</span>
          </div>
        </div>
      )}
      <div className={styles.sum}>
        <span className={styles.formula}>{gauge.sum ?? 'detect + elect + answer ≤ budget'}</span>
        <InfoMark about="the inequality">{TERMS.inequality}</InfoMark>
      </div>
      <div className={styles.timing}>{props.timing}</div>
    </Panel>
  );
};
