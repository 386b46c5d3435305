import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Empty } from '../components/empty.tsx';
import { Page } from '../components/page.tsx';
import { ActivityScreen } from '../features/activity/activity-screen.tsx';
import { FolderActivity } from '../features/activity/folder-activity.tsx';
import { ConflictsScreen } from '../features/conflicts/conflicts-screen.tsx';
import { DevicesScreen } from '../features/devices/devices-screen.tsx';
import { FolderPage } from '../features/folders/folder-page.tsx';
import { FoldersScreen } from '../features/folders/folders-screen.tsx';
import { MasterScreen } from '../features/master/master-screen.tsx';
import { SettingsScreen } from '../features/settings/settings-screen.tsx';
import { KeptVersions } from '../features/versions/kept-versions.tsx';
import { formatRoute, type Route } from '../store/route.ts';
import { folderById } from '../store/selectors.ts';
import { useApp } from '../store/store-context.tsx';

const GoneFolder = () => (
  <Page title="Folder">
    <Empty
      drawing="folders"
      title="This folder is not shared any more"
      actions={
        <Button component="a" variant="default" href={formatRoute({ screen: 'folders' })}>
          All folders
        </Button>
      }
    >
      Its files are where they were, on every device that held it.
    </Empty>
  </Page>
);

/** The screen of a route, with the parts of other features that it shows. */
export const Screen = ({ route, onShare }: { readonly route: Route; readonly onShare: () => void }): ReactNode => {
  const state = useApp();
  switch (route.screen) {
    case 'folders':
      return <FoldersScreen onShare={onShare} />;
    case 'folder': {
      const folder = folderById(state, route.id);
      if (!folder) return <GoneFolder />;
      return (
        <FolderPage
          key={folder.id}
          folder={folder}
          tab={route.tab}
          activity={<FolderActivity folder={folder.id} />}
          versions={<KeptVersions folder={folder} />}
        />
      );
    }
    case 'devices':
      return <DevicesScreen />;
    case 'master':
      return <MasterScreen />;
    case 'conflicts':
      return <ConflictsScreen />;
    case 'activity':
      return <ActivityScreen />;
    case 'settings':
      return <SettingsScreen />;
  }
};
