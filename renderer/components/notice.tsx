import { IconAlertTriangle, IconArrowsExchange, IconCircleCheck, IconClock, IconHandStop } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './notice.module.css';
import { type Tone, toneClass } from './tone.ts';

const ICONS = {
  safe: IconCircleCheck,
  moving: IconArrowsExchange,
  quiet: IconClock,
  needsYou: IconAlertTriangle,
  halted: IconHandStop,
} satisfies Record<Tone, unknown>;

/** Something a person should know, in its place: what it is, what it means, and the buttons for what helps. */
export const Notice = (props: {
  readonly tone: Tone;
  readonly title: ReactNode;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}) => {
  const Icon = ICONS[props.tone];
  return (
    <div className={`${styles.notice} ${toneClass(props.tone)}`}>
      <Icon className={styles.icon} size={20} stroke={1.75} aria-hidden />
      <div className={styles.text}>
        <div className={styles.title}>{props.title}</div>
        {props.children}
        {props.actions && <div className={styles.actions}>{props.actions}</div>}
      </div>
    </div>
  );
};
