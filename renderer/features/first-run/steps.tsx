import styles from './first-run.module.css';

const STEPS = ['Name', 'Group', 'First folder'] as const;

/** How far the first run has come. */
export const Steps = ({ step }: { readonly step: 1 | 2 | 3 }) => (
  <ol className={styles.steps} aria-label={`Step ${step} of 3`}>
    {STEPS.map((name, index) => {
      const at = index + 1;
      return (
        <li
          key={name}
          className={styles.stepItem}
          data-state={at < step ? 'done' : at === step ? 'now' : 'later'}
          aria-current={at === step ? 'step' : undefined}
        >
          {name}
        </li>
      );
    })}
  </ol>
);
