import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { copyText } from '../../bridge/desktop.ts';
import { QrCode } from '../../components/qr-code.tsx';
import { useNow } from '../../store/store-context.tsx';
import { until } from '../../text/times.ts';
import styles from './add-device.module.css';
import { inFours } from './code-words.ts';

/** An invite code: large, as a QR code, to copy, and how long it can be used. */
export const InviteCode = ({ code, expires }: { readonly code: string; readonly expires: number }) => {
  const now = useNow();
  const [copied, setCopied] = useState(false);
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
          leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          onClick={() => void copyText(code).then(setCopied)}
        >
          {copied ? 'Copied' : 'Copy the code'}
        </Button>
        <div className={styles.meta}>
          {left ? `Ends ${left}. ` : 'It has ended. '}
          It lets one device in. On the new device choose “Join with a code”.
        </div>
      </div>
    </div>
  );
};
