import { type ReactNode, useState } from 'react';
import { desktop } from '../bridge/desktop.ts';
import { DirectoryDialog, type Listing } from '../components/directory-dialog.tsx';
import { useAct } from './use-act.ts';

/** Lets a person choose a directory: by the system's dialog in the desktop window, by the engine's listing in the page. */
export const usePlaces = (
  title: string,
  onChosen: (path: string) => void,
): { readonly choose: () => void; readonly dialog: ReactNode } => {
  const { act } = useAct();
  const [opened, setOpened] = useState(false);
  const [listing, setListing] = useState<Listing | null>(null);

  const open = async (path: string | null): Promise<void> => {
    const found = await act((client) => client.places.browse({ path }));
    if (found) setListing(found);
    else if (listing === null) setOpened(false);
  };

  const choose = (): void => {
    const bridge = desktop();
    if (bridge) {
      void bridge.chooseDirectory(title).then((path) => path !== null && onChosen(path));
      return;
    }
    setListing(null);
    setOpened(true);
    void open(null);
  };

  const dialog = (
    <DirectoryDialog
      title={title}
      opened={opened}
      listing={listing}
      onOpen={(path) => void open(path)}
      onChoose={(path) => {
        setOpened(false);
        onChosen(path);
      }}
      onClose={() => setOpened(false)}
    />
  );
  return { choose, dialog };
};
