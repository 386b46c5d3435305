import { Button } from '@mantine/core';
import { Empty } from '../../components/empty.tsx';
import { Panel } from '../../components/panel.tsx';
import { useApp, useNow } from '../../store/store-context.tsx';
import { ActivityList } from './activity-list.tsx';
import { activityView } from './activity-view.ts';
import { useActivity } from './use-activity.ts';

/** What happened in one folder. */
export const FolderActivity = ({ folder }: { readonly folder: string }) => {
  const state = useApp();
  const now = useNow(60_000);
  const { items, more } = useActivity(folder);
  const days = activityView(state, items, { folder, device: null }, now);
  if (days.length === 0) {
    return (
      <Empty drawing="calm" title="Nothing has happened here yet">
        Every change of a file in this folder shows here: who made it, where and when.
      </Empty>
    );
  }
  return (
    <Panel flush>
      <ActivityList days={days} />
      {more && (
        <Button m="xs" size="compact-sm" variant="default" onClick={more}>
          Show older
        </Button>
      )}
    </Panel>
  );
};
