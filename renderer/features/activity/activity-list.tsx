import {
  IconArrowBackUp,
  IconArrowRight,
  IconCrown,
  IconFileMinus,
  IconFilePencil,
  IconFilePlus,
  IconGavel,
  IconGitFork,
} from '@tabler/icons-react';
import styles from './activity-list.module.css';
import type { ActivityDay, ActivityIcon } from './activity-view.ts';

const ICONS = {
  added: IconFilePlus,
  changed: IconFilePencil,
  removed: IconFileMinus,
  moved: IconArrowRight,
  restored: IconArrowBackUp,
  decision: IconGavel,
  master: IconCrown,
  conflict: IconGitFork,
} satisfies Record<ActivityIcon, unknown>;

/** The days with what happened on each. */
export const ActivityList = ({ days }: { readonly days: readonly ActivityDay[] }) => (
  <>
    {days.map((day) => (
      <section key={day.day} aria-label={day.day}>
        <h2 className={styles.day}>{day.day}</h2>
        <ul className={styles.list}>
          {day.rows.map((row) => {
            const Icon = ICONS[row.icon];
            return (
              <li key={row.key} className={styles.item}>
                <Icon className={styles.icon} size={20} stroke={1.6} aria-hidden />
                <div>
                  <div className={styles.text}>{row.text}</div>
                  {row.detail !== '' && (
                    <div className={styles.detail} title={row.detail} data-cut>
                      {row.detail}
                    </div>
                  )}
                </div>
                <div className={styles.time}>{row.time}</div>
              </li>
            );
          })}
        </ul>
      </section>
    ))}
  </>
);
