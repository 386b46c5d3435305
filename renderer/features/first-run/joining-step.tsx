import { Button } from '@mantine/core';
import { useAct } from '../../store/use-act.ts';
import styles from './first-run.module.css';

/** While a device of the group is looked for, or has to say yes. `phrase` null: none was found yet. */
export const JoiningStep = ({ phrase }: { readonly phrase: string | null }) => {
  const { act } = useAct();
  return (
    <div role="status">
      {phrase === null ? (
        <>
          <h1 className={styles.title}>Looking for the group</h1>
          <p className={styles.text}>One device of the group has to be on, on this network or on the internet.</p>
        </>
      ) : (
        <>
          <h1 className={styles.title}>Say yes on the other screen</h1>
          <p className={styles.text}>It shows the same words:</p>
          <p className={styles.phrase}>{phrase}</p>
          <p className={styles.text}>
            <span className={styles.strong}>Only go on if both screens show it.</span>
          </p>
        </>
      )}
      <div className={styles.buttons}>
        <Button size="md" variant="default" onClick={() => void act((client) => client.group.cancelJoin())}>
          Cancel
        </Button>
      </div>
    </div>
  );
};
