import { Switch } from '@mantine/core';
import { Panel } from '../../components/panel.tsx';
import { useApp } from '../../store/store-context.tsx';
import { useAct } from '../../store/use-act.ts';
import { SavedText } from './saved-text.tsx';
import { Setting } from './setting.tsx';
import { parseBootstrap } from './settings-view.ts';

/** How devices find each other. */
export const NetworkSettings = () => {
  const { settings } = useApp();
  const { act } = useAct();
  return (
    <Panel title="Finding devices" flush>
      <Setting
        name="On this network"
        text="Devices on the same network find each other directly, also without internet. Strangers there learn neither names nor group."
      >
        <Switch
          aria-label="Find devices on this network"
          checked={settings.lan}
          onChange={(event) => {
            const lan = event.currentTarget.checked;
            void act((client) => client.settings.set({ lan }));
          }}
        />
      </Setting>
      <Setting
        name="Over the internet"
        text="Devices find each other by their keys in a distributed hash table. Everything they say is encrypted from end to end."
      >
        <Switch
          aria-label="Find devices over the internet"
          checked={settings.dht}
          onChange={(event) => {
            const dht = event.currentTarget.checked;
            void act((client) => client.settings.set({ dht }));
          }}
        />
      </Setting>
      <Setting
        name="Bootstrap nodes"
        text={
          <>
            Where the table is entered, as HOST:PORT. Empty: the public ones
            {settings.publicBootstrap.length > 0 && ` (${settings.publicBootstrap.join(', ')})`}. For a closed network
            run your own with “flotilla bootstrap”.
          </>
        }
      >
        <SavedText
          label="Bootstrap nodes"
          value={settings.bootstrap.join(', ')}
          placeholder="Public ones"
          mayBeEmpty
          wrong={(text) => (parseBootstrap(text) === null ? 'Write HOST:PORT, several with commas' : null)}
          onSave={(text) => {
            const bootstrap = parseBootstrap(text);
            if (bootstrap) void act((client) => client.settings.set({ bootstrap: [...bootstrap] }));
          }}
        />
      </Setting>
      {settings.listen !== null && (
        <Setting
          name="Address"
          text={`Flotilla was started to use ${settings.listen} only. Nothing leaves this computer by another address.`}
        />
      )}
    </Panel>
  );
};
