import { Button, Group, Select } from '@mantine/core';
import { useState } from 'react';
import { Empty } from '../../components/empty.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { useApp, useNow } from '../../store/store-context.tsx';
import { ActivityList } from './activity-list.tsx';
import { activityView } from './activity-view.ts';
import { ProblemList } from './problem-list.tsx';
import { problemsView, unlisted } from './problems-view.ts';
import { useActivity } from './use-activity.ts';

/** What happened in the group; problems stay on top until they are solved. */
export const ActivityScreen = () => {
  const state = useApp();
  const now = useNow(60_000);
  const [folder, setFolder] = useState<string | null>(null);
  const [device, setDevice] = useState<string | null>(null);
  const { items, more } = useActivity(folder);
  const days = activityView(state, items, { folder, device }, now);
  const problems = problemsView(state);
  const rest = unlisted(state);
  const filtered = folder !== null || device !== null;
  // Also where nothing of the newest fits the choice: what is older may.
  const older = more && (
    <Button m="xs" size="compact-sm" variant="default" onClick={more}>
      Show older
    </Button>
  );
  return (
    <Page
      title="Activity"
      actions={
        <Group gap="xs">
          <Select
            aria-label="Only one folder"
            placeholder="All folders"
            clearable
            w={170}
            clearButtonProps={{ 'aria-label': 'All folders' }}
            data={state.folders.map((one) => ({ value: one.id, label: one.name }))}
            value={folder}
            onChange={setFolder}
          />
          <Select
            aria-label="Only one device"
            placeholder="All devices"
            clearable
            w={170}
            clearButtonProps={{ 'aria-label': 'All devices' }}
            data={state.devices.map((one) => ({ value: one.id, label: one.self ? 'This computer' : one.name }))}
            value={device}
            onChange={setDevice}
          />
        </Group>
      }
    >
      <ProblemList rows={problems} />
      {rest && <p>{rest}</p>}
      {days.length === 0 ? (
        <Empty drawing="calm" title={filtered ? 'Nothing like that' : 'Nothing has happened yet'} actions={older}>
          {filtered
            ? `Choose another folder or device${more ? ', or look further back' : ''}.`
            : 'Who changed what, where and when shows here.'}
        </Empty>
      ) : (
        <Panel flush>
          <ActivityList days={days} />
          {older}
        </Panel>
      )}
    </Page>
  );
};
