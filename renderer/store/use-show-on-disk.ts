import { desktop } from '../bridge/desktop.ts';
import { useToast } from '../components/toasts.tsx';

/** Shows a path in the desktop's file manager, or says that there is none; null where the interface is a page. */
export const useShowOnDisk = (): ((path: string) => void) | null => {
  const toast = useToast();
  const bridge = desktop();
  if (bridge === null) return null;
  return (path) => {
    bridge.showInFolder(path).catch(() => {
      toast({ tone: 'halted', title: 'No file manager opened it', text: `It lies at ${path}` });
    });
  };
};
