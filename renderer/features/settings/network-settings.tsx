import { Switch } from '@mantine/core';
import { Panel } from '../../components/panel.tsx';
import { useApp } from '../../store/store-context.tsx';
import { useAct } from '../../store/use-act.ts';
import { SavedText } from './saved-text.tsx';
import { Setting } from './setting.tsx';
import { bootstrapPlaceholder, bootstrapWords, parseBootstrap } from './settings-view.ts';

/** How devices find each other. */
export const NetworkSettings = () => {
  const { settings } = useApp();
  const { act } = useAct();
  const isWithout = (way: 'lan' | 'dht'): boolean => settings.startedWithout.includes(way);
  const off = (way: 'lan' | 'dht'): string => (isWithout(way) ? ' Flotilla was started without it.' : '');
  return (
    <Panel title="Finding devices" flush>
      <Setting
        name="On this network"
        text={`Devices on the same network find each other directly, also without internet. Strangers there learn neither names nor group.${off('lan')}`}
      >
        <Switch
          aria-label="Find devices on this network"
          checked={settings.lan && !isWithout('lan')}
          disabled={isWithout('lan')}
          onChange={(event) => {
            const lan = event.currentTarget.checked;
            void act((client) => client.settings.set({ lan }));
          }}
        />
      </Setting>
      <Setting
        name="Over the internet"
        text={`Devices find each other by their keys in a distributed hash table. Everything they say is encrypted from end to end.${off('dht')}`}
      >
        <Switch
          aria-label="Find devices over the internet"
          checked={settings.dht && !isWithout('dht')}
          disabled={isWithout('dht')}
          onChange={(event) => {
            const dht = event.currentTarget.checked;
            void act((client) => client.settings.set({ dht }));
          }}
        />
      </Setting>
      <Setting
        name="Bootstrap nodes"
        text={`Where the table is entered, as HOST:PORT. ${bootstrapWords(settings)} For a closed network run your own with “flotilla bootstrap”.`}
      >
        <SavedText
          label="Bootstrap nodes"
          value={settings.bootstrap.join(', ')}
          placeholder={bootstrapPlaceholder(settings.namedBootstrap)}
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
