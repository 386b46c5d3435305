import { IconCheck, IconCrown, IconMinus } from '@tabler/icons-react';
import { listed, named, plural } from '../../../shared/model/amounts.ts';
import { InfoMark } from '../../components/info-mark.tsx';
import { Name } from '../../components/names.tsx';
import { Panel } from '../../components/panel.tsx';
import { TERMS } from '../../text/terms.ts';
import type { ElectorateStep } from './master-view.ts';
import styles from './votes-panel.module.css';
import type { Vote, VotesView } from './votes-view.ts';

/** One voter: as wide as its votes, filled while it is here. */
const Seat = ({ vote }: { readonly vote: Vote }) => (
  <li className={styles.seat} style={{ flexGrow: vote.weight }} data-here={vote.present}>
    <div className={styles.block}>
      {vote.present ? <IconCheck size={16} stroke={2.5} aria-hidden /> : <IconMinus size={16} stroke={2} aria-hidden />}
      {plural(vote.weight, 'vote')}
    </div>
    <div className={styles.who}>
      <Name bold>{vote.self ? 'This computer' : vote.name}</Name>
      {vote.master && <IconCrown className={styles.crown} size={16} stroke={1.75} role="img" aria-label="Master" />}
    </div>
    <div className={styles.state}>{vote.present ? 'here' : 'away'}</div>
  </li>
);

/** Who votes, who is here, and what follows from it. */
export const VotesPanel = ({
  view,
  steps,
}: {
  readonly view: VotesView;
  readonly steps: readonly ElectorateStep[];
}) => {
  // Those that are here fill the bar from the left, up to the bracket or not.
  const seated = [...view.votes].sort((left, right) => Number(right.present) - Number(left.present));
  return (
    <Panel title="Votes" aside={<InfoMark about="a vote">{TERMS.votes}</InfoMark>}>
      {view.total > 0 && (
        <div>
          {view.votes.length > 1 && (
            <div className={styles.needed} style={{ width: `${(view.majority / view.total) * 100}%` }}>
              {plural(view.majority, 'vote')} decide{view.majority === 1 ? 's' : ''}
            </div>
          )}
          <ul className={styles.seats}>
            {seated.map((vote) => (
              <Seat key={vote.device} vote={vote} />
            ))}
          </ul>
        </div>
      )}
      <div className={styles.count}>
        {view.present} of {plural(view.total, 'vote')} here
      </div>
      {steps.length > 0 && (
        <div className={styles.steps}>
          <div className={styles.stepsHead}>
            Votes are being handed on
            <InfoMark about="a step of the electorate">{TERMS.steps}</InfoMark>
          </div>
          {steps.map((step) => (
            <div key={step.device} className={styles.step}>
              <Name>{step.name}</Name>
              <span className={styles.weight}>
                {step.from} → {step.to}
              </span>
            </div>
          ))}
        </div>
      )}
      {view.observers.length > 0 && (
        <div className={styles.observers}>
          Without a vote: {listed(view.observers.map((vote) => (vote.self ? 'this computer' : named(vote.name))))}.
        </div>
      )}
    </Panel>
  );
};
