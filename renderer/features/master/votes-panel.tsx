import { IconCircleCheckFilled, IconCircleDashed, IconCrown } from '@tabler/icons-react';
import { listed, named, plural } from '../../../shared/model/amounts.ts';
import { InfoMark } from '../../components/info-mark.tsx';
import { Name } from '../../components/names.tsx';
import { Panel } from '../../components/panel.tsx';
import { TERMS } from '../../text/terms.ts';
import type { ElectorateStep } from './master-view.ts';
import styles from './votes-panel.module.css';
import type { Vote, VotesView } from './votes-view.ts';

const VoteItem = ({ vote }: { readonly vote: Vote }) => (
  <li className={styles.vote} data-present={vote.present}>
    {vote.present ? (
      <IconCircleCheckFilled className={styles.here} size={18} role="img" aria-label="Here" />
    ) : (
      <IconCircleDashed className={styles.away} size={18} role="img" aria-label="Away" />
    )}
    <Name>{vote.self ? 'This computer' : vote.name}</Name>
    {vote.master && <IconCrown className={styles.crown} size={18} stroke={1.75} role="img" aria-label="Master" />}
    <span className={styles.weight}>{plural(vote.weight, 'vote')}</span>
  </li>
);

/** One box for each voter, as wide as its votes, filled where it is here. */
const Scale = ({ view }: { readonly view: VotesView }) => (
  <div
    className={styles.scale}
    role="img"
    aria-label={`${view.present} of ${view.total} votes are here; ${view.majority} are needed`}
  >
    {view.votes.map((vote) => (
      <div key={vote.device} className={styles.unit} data-here={vote.present} style={{ flexGrow: vote.weight }} />
    ))}
  </div>
);

/** Who votes, who is here, and what follows from it. */
export const VotesPanel = ({
  view,
  steps,
}: {
  readonly view: VotesView;
  readonly steps: readonly ElectorateStep[];
}) => (
  <Panel
    title="Votes"
    aside={
      <>
        {view.total > 0 && `${view.majority} of ${view.total} needed`}
        <InfoMark about="a vote">{TERMS.votes}</InfoMark>
      </>
    }
  >
    <ul className={styles.list}>
      {view.votes.map((vote) => (
        <VoteItem key={vote.device} vote={vote} />
      ))}
    </ul>
    {view.total > 0 && <Scale view={view} />}
    <div className={styles.text}>{view.quorum.text}</div>
    <div className={styles.detail}>{view.quorum.detail}</div>
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
