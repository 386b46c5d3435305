import { Button } from '@mantine/core';
import { leavingTitle, leavingWords } from '../../../shared/text/leaving-words.ts';
import { desktop } from '../../bridge/desktop.ts';
import { useConfirm } from '../../components/confirm.tsx';
import { Panel } from '../../components/panel.tsx';
import { useApp } from '../../store/store-context.tsx';
import { useAct } from '../../store/use-act.ts';
import { useGiveUp } from '../../store/use-give-up.ts';
import { useLeave } from '../../store/use-leave.ts';
import { Setting } from './setting.tsx';

/** The group, quitting, and what this program is. */
export const AboutSettings = () => {
  const { self, group, leaving } = useApp();
  const { act } = useAct();
  const confirm = useConfirm();
  const leave = useLeave();
  const giveUp = useGiveUp();
  const bridge = desktop();
  const quit = (): void =>
    confirm({
      title: 'Quit Flotilla?',
      text: 'Folders are not kept the same on this computer until it is started again.',
      files: 'All files stay as they are. Changes made meanwhile are found at the next start.',
      verb: 'Quit',
      go: () => {
        if (bridge) bridge.quit();
        else void act((client) => client.engine.quit());
      },
    });
  const closing = bridge
    ? bridge.hasTray
      ? 'Closing the window leaves Flotilla running, with its sign in the tray.'
      : 'Closing the window leaves Flotilla running. No tray was found on this desktop: quit here.'
    : 'Closing this page leaves Flotilla running.';
  return (
    <>
      {(group || leaving.length > 0) && (
        <Panel title="Group" flush>
          {group && (
            <Setting
              name="Leave the group"
              text="This computer stops taking part, here and now. All files stay where they are."
            >
              <Button variant="default" onClick={leave}>
                Leave…
              </Button>
            </Setting>
          )}
          {leaving.map((one) => (
            <Setting key={one.id} name={leavingTitle(one)} text={leavingWords(one)}>
              <Button variant="default" onClick={() => giveUp(one)}>
                Give up…
              </Button>
            </Setting>
          ))}
        </Panel>
      )}
      <Panel title="Flotilla" flush>
        <Setting name="Quit" text={closing}>
          <Button variant="default" onClick={quit}>
            Quit…
          </Button>
        </Setting>
        <Setting
          name={`Version ${self.version}`}
          text={
            <>
              {self.runtimeNote && <div>{self.runtimeNote}</div>}
              This computer’s key begins with {self.id.slice(0, 16)}. Its records lie in {self.home}.
            </>
          }
        />
      </Panel>
    </>
  );
};
