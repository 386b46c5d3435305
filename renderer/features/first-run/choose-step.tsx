import { Button, UnstyledButton } from '@mantine/core';
import { IconCirclePlus, IconKey } from '@tabler/icons-react';
import styles from './first-run.module.css';

/** Start a group, or join one. */
export const ChooseStep = (props: {
  readonly onStart: () => void;
  readonly onJoin: () => void;
  readonly onBack: () => void;
}) => (
  <>
    <h1 className={styles.title}>Is this your first device?</h1>
    <p className={styles.text}>A group is the devices that keep folders the same. There is no server and no account.</p>
    <div className={styles.ways}>
      <UnstyledButton className={styles.way} onClick={props.onStart}>
        <IconCirclePlus size={28} stroke={1.5} aria-hidden />
        <span>
          <span className={styles.wayTitle}>Start a new group</span>
          <br />
          <span className={styles.wayText}>This is the first device. Others join with a code.</span>
        </span>
      </UnstyledButton>
      <UnstyledButton className={styles.way} onClick={props.onJoin}>
        <IconKey size={28} stroke={1.5} aria-hidden />
        <span>
          <span className={styles.wayTitle}>Join with a code</span>
          <br />
          <span className={styles.wayText}>Another device made one under Devices, Add a device.</span>
        </span>
      </UnstyledButton>
    </div>
    <div className={styles.buttons}>
      <Button size="md" variant="default" onClick={props.onBack}>
        Back
      </Button>
    </div>
  </>
);
