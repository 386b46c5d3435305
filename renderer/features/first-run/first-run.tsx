import { type ReactNode, useEffect, useState } from 'react';
import { named } from '../../../shared/model/amounts.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import { desktop } from '../../bridge/desktop.ts';
import { useApp } from '../../store/store-context.tsx';
import { useAct } from '../../store/use-act.ts';
import { ChooseStep } from './choose-step.tsx';
import { CodeStep } from './code-step.tsx';
import styles from './first-run.module.css';
import { type Chosen, firstRunView } from './first-run-view.ts';
import { OfferedStep, ShareStep } from './folder-step.tsx';
import { JoiningStep } from './joining-step.tsx';
import { NameStep } from './name-step.tsx';
import { StartStep } from './start-step.tsx';
import { Steps } from './steps.tsx';

interface FirstRunProps {
  readonly accept: (folder: Folder) => ReactNode;
  readonly onShare: () => void;
  readonly onDone: () => void;
}

const useInvite = (onCode: (code: string) => void): void => {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the desktop is asked once, and tells every later link too
  useEffect(() => desktop()?.onInvite(onCode), []);
};

/** From nothing to the first folder in three steps, each with a way back. */
export const FirstRun = ({ accept, onShare, onDone }: FirstRunProps) => {
  const state = useApp();
  const { act } = useAct();
  const [chosen, setChosen] = useState<Chosen>({ named: false, way: 'none' });
  const [code, setCode] = useState('');
  useInvite((invite) => {
    setCode(invite);
    setChosen({ named: true, way: 'join' });
  });
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
        return <ShareStep onShare={onShare} onDone={onDone} shared={state.folders.length > 0} />;
      case 'offered':
        return (
          <OfferedStep
            group={named(state.group?.name ?? 'the group')}
            folders={view.folders}
            accept={accept}
            onDone={onDone}
          />
        );
    }
  };

  return (
    <main className={styles.page}>
      <div className={styles.box}>
        <div className={styles.brand}>
          <svg width="22" height="22" viewBox="0 0 20 20" aria-hidden="true">
            <path
              d="M10 1.5 18.5 10 10 18.5 1.5 10Z"
              fill="none"
              stroke="currentColor"
              strokeWidth="2"
              strokeLinejoin="round"
            />
            <circle cx="10" cy="10" r="3" fill="currentColor" />
          </svg>
          Flotilla
        </div>
        <Steps step={view.step} />
        {step()}
      </div>
    </main>
  );
};
