import { Button } from '@mantine/core';
import { Badge } from '../../components/badge.tsx';
import { Name, PathName } from '../../components/names.tsx';
import { Panel } from '../../components/panel.tsx';
import { useToast } from '../../components/toasts.tsx';
import { useAct } from '../../store/use-act.ts';
import styles from './conflict-card.module.css';
import type { ConflictCard, VersionCard } from './conflicts-view.ts';

const keepWords = (index: number, count: number): string =>
  count > 2 ? 'Keep this one' : index === 0 ? 'Keep this' : 'Keep that';

/** One path with its versions side by side, and what can be kept. */
export const ConflictCardItem = ({ card }: { readonly card: ConflictCard }) => {
  const { act, busy } = useAct();
  const toast = useToast();

  const undo = async (steps: readonly { readonly version: string; readonly path: string }[]): Promise<void> => {
    for (const step of steps) {
      const back = await act((client) =>
        client.versions.restore({ folder: card.folder, version: step.version, to: step.path }),
      );
      if (!back) return;
    }
    toast({ tone: 'safe', title: 'Both versions are back' });
  };

  const keep = async (version: VersionCard): Promise<void> => {
    const done = await act((client) =>
      client.conflicts.resolve({ folder: card.folder, path: version.path, keep: 'keep-this' }),
    );
    if (!done) return;
    const title = `Kept the version of ${version.who === 'This computer' ? 'this computer' : version.who}`;
    const text = 'The other went to the kept versions.';
    toast(
      done.undo.length > 0
        ? { tone: 'safe', title, text, undo: () => void undo(done.undo) }
        : { tone: 'safe', title, text },
    );
  };

  const keepBoth = async (): Promise<void> => {
    const path = card.versions[0]?.path ?? card.path;
    const done = await act((client) => client.conflicts.resolve({ folder: card.folder, path, keep: 'keep-both' }));
    if (done)
      toast({ tone: 'safe', title: 'Kept all versions', text: 'Each is an ordinary file under its own name now.' });
  };

  return (
    <Panel>
      <div className={styles.head} data-conflict={card.path}>
        <Name bold>{card.path.slice(card.path.lastIndexOf('/') + 1)}</Name>
        <PathName path={card.place} />
      </div>
      <ul className={styles.versions}>
        {card.versions.map((version, index) => (
          <li key={version.path} className={styles.version}>
            <div className={styles.who}>
              {version.who}
              {version.newest && <Badge>Newest</Badge>}
            </div>
            <div className={styles.facts}>
              {version.when} · {version.size}
            </div>
            {!version.original && (
              <div className={styles.copy}>{version.path.slice(version.path.lastIndexOf('/') + 1)}</div>
            )}
            <div className={styles.keep}>
              <Button
                size="compact-sm"
                variant="default"
                disabled={busy}
                aria-label={`${keepWords(index, card.versions.length)}: the version of ${version.who}`}
                onClick={() => void keep(version)}
              >
                {keepWords(index, card.versions.length)}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <div className={styles.both}>
        <Button size="compact-sm" variant="default" disabled={busy} onClick={() => void keepBoth()}>
          {card.versions.length > 2 ? 'Keep all' : 'Keep both'}
        </Button>
        What is not kept goes to the kept versions, from where it can be had back.
      </div>
    </Panel>
  );
};
