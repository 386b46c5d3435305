import { named } from '../../../shared/model/amounts.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { useToast } from '../../components/toasts.tsx';
import { type Asked, toastOf, useAct } from '../../store/use-act.ts';
import { useShowOnDisk } from '../../store/use-show-on-disk.ts';
import { useThrowAway } from '../../store/use-throw-away.ts';

/** What can be done with a folder; what takes something away asks first and says what happens to files. */
export const useFolderActions = (folder: Folder) => {
  const { act, busy } = useAct();
  const confirm = useConfirm();
  const toast = useToast();
  const name = named(folder.name);
  const ref = folder.id;
  const show = useShowOnDisk();
  const throwAway = useThrowAway();

  const say = async (asked: Promise<Asked | null>, title: string, undo?: () => void): Promise<void> => {
    const done = await asked;
    if (done === null) return;
    toast(undo ? { ...toastOf(done, title), undo } : toastOf(done, title));
  };

  const resume = (): void => {
    void say(
      act((client) => client.folders.resume({ folder: ref })),
      `${name} goes on`,
    );
  };
  const pause = (): void => {
    void say(
      act((client) => client.folders.pause({ folder: ref })),
      `${name} is paused`,
      resume,
    );
  };
  const accept = (path: string): void => {
    void act((client) => client.folders.accept({ folder: ref, path }));
  };

  return {
    busy,
    resume,
    pause,
    rescan: () => {
      void say(
        act((client) => client.folders.rescan({ folder: ref })),
        `Looking through ${name}`,
      );
    },
    show: () => {
      if (folder.path !== null) show?.(folder.path);
    },
    accept,
    rename: (to: string) => {
      void say(
        act((client) => client.folders.rename({ folder: ref, name: to })),
        `Renamed to ${named(to)}`,
      );
    },
    movedTo: (path: string) => {
      void say(
        act((client) => client.folders.resume({ folder: ref, answer: { type: 'movedTo', path } })),
        `${name} goes on`,
      );
    },
    startOver: () =>
      confirm({
        title: `Start ${name} over?`,
        text: 'What is in the directory now counts as new, and what the other devices have comes here again.',
        files: 'No file is deleted, here or elsewhere. Where both differ, both versions are kept.',
        verb: 'Start over',
        go: () => {
          void say(
            act((client) => client.folders.resume({ folder: ref, answer: { type: 'startOver' } })),
            `${name} starts over`,
          );
        },
      }),
    drop: () =>
      confirm({
        title: `Stop holding ${name} here?`,
        text: 'This computer does not take part in the folder any more. The other devices go on.',
        files: folder.path === null ? 'No file is touched.' : `All files stay where they are: ${folder.path}`,
        verb: 'Stop here',
        danger: true,
        go: () => {
          const { path } = folder;
          void say(
            // In effect here at once, whenever the group learns of it.
            act(async (client) => ({ ...(await client.folders.drop({ folder: ref })), state: undefined })),
            `${name} is not kept the same here any more`,
            path === null || folder.state === 'halted' ? undefined : () => accept(path),
          );
        },
      }),
    unshare: () =>
      confirm({
        title: `Stop sharing ${name} with everyone?`,
        text: 'The folder is not kept the same on any device from then on.',
        files: 'Every device keeps the files that it has, where they are. Nothing is deleted.',
        verb: 'Stop sharing',
        danger: true,
        go: () => {
          void say(
            act((client) => client.folders.unshare({ folder: ref })),
            `${name} is not shared any more`,
          );
        },
      }),
    throwMineAway: (path: string | null) => throwAway(ref, path),
  };
};
