import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { desktop } from '../bridge/desktop.ts';
import { useRetry } from '../store/store-context.tsx';
import styles from './shell.module.css';

/** Says that what is on the screen is from before the connection was lost. */
export const Reconnecting = () => {
  const retry = useRetry();
  return (
    <div className={styles.banner} role="status">
      <IconPlugConnectedX size={18} stroke={1.75} aria-hidden />
      <span style={{ flex: 1 }}>Reconnecting… What you see is from a moment ago.</span>
      {!desktop() && (
        <Button size="compact-sm" variant="default" onClick={retry}>
          Try now
        </Button>
      )}
    </div>
  );
};
