import { Button } from '@mantine/core';
import type { ErrorCode } from '../../shared/errors.ts';
import { desktop } from '../bridge/desktop.ts';
import { Notice } from '../components/notice.tsx';
import { Rows } from '../components/skeleton-rows.tsx';
import { useRetry } from '../store/store-context.tsx';
import { sentenceOf } from '../text/errors.ts';
import styles from './starting.module.css';

/** Before the first state has come. */
export const Starting = ({ lost }: { readonly lost: boolean }) => {
  const retry = useRetry();
  return (
    <main className={styles.place}>
      {lost ? (
        <Notice
          tone="needsYou"
          title={sentenceOf('engine-not-running').what}
          actions={
            <Button variant="default" onClick={retry}>
              Try now
            </Button>
          }
        >
          {sentenceOf('engine-not-running').next}
        </Notice>
      ) : (
        <Rows />
      )}
    </main>
  );
};

/** When the engine said that it can't run. */
export const Failed = ({ code }: { readonly code: ErrorCode }) => {
  const sentence = sentenceOf(code);
  const bridge = desktop();
  return (
    <main className={styles.place}>
      <Notice
        tone="halted"
        title={sentence.what}
        actions={
          bridge && (
            <Button variant="default" onClick={() => bridge.quit()}>
              Quit
            </Button>
          )
        }
      >
        {sentence.files} {sentence.next}
      </Notice>
    </main>
  );
};
