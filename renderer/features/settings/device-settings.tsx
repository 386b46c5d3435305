import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { Panel } from '../../components/panel.tsx';
import { useToast } from '../../components/toasts.tsx';
import { useApp } from '../../store/store-context.tsx';
import { toastOf, useAct } from '../../store/use-act.ts';
import { SavedText } from './saved-text.tsx';
import { Setting } from './setting.tsx';

const SCHEMES = [
  { value: 'auto', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** What this computer is called and looks like, and where accepted folders go. */
export const DeviceSettings = () => {
  const { self, settings } = useApp();
  const { act } = useAct();
  const toast = useToast();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const rename = async (name: string): Promise<void> => {
    const done = await act((client) => client.devices.rename({ device: self.id, name }));
    if (done) toast(toastOf(done, 'Renamed'));
  };
  return (
    <Panel title="This computer" flush>
      <Setting name="Name" text="What your other devices call this computer.">
        <SavedText
          label="Name of this computer"
          value={self.name}
          mayBeEmpty={false}
          wrong={() => null}
          onSave={(name) => void rename(name)}
        />
      </Setting>
      <Setting name="Look" text="Light or dark; System follows what the rest of this computer does.">
        <SegmentedControl
          aria-label="Light or dark"
          data={SCHEMES}
          value={colorScheme}
          onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')}
        />
      </Setting>
      <Setting
        name="Accept folders by themselves"
        text="A directory into which newly shared folders are accepted without asking. Empty: each is offered first."
      >
        <SavedText
          label="Directory for accepted folders"
          value={settings.acceptDirectory ?? ''}
          placeholder="Ask each time"
          mayBeEmpty
          wrong={() => null}
          onSave={(path) => void act((client) => client.settings.set({ acceptDirectory: path === '' ? null : path }))}
        />
      </Setting>
      <Setting
        name="Kept versions"
        text={`What another device replaces or deletes is kept here for ${settings.keepDays} days of running, in up to ${settings.keepPercent} % of the disk. This can’t be changed yet.`}
      />
    </Panel>
  );
};
