import type { ReactNode } from 'react';
import { ConfirmProvider } from '../components/confirm.tsx';
import { ToastProvider } from '../components/toasts.tsx';
import { StateProvider, useLive } from '../store/store-context.tsx';
import { Failed, Starting } from './starting.tsx';
import { WindowContent } from './window-content.tsx';

const Content = (): ReactNode => {
  const live = useLive();
  switch (live.kind) {
    case 'connecting':
      return <Starting lost={false} />;
    case 'failed':
      return <Failed code={live.code} />;
    case 'live':
    case 'reconnecting':
      if (live.state === null) return <Starting lost />;
      return (
        <StateProvider state={live.state}>
          <ToastProvider>
            <ConfirmProvider>
              <WindowContent lost={live.kind === 'reconnecting'} />
            </ConfirmProvider>
          </ToastProvider>
        </StateProvider>
      );
  }
};

/** The interface. */
export const App = () => <Content />;
