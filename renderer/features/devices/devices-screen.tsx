import { Button } from '@mantine/core';
import { IconDevicesPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { plural } from '../../../shared/model/amounts.ts';
import { Empty } from '../../components/empty.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { isAdmin } from '../../store/selectors.ts';
import { useApp, useNow } from '../../store/store-context.tsx';
import { AddDevice } from './add-device.tsx';
import { DeviceList } from './device-list.tsx';
import { DeviceMap } from './device-map.tsx';
import { devicesView } from './devices-view.ts';
import { InvitesPanel } from './invites-panel.tsx';
import { RequestCard } from './request-card.tsx';

/** The devices of the group: who is here, how they are linked, and how another one comes in. */
export const DevicesScreen = () => {
  const state = useApp();
  const now = useNow();
  const [adding, setAdding] = useState(false);
  const admin = isAdmin(state);
  const here = state.devices.filter((device) => device.self || device.online).length;
  const add = (
    <Button leftSection={<IconDevicesPlus size={18} stroke={1.75} aria-hidden />} onClick={() => setAdding(true)}>
      Add a device…
    </Button>
  );
  return (
    <Page
      title="Devices"
      sub={state.devices.length > 1 ? `${here} of ${plural(state.devices.length, 'device')} are here` : undefined}
      actions={admin ? add : undefined}
    >
      {!adding && state.requests.map((request) => <RequestCard key={request.id} request={request} />)}
      {state.devices.length < 2 ? (
        <Empty drawing="devices" title="Add your second device" actions={admin ? add : undefined}>
          You get a code here and type or scan it there. Both screens show the same words, so that you know it is the
          right one.
        </Empty>
      ) : (
        <Panel>
          <DeviceMap devices={state.devices} />
        </Panel>
      )}
      <Panel flush>
        <DeviceList rows={devicesView(state, now)} />
      </Panel>
      {admin && <InvitesPanel now={now} />}
      {adding && <AddDevice onClose={() => setAdding(false)} />}
    </Page>
  );
};
