import { Button } from '@mantine/core';
import type { ErrorCode } from '../../shared/errors.ts';
import { sentenceOf } from '../../shared/text/error-sentences.ts';
import { desktop } from '../bridge/desktop.ts';
import { Mark } from '../components/mark.tsx';
import { Notice } from '../components/notice.tsx';
import { Rows } from '../components/skeleton-rows.tsx';
import { useRetry } from '../store/store-context.tsx';
import styles from './starting.module.css';

const Brand = () => (
  <h1 className={styles.brand}>
    <Mark size={22} />
    Flotilla
  </h1>
);

/** Before the first state has come. */
export const Starting = ({ lost }: { readonly lost: boolean }) => {
  const retry = useRetry();
  return (
    <main className={styles.place}>
      <Brand />
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
      <Brand />
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
