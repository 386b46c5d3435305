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

/** The one sentence about all devices. It leads to where more can be seen. */
export const TruthBar = ({ truth }: { readonly truth: Truth }) => {
  const Icon = ICONS[truth.icon];
  return (
    <div className={styles.bar}>
      <a
        className={`${styles.truth} ${toneClass(truth.tone)}`}
        href={formatRoute({ screen: truth.target })}
        data-tone={truth.tone}
      >
        <span className={styles.sign}>
          <Icon size={18} stroke={2} aria-hidden />
        </span>
        <span role="status">{truth.text}</span>
      </a>
    </div>
  );
};
