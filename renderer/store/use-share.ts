import { plural } from '../../shared/model/amounts.ts';
import type { Access } from '../../shared/model/values.ts';
import { useToast } from '../components/toasts.tsx';
import { pendingWords, useAct } from './use-act.ts';

/** The last part of a path, as a name for what is shared. */
export const nameOfPath = (path: string): string =>
  path
    .replace(/[/\\]+$/, '')
    .split(/[/\\]/)
    .at(-1) ?? path;

/** Shares directories and says how far it came. Resolves to whether all were taken. */
export const useShare = (): {
  readonly busy: boolean;
  readonly share: (paths: readonly string[], access?: Access, name?: string) => Promise<boolean>;
} => {
  const { act, busy } = useAct();
  const toast = useToast();
  const share = async (paths: readonly string[], access: Access = 'readWrite', name?: string): Promise<boolean> => {
    let taken = 0;
    for (const path of paths) {
      const wanted = name === undefined || name === '' ? { path, access } : { path, access, name };
      const done = await act((client) => client.folders.share(wanted));
      if (!done) continue;
      taken += 1;
      const pending = pendingWords(done);
      toast({
        tone: 'safe',
        title: `${name || nameOfPath(path)} ${done.state === 'waiting' ? 'waits to be shared' : 'is shared'}`,
        text: pending ?? 'Other devices are offered it now.',
      });
    }
    if (taken < paths.length && paths.length > 1) {
      toast({
        tone: 'halted',
        title: `${plural(paths.length - taken, 'directory', 'directories')} could not be shared`,
      });
    }
    return taken === paths.length;
  };
  return { share, busy };
};
