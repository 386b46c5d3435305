import { type ReactNode, useId } from 'react';
import styles from './panel.module.css';

/** A bordered part of a screen with a title. `flush`: its rows reach the border. */
export const Panel = (props: {
  readonly title?: ReactNode;
  readonly aside?: ReactNode;
  readonly flush?: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}) => {
  const id = useId();
  return (
    <section
      className={props.className ? `${styles.panel} ${props.className}` : styles.panel}
      aria-labelledby={props.title ? id : undefined}
    >
      {(props.title || props.aside) && (
        <div className={styles.head}>
          {props.title && (
            <h2 className={styles.title} id={id}>
              {props.title}
            </h2>
          )}
          {props.aside && <div className={styles.aside}>{props.aside}</div>}
        </div>
      )}
      <div className={props.flush ? styles.flush : styles.body}>{props.children}</div>
    </section>
  );
};
