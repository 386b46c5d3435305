import { Button } from '@mantine/core';
import type { AppState } from '../../shared/model/app-state.ts';
import { sentenceOf } from '../../shared/text/error-sentences.ts';
import { useConfirm } from '../components/confirm.tsx';
import { Notice } from '../components/notice.tsx';
import { useAct } from '../store/use-act.ts';
import styles from './home-notice.module.css';

/** When this computer's own records were restored or copied: what happened, and the answers. */
export const HomeNotice = ({ home }: { readonly home: Exclude<AppState['home'], 'ok'> }) => {
  const { act, busy } = useAct();
  const confirm = useConfirm();
  const answer = (wanted: 'goOn' | 'thisStays' | 'joinAnew'): void => {
    void act((client) => client.home.answer({ answer: wanted }));
  };
  const goOn = (): void =>
    confirm({
      title: 'Go on from here?',
      text: 'Do this only if no device that knows more will come back. What this computer did after the copy was made is unknown to it.',
      files: 'Files on the disk are compared again; where two versions differ, both are kept.',
      verb: 'Go on from here',
      go: () => answer('goOn'),
    });
  const joinAnew = (): void =>
    confirm({
      title: 'Join as a new device?',
      text: 'This copy forgets the group and can join again with a code. The other one goes on as before.',
      files: 'All files stay where they are.',
      verb: 'Join anew',
      go: () => answer('joinAnew'),
    });
  const sentence = sentenceOf(home === 'cloned' ? 'home-cloned' : 'home-restored');
  return (
    <div className={styles.place}>
      <Notice
        tone={home === 'recovering' ? 'moving' : 'halted'}
        title={sentence.what}
        actions={
          home === 'recovering' ? undefined : home === 'confirm' ? (
            <Button variant="default" loading={busy} onClick={goOn}>
              Go on from here…
            </Button>
          ) : (
            <>
              <Button variant="default" loading={busy} onClick={() => answer('thisStays')}>
                This one stays
              </Button>
              <Button variant="default" loading={busy} onClick={joinAnew}>
                Join as a new device…
              </Button>
            </>
          )
        }
      >
        {sentence.files}{' '}
        {home === 'recovering'
          ? 'It fetches what it did since from the other devices; this goes by itself.'
          : sentence.next}
      </Notice>
    </div>
  );
};
