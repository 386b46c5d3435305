import styles from './first-run.module.css';

const STEPS = ['Name', 'Group', 'First folder'] as const;

/** How far the first run has come. `runs`: the step is under way by itself. */
export const Steps = ({ step, runs }: { readonly step: 1 | 2 | 3; readonly runs: boolean }) => (
  <ol className={styles.steps} aria-label={`Step ${step} of 3`}>
    {STEPS.map((name, index) => {
      const at = index + 1;
      return (
        <li
          key={name}
          className={styles.stepItem}
          data-state={at < step ? 'done' : at === step ? 'now' : 'later'}
          data-runs={at === step && runs ? '' : undefined}
          aria-current={at === step ? 'step' : undefined}
        >
          {name}
        </li>
      );
    })}
  </ol>
);
