import { Button } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { PathName } from '../../components/names.tsx';
import { Notice } from '../../components/notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { toneClass } from '../../components/tone.ts';
import { formatRoute, type Route } from '../../store/route.ts';
import { useAct } from '../../store/use-act.ts';
import { useLeave } from '../../store/use-leave.ts';
import { useShowOnDisk } from '../../store/use-show-on-disk.ts';
import { useThrowAway } from '../../store/use-throw-away.ts';
import styles from './problem-list.module.css';
import type { Help, ProblemRow } from './problems-view.ts';

const Go = ({ route, words }: { readonly route: Route; readonly words: string }) => (
  <Button component="a" size="compact-sm" variant="default" href={formatRoute(route)}>
    {words}
  </Button>
);

const Act = (props: { readonly words: string; readonly busy?: boolean; readonly onClick: () => void }) => (
  <Button size="compact-sm" variant="default" loading={props.busy ?? false} onClick={props.onClick}>
    {props.words}
  </Button>
);

const LeaveButton = () => {
  const leave = useLeave();
  return <Act words="Leave the group here…" onClick={leave} />;
};

const HelpButton = ({ help }: { readonly help: Help }) => {
  const { act, busy } = useAct();
  const show = useShowOnDisk();
  const throwAway = useThrowAway();
  switch (help.kind) {
    case 'leave':
      return <LeaveButton />;
    case 'folder':
      return <Go route={{ screen: 'folder', id: help.folder, tab: 'files' }} words={help.words} />;
    case 'settings':
      return <Go route={{ screen: 'settings' }} words="Open the settings" />;
    case 'rescan': {
      const rescan = (): void => void act((client) => client.folders.rescan({ folder: help.folder }));
      return <Act words="Look again" busy={busy} onClick={rescan} />;
    }
    case 'retry': {
      const retry = (): void => void act((client) => client.folders.resume({ folder: help.folder }));
      return <Act words="Try again" busy={busy} onClick={retry} />;
    }
    case 'dismiss': {
      const dismiss = (): void => void act((client) => client.waiting.dismiss({ id: help.problem }));
      return <Act words="I have read it" busy={busy} onClick={dismiss} />;
    }
    case 'throwMineAway':
      return <Act words="Throw mine away…" onClick={() => throwAway(help.folder, help.path)} />;
    case 'show':
      return show && <Act words="Show on disk" onClick={() => show(help.path)} />;
  }
};

const Where = ({ row }: { readonly row: ProblemRow }) => (
  <div className={styles.where}>
    {row.title}
    {row.path !== null && <PathName path={row.path} />}
  </div>
);

const Helps = ({ row }: { readonly row: ProblemRow }) =>
  row.help.map((help) => <HelpButton key={help.kind} help={help} />);

const Item = ({ row }: { readonly row: ProblemRow }) => {
  const Icon = row.tone === 'quiet' ? IconInfoCircle : IconAlertTriangle;
  return (
    <li className={`${styles.item} ${toneClass(row.tone)}`}>
      <Icon className={styles.icon} size={18} stroke={1.75} aria-hidden />
      <div className={styles.text}>
        <div className={styles.what}>{row.sentence.what}</div>
        <Where row={row} />
        <div className={styles.means}>
          {row.sentence.files} {row.sentence.next}
        </div>
      </div>
      {row.help.length > 0 && (
        <div className={styles.helps}>
          <Helps row={row} />
        </div>
      )}
    </li>
  );
};

/** Problems, each with its cause, what it means for files, and a button for what helps; what has stopped stands out. */
export const ProblemList = ({ rows }: { readonly rows: readonly ProblemRow[] }) => {
  const stopped = rows.filter(({ tone }) => tone === 'halted');
  const others = rows.filter(({ tone }) => tone !== 'halted');
  return (
    <>
      {stopped.map((row) => (
        <Notice
          key={row.key}
          tone="halted"
          title={row.sentence.what}
          actions={row.help.length > 0 && <Helps row={row} />}
        >
          <Where row={row} />
          <div>
            {row.sentence.files} {row.sentence.next}
          </div>
        </Notice>
      ))}
      {others.length > 0 && (
        <Panel flush>
          <ul className={styles.list} aria-label="Problems">
            {others.map((row) => (
              <Item key={row.key} row={row} />
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
};
