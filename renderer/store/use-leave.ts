import { named } from '../../shared/model/amounts.ts';
import type { AppState } from '../../shared/model/app-state.ts';
import { useConfirm } from '../components/confirm.tsx';
import { useToast } from '../components/toasts.tsx';
import { useApp } from './store-context.tsx';
import { useAct } from './use-act.ts';

/** What leaving means for the others. */
const leaveWords = (state: AppState): string => {
  const now = 'This computer stops taking part at once. The others are told when they can be reached.';
  const others = state.devices.filter((device) => !device.self && !device.leaving);
  const weight = state.master.electorate[state.self.id] ?? 0;
  if (weight === 0 || others.length === 0) return now;
  const votes = weight === 1 ? 'its vote' : `its ${weight} votes`;
  return `${now} Until one of them takes over ${votes}, it keeps ${weight === 1 ? 'that' : 'those'} in the background, over restarts too.`;
};

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
      text: leaveWords(state),
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
