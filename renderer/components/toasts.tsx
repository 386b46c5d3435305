import { Button, Notification, Portal } from '@mantine/core';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import styles from './toasts.module.css';

/** A word about what was just done or failed, gone by itself; with `undo` where it can be taken back. */
export interface Toast {
  readonly tone: 'safe' | 'halted';
  readonly title: string;
  readonly text?: string;
  readonly undo?: () => void;
}

const SHOWN_MS = 6_000;
const SHOWN_WITH_UNDO_MS = 15_000;
const MOST = 3;

type Show = (toast: Toast) => void;
const ToastContext = createContext<Show>(() => undefined);

/** Shows a toast. Several are stacked, the oldest goes first. */
export const useToast = (): Show => useContext(ToastContext);

interface Shown extends Toast {
  readonly key: number;
}

const COLORS = { safe: 'var(--safe-fill)', halted: 'var(--halted-fill)' } as const;

/** Holds the toasts of the window. */
export const ToastProvider = ({ children }: { readonly children: ReactNode }) => {
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const next = useRef(0);
  const close = useCallback((key: number) => setShown((before) => before.filter((toast) => toast.key !== key)), []);
  const show = useCallback<Show>(
    (toast) => {
      next.current += 1;
      const key = next.current;
      setShown((before) => [...before.slice(1 - MOST), { ...toast, key }]);
      window.setTimeout(() => close(key), toast.undo ? SHOWN_WITH_UNDO_MS : SHOWN_MS);
    },
    [close],
  );
  const list = useMemo(
    () =>
      shown.map((toast) => (
        <Notification
          key={toast.key}
          className={styles.toast ?? ''}
          classNames={{ description: styles.description ?? '' }}
          color={COLORS[toast.tone]}
          title={toast.title}
          role={toast.tone === 'halted' ? 'alert' : 'status'}
          closeButtonProps={{ 'aria-label': 'Close this message' }}
          onClose={() => close(toast.key)}
        >
          <div className={styles.text}>{toast.text}</div>
          {toast.undo && (
            <Button
              mt={8}
              size="compact-sm"
              variant="default"
              onClick={() => {
                close(toast.key);
                toast.undo?.();
              }}
            >
              Undo
            </Button>
          )}
        </Notification>
      )),
    [shown, close],
  );
  return (
    <ToastContext value={show}>
      {children}
      <Portal>
        <div className={styles.stack} aria-live="polite">
          {list}
        </div>
      </Portal>
    </ToastContext>
  );
};
