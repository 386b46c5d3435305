import { named } from '../../shared/model/amounts.ts';
import { useConfirm } from '../components/confirm.tsx';
import { useToast } from '../components/toasts.tsx';
import { useApp } from './store-context.tsx';
import { useAct } from './use-act.ts';

/** Leaves the group after asking. The first-run screen comes by itself then. */
export const useLeave = (): (() => void) => {
  const state = useApp();
  const confirm = useConfirm();
  const toast = useToast();
  const { act } = useAct();
  const group = named(state.group?.name ?? 'the group');
  return () =>
    confirm({
      title: `Leave ${group}?`,
      text: 'This computer stops taking part at once. The others are told when they can be reached.',
      files: 'All files on this computer stay where they are. You can share the same directories in another group.',
      verb: 'Leave',
      danger: true,
      go: () => {
        void act((client) => client.group.leave()).then((done) => {
          if (done) toast({ tone: 'safe', title: `Left ${group}`, text: 'All files are where they were.' });
        });
      },
    });
};
