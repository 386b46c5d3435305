import { Button } from '@mantine/core';
import type { Leaving } from '../../../shared/model/leaving.ts';
import { leavingTitle, leavingWords } from '../../../shared/text/leaving-words.ts';
import { Notice } from '../../components/notice.tsx';
import { useGiveUp } from '../../store/use-give-up.ts';
import styles from './first-run.module.css';

/** A group that was left and still needs this computer; it keeps nobody from beginning anew. */
export const LeavingNotice = ({ leaving }: { readonly leaving: Leaving }) => {
  const giveUp = useGiveUp();
  return (
    <div className={styles.leaving}>
      <Notice
        tone="quiet"
        title={leavingTitle(leaving)}
        actions={
          <Button variant="default" size="compact-sm" onClick={() => giveUp(leaving)}>
            Give up…
          </Button>
        }
      >
        {leavingWords(leaving)}
      </Notice>
    </div>
  );
};
