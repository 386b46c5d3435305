import type { WaitingChange } from '../../shared/model/group-view.ts';
import { useToast } from '../components/toasts.tsx';
import { useAct } from './use-act.ts';

/** Takes back a change that no master has decided yet. */
export const useCancelWaiting = (): ((change: WaitingChange) => void) => {
  const { act } = useAct();
  const toast = useToast();
  return (change) => {
    void act((client) => client.waiting.cancel({ id: change.id })).then((done) => {
      if (done) toast({ tone: 'safe', title: 'Cancelled', text: `${change.text}. No file was touched.` });
    });
  };
};
