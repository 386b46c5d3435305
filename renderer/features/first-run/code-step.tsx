import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ErrorCode } from '../../../shared/errors.ts';
import { sentenceOf } from '../../../shared/text/error-sentences.ts';
import { Notice } from '../../components/notice.tsx';
import { useClient } from '../../store/store-context.tsx';
import { codeOfThrown } from '../../text/errors.ts';
import styles from './first-run.module.css';
import { codeOf } from './first-run-view.ts';

/** Takes a code and begins to join. What goes wrong is said here, above the code. */
export const CodeStep = (props: {
  readonly failed: ErrorCode | null;
  readonly code: string;
  readonly onCode: (code: string) => void;
  readonly onBack: () => void;
}) => {
  const client = useClient();
  const [refused, setRefused] = useState<ErrorCode | null>(null);
  const code = codeOf(props.code);
  const join = async (): Promise<void> => {
    setRefused(null);
    try {
      if (client === null) throw new Error('not connected');
      for await (const _ of await client.group.join({ code })) {
        // Each step shows in the state, which a second window sees too.
      }
    } catch (error) {
      setRefused(codeOfThrown(error));
    }
  };
  const wrong = refused ?? props.failed;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (code !== '') void join();
      }}
    >
      <h1 className={styles.title}>Join with a code</h1>
      <p className={styles.text}>
        On a device of the group: <span className={styles.strong}>Devices, Add a device</span>. Paste the code or the
        link, or type it; spaces don’t matter.
      </p>
      {wrong !== null && (
        <div style={{ marginBottom: 16 }}>
          <Notice tone="halted" title={sentenceOf(wrong).what}>
            {sentenceOf(wrong).next}
          </Notice>
        </div>
      )}
      <Textarea
        size="md"
        aria-label="Code"
        autosize
        minRows={2}
        maxRows={5}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="none"
        value={props.code}
        data-autofocus
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        onChange={(event) => props.onCode(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          if (code !== '') void join();
        }}
      />
      <div className={styles.buttons}>
        <Button size="md" variant="default" onClick={props.onBack}>
          Back
        </Button>
        <Button size="md" type="submit" disabled={code === '' || client === null}>
          Join
        </Button>
      </div>
    </form>
  );
};
