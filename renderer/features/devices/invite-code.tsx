import { Button } from '@mantine/core';
import { IconCheck, IconCopy, IconLink } from '@tabler/icons-react';
import { useState } from 'react';
import { inviteLink } from '../../../shared/invite-link.ts';
import { copyText } from '../../bridge/desktop.ts';
import { QrCode } from '../../components/qr-code.tsx';
import { useNow } from '../../store/store-context.tsx';
import { until } from '../../text/times.ts';
import styles from './add-device.module.css';
import { inFours } from './code-words.ts';

const NOT_YET = 'It can’t be used yet: it waits for the master, and its time begins once enough devices are back. ';

interface InviteCodeProps {
  readonly code: string;
  readonly expires: number;
  /** It is not decided yet: nobody can use it. */
  readonly waits: boolean;
}

/** An invite code: large, as a QR code, to copy, and how long it can be used. */
export const InviteCode = ({ code, expires, waits }: InviteCodeProps) => {
  const now = useNow();
  const [copied, setCopied] = useState<'code' | 'link' | null>(null);
  const copy = (what: 'code' | 'link', text: string): void => {
    void copyText(text).then((done) => setCopied(done ? what : null));
  };
  const left = until(expires, now);
  return (
    <div className={styles.made}>
      <div className={styles.qr}>
        <QrCode text={code} label="The code as a QR code" />
      </div>
      <div className={styles.codeSide}>
        <code className={styles.code} data-invite-code={code}>
          {inFours(code)}
        </code>
        <Button
          variant="default"
          leftSection={copied === 'code' ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          onClick={() => copy('code', code)}
        >
          {copied === 'code' ? 'Copied' : 'Copy the code'}
        </Button>
        <Button
          variant="default"
          leftSection={copied === 'link' ? <IconCheck size={16} aria-hidden /> : <IconLink size={16} aria-hidden />}
          onClick={() => copy('link', inviteLink(code))}
        >
          {copied === 'link' ? 'Copied' : 'Copy a link'}
        </Button>
        <div className={styles.meta}>
          {waits ? NOT_YET : left ? `Ends ${left}. ` : 'It has ended. '}
          It lets one device in. On the new device choose “Join with a code”.
        </div>
      </div>
    </div>
  );
};
