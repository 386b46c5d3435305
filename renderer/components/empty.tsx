import type { ReactNode } from 'react';
import { Drawing, type DrawingName } from './drawing.tsx';
import styles from './empty.module.css';

/** What stands where there is nothing yet: a drawing, what to do first, and the button for it. */
export const Empty = (props: {
  readonly drawing: DrawingName;
  readonly title: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}) => (
  <div className={styles.empty}>
    <div className={styles.drawing}>
      <Drawing name={props.drawing} />
    </div>
    <div className={styles.title}>{props.title}</div>
    <div className={styles.text}>{props.children}</div>
    {props.actions && <div className={styles.actions}>{props.actions}</div>}
  </div>
);
