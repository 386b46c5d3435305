import { useConfirm } from '../components/confirm.tsx';
import { useToast } from '../components/toasts.tsx';
import { useAct } from './use-act.ts';

/** Throws what was changed here without the right to write away, after asking; `path` null: all of it. */
export const useThrowAway = (): ((folder: string, path: string | null) => void) => {
  const { act } = useAct();
  const confirm = useConfirm();
  const toast = useToast();
  return (folder, path) =>
    confirm({
      title: path === null ? 'Throw all changes made here away?' : 'Throw this change away?',
      text: 'This computer may only read the folder. What was changed here gives way to what the others have.',
      files: 'Your versions go to the kept versions, from where you can have them back.',
      verb: 'Throw mine away',
      danger: true,
      go: () => {
        void act((client) => client.folders.throwMineAway({ folder, path })).then((done) => {
          if (done) toast({ tone: 'safe', title: 'Moved to the kept versions' });
        });
      },
    });
};
