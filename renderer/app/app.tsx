import { type ReactNode, useEffect } from 'react';
import { desktop } from '../bridge/desktop.ts';
import { ConfirmProvider } from '../components/confirm.tsx';
import { ToastProvider } from '../components/toasts.tsx';
import { StateProvider, useLive } from '../store/store-context.tsx';
import { useRoute } from '../store/use-route.ts';
import { glanceOf, titleOf } from './glance-view.ts';
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

/** The tray and the window's title say what the window says, also while there is no state. */
const useGlance = (): void => {
  const live = useLive();
  const route = useRoute();
  const { sentence, tone } = glanceOf(live);
  const title = titleOf(live, route);
  useEffect(() => desktop()?.setGlance({ sentence, tone }), [sentence, tone]);
  useEffect(() => {
    document.title = title;
  }, [title]);
};

/** The interface. */
export const App = () => {
  useGlance();
  return <Content />;
};
