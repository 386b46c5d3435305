import { Button, Notification, Portal } from '@mantine/core';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import styles from './toasts.module.css';

/** A word about what was just done, gone by itself, or about what failed, which stays; `undo` where it can be taken back. */
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

/** What failed stays until it is closed: three sentences take time to read. */
const shownMs = ({ tone, undo }: Toast): number | null => {
  if (tone === 'halted') return null;
  return undo ? SHOWN_WITH_UNDO_MS : SHOWN_MS;
};

/** One toast. Its time stops while somebody points at it, or is in it with the keyboard. */
const ToastItem = ({ toast, onClose }: { readonly toast: Toast; readonly onClose: () => void }) => {
  const ms = shownMs(toast);
  const [held, setHeld] = useState(false);
  const end = useRef(onClose);
  end.current = onClose;
  useEffect(() => {
    if (ms === null || held) return;
    const timer = window.setTimeout(() => end.current(), ms);
    return () => window.clearTimeout(timer);
  }, [ms, held]);
  return (
    <Notification
      className={styles.toast ?? ''}
      classNames={{ description: styles.description ?? '' }}
      color={COLORS[toast.tone]}
      title={toast.title}
      role={toast.tone === 'halted' ? 'alert' : 'status'}
      closeButtonProps={{ 'aria-label': 'Close this message' }}
      onClose={onClose}
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <div className={styles.text}>{toast.text}</div>
      {toast.undo && (
        <Button
          mt={8}
          size="compact-sm"
          variant="default"
          onClick={() => {
            onClose();
            toast.undo?.();
          }}
        >
          Undo
        </Button>
      )}
    </Notification>
  );
};

/** Holds the toasts of the window. */
export const ToastProvider = ({ children }: { readonly children: ReactNode }) => {
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const next = useRef(0);
  const close = useCallback((key: number) => setShown((before) => before.filter((toast) => toast.key !== key)), []);
  const show = useCallback<Show>((toast) => {
    next.current += 1;
    const key = next.current;
    setShown((before) => {
      // What is said again stands once.
      const others = before.filter(({ title, text }) => title !== toast.title || text !== toast.text);
      return [...others.slice(1 - MOST), { ...toast, key }];
    });
  }, []);
  const list = useMemo(
    () => shown.map((toast) => <ToastItem key={toast.key} toast={toast} onClose={() => close(toast.key)} />),
    [shown, close],
  );
  return (
    <ToastContext value={show}>
      {children}
      <Portal>
        <div className={styles.stack} aria-live="polite" data-floats>
          {list}
        </div>
      </Portal>
    </ToastContext>
  );
};
