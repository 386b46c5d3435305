import {
  IconAlertTriangle,
  IconArrowsExchange,
  IconCheck,
  IconClock,
  IconHandStop,
  IconPlayerPause,
  IconPlus,
  IconSearch,
} from '@tabler/icons-react';
import type { Truth, TruthIcon } from '../../shared/model/truth.ts';
import { ProgressBar } from '../components/progress.tsx';
import { toneClass } from '../components/tone.ts';
import { formatRoute } from '../store/route.ts';
import styles from './truth-bar.module.css';

const ICONS = {
  check: IconCheck,
  arrows: IconArrowsExchange,
  clock: IconClock,
  alert: IconAlertTriangle,
  stop: IconHandStop,
  pause: IconPlayerPause,
  search: IconSearch,
  plus: IconPlus,
} satisfies Record<TruthIcon, unknown>;

/** The one sentence about all devices. It, and what it counts, lead to where more can be seen. */
export const TruthBar = ({ truth, share }: { readonly truth: Truth; readonly share: number | null }) => {
  const Icon = ICONS[truth.icon];
  const { lead, parts } = truth.sum ?? { lead: truth.text, parts: [] };
  return (
    <header className={`${styles.bar} ${toneClass(truth.tone)}`} data-tone={truth.tone}>
      <span className={styles.sign}>
        <Icon size={18} stroke={2} aria-hidden />
      </span>
      <span className={styles.truth} role="status">
        <a className={styles.lead} href={formatRoute({ screen: truth.target })}>
          {lead}
        </a>
        {parts.map((part, index) => (
          <span key={part.target}>
            {index === 0 ? ' ' : ', '}
            <a className={styles.part} href={formatRoute({ screen: part.target })}>
              {part.text}
            </a>
          </span>
        ))}
      </span>
      {truth.tone === 'moving' && share !== null && (
        <div className={styles.come}>
          <ProgressBar share={share} words="How much of it all is where it is wanted" />
        </div>
      )}
    </header>
  );
};
