import type { ReactNode } from 'react';
import styles from './page.module.css';

/** A screen: its title, what can be done on all of it, and its parts below one another. */
export const Page = (props: {
  readonly title: ReactNode;
  /** The way back, over the title. */
  readonly above?: ReactNode;
  readonly sub?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) => (
  <div className={styles.page}>
    <div className={props.above ? `${styles.head} ${styles.tall}` : styles.head}>
      <div className={styles.titles}>
        {props.above}
        <h1 className={styles.title} tabIndex={-1}>
          {props.title}
        </h1>
        {props.sub && <div className={styles.sub}>{props.sub}</div>}
      </div>
      {props.actions && <div className={styles.actions}>{props.actions}</div>}
    </div>
    {props.children}
  </div>
);
