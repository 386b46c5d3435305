import { Button } from '@mantine/core';
import { PathName } from '../../components/names.tsx';
import { Notice } from '../../components/notice.tsx';
import { formatRoute } from '../../store/route.ts';
import { useAct } from '../../store/use-act.ts';
import styles from './problem-list.module.css';
import type { Help, ProblemRow } from './problems-view.ts';

const HelpButton = ({ help }: { readonly help: Help }) => {
  const { act, busy } = useAct();
  switch (help.kind) {
    case 'none':
      return null;
    case 'folder':
      return (
        <Button
          component="a"
          size="compact-sm"
          variant="default"
          href={formatRoute({ screen: 'folder', id: help.folder, tab: 'files' })}
        >
          {help.words}
        </Button>
      );
    case 'rescan':
      return (
        <Button
          size="compact-sm"
          variant="default"
          loading={busy}
          onClick={() => void act((client) => client.folders.rescan({ folder: help.folder }))}
        >
          Look again
        </Button>
      );
  }
};

/** Problems, each with its cause, what it means for files, and a button for what helps. */
export const ProblemList = ({ rows }: { readonly rows: readonly ProblemRow[] }) => (
  <>
    {rows.map((row) => (
      <Notice
        key={row.key}
        tone={row.tone}
        title={row.sentence.what}
        actions={row.help.kind === 'none' ? undefined : <HelpButton help={row.help} />}
      >
        <div className={styles.where}>
          {row.title}
          {row.path !== null && <PathName path={row.path} />}
        </div>
        <div>
          {row.sentence.files} {row.sentence.next}
        </div>
      </Notice>
    ))}
  </>
);
