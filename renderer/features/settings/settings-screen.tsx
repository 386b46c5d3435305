import { Notice } from '../../components/notice.tsx';
import { Page } from '../../components/page.tsx';
import { useApp } from '../../store/store-context.tsx';
import { AboutSettings } from './about-settings.tsx';
import { DeviceSettings } from './device-settings.tsx';
import { NetworkSettings } from './network-settings.tsx';

/** What can be set, each with a sentence that says what it does. */
export const SettingsScreen = () => {
  const { settings } = useApp();
  return (
    <Page title="Settings">
      {settings.restartNeeded && (
        <Notice tone="needsYou" title="Some of this takes effect at the next start">
          Quit Flotilla and start it again when it suits you.
        </Notice>
      )}
      <DeviceSettings />
      <NetworkSettings />
      <AboutSettings />
    </Page>
  );
};
