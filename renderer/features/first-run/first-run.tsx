import { type ReactNode, useEffect, useState } from 'react';
import { named } from '../../../shared/model/amounts.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import { Mark } from '../../components/mark.tsx';
import { useApp } from '../../store/store-context.tsx';
import { useAct } from '../../store/use-act.ts';
import { useLeave } from '../../store/use-leave.ts';
import { ChooseStep } from './choose-step.tsx';
import { CodeStep } from './code-step.tsx';
import styles from './first-run.module.css';
import { type Chosen, firstRunView } from './first-run-view.ts';
import { OfferedStep, ShareStep } from './folder-step.tsx';
import { JoiningStep } from './joining-step.tsx';
import { LeavingNotice } from './leaving-notice.tsx';
import { NameStep } from './name-step.tsx';
import { StartStep } from './start-step.tsx';
import { Steps } from './steps.tsx';

interface FirstRunProps {
  /** A code that came with a link; null: none. */
  readonly invite: string | null;
  readonly accept: (folder: Folder) => ReactNode;
  readonly onShare: () => void;
  readonly onDone: () => void;
}

/** From nothing to the first folder in three steps, each with a way back. */
export const FirstRun = ({ invite, accept, onShare, onDone }: FirstRunProps) => {
  const state = useApp();
  const { act } = useAct();
  const leave = useLeave();
  const [chosen, setChosen] = useState<Chosen>({ named: false, way: 'none' });
  const [code, setCode] = useState('');
  useEffect(() => {
    if (invite === null) return;
    setCode(invite);
    setChosen({ named: true, way: 'join' });
  }, [invite]);
  const view = firstRunView(state, chosen);
  const back = (): void => {
    if (state.joining) void act((client) => client.group.cancelJoin());
    setChosen({ named: true, way: 'none' });
  };

  const step = (): ReactNode => {
    switch (view.kind) {
      case 'name':
        return <NameStep onNamed={() => setChosen({ named: true, way: 'none' })} />;
      case 'choose':
        return (
          <ChooseStep
            onStart={() => setChosen({ named: true, way: 'start' })}
            onJoin={() => setChosen({ named: true, way: 'join' })}
            onBack={() => setChosen({ named: false, way: 'none' })}
          />
        );
      case 'start':
        return <StartStep onBack={back} />;
      case 'code':
        return <CodeStep failed={view.failed} code={code} onCode={setCode} onBack={back} />;
      case 'searching':
        return <JoiningStep phrase={null} />;
      case 'approval':
        return <JoiningStep phrase={view.phrase} />;
      case 'share':
        return <ShareStep onShare={onShare} onDone={onDone} onBack={leave} shared={state.folders.length > 0} />;
      case 'offered':
        return (
          <OfferedStep
            group={named(state.group?.name ?? 'the group')}
            folders={view.folders}
            accept={accept}
            onDone={onDone}
            onBack={leave}
          />
        );
    }
  };

  return (
    <main className={styles.page}>
      <div className={styles.box}>
        <div className={styles.brand}>
          <Mark size={22} />
          Flotilla
        </div>
        <Steps step={view.step} runs={view.kind === 'searching' || view.kind === 'approval'} />
        {step()}
        {state.leaving.map((one) => (
          <LeavingNotice key={one.id} leaving={one} />
        ))}
      </div>
    </main>
  );
};
