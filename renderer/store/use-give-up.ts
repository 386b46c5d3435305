import type { Leaving } from '../../shared/model/leaving.ts';
import { givingUpWords, leavingTitle } from '../../shared/text/leaving-words.ts';
import { useConfirm } from '../components/confirm.tsx';
import { useAct } from './use-act.ts';

/** Stops handing on votes in a group that was left, after saying who can’t decide anything then. */
export const useGiveUp = (): ((leaving: Leaving) => void) => {
  const confirm = useConfirm();
  const { act } = useAct();
  return (leaving) =>
    confirm({
      title: `${leavingTitle(leaving)}: give up?`,
      text: givingUpWords(leaving),
      files: 'All files on this computer stay where they are.',
      verb: 'Give up',
      danger: leaving.needed,
      go: () => void act((client) => client.group.giveUpLeaving({ group: leaving.id })),
    });
};
