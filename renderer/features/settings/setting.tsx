import type { ReactNode } from 'react';
import styles from './settings.module.css';

/** One setting: its name, a sentence that says what it does, and the control. */
export const Setting = (props: { readonly name: string; readonly text: ReactNode; readonly children?: ReactNode }) => (
  <div className={styles.row}>
    <div>
      <div className={styles.name}>{props.name}</div>
      <div className={styles.text}>{props.text}</div>
    </div>
    <div className={styles.control}>{props.children}</div>
  </div>
);
