import { Button } from '@mantine/core';
import { Badge } from '../../components/badge.tsx';
import { Name, PathName } from '../../components/names.tsx';
import { Panel } from '../../components/panel.tsx';
import { useToast } from '../../components/toasts.tsx';
import { useAct } from '../../store/use-act.ts';
import { useShowOnDisk } from '../../store/use-show-on-disk.ts';
import styles from './conflict-card.module.css';
import type { ConflictCard, VersionCard } from './conflicts-view.ts';

/** One path with its versions side by side, and what can be kept. */
export const ConflictCardItem = ({ card }: { readonly card: ConflictCard }) => {
  const { act, busy } = useAct();
  const toast = useToast();
  const show = useShowOnDisk();
  const name = card.path.slice(card.path.lastIndexOf('/') + 1);
  const fixed = busy || card.cannot !== null;

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
    const text = card.deleted === null ? 'The other went to the kept versions.' : 'It has its own name again.';
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
      toast({
        tone: 'safe',
        title: 'Kept all versions',
        text: 'Each is an ordinary file under its own name now.',
        undo: () => void takeBack(done.renamed),
      });
  };

  const takeBack = async (renamed: readonly { readonly copy: string; readonly path: string }[]): Promise<void> => {
    const back = await act((client) => client.conflicts.takeBack({ folder: card.folder, renamed: [...renamed] }));
    if (back) toast({ tone: 'safe', title: 'They are versions of one file again' });
  };

  const remove = async (): Promise<void> => {
    const path = card.versions[0]?.path ?? card.path;
    const done = await act((client) => client.conflicts.resolve({ folder: card.folder, path, keep: 'keep-none' }));
    if (done)
      toast({
        tone: 'safe',
        title: 'Deleted',
        text: 'It went to the kept versions.',
        undo: () => void undo(done.undo),
      });
  };

  return (
    <Panel>
      <div className={styles.head} data-conflict={card.path}>
        <Name bold>{name}</Name>
        <PathName path={card.place} />
        {card.deleted !== null && <div className={styles.facts}>{card.deleted}</div>}
        {card.difference !== null && <div className={styles.difference}>{card.difference}</div>}
        {card.cannot !== null && <div className={styles.facts}>{card.cannot}</div>}
      </div>
      <ul className={styles.versions}>
        {card.versions.map((version) => (
          <li key={version.path} className={styles.version}>
            <div className={styles.who}>
              {version.who}
              {version.newest && <Badge>Newest</Badge>}
            </div>
            <div className={styles.facts}>
              {version.when === 'A link' ? 'A link' : `changed ${version.when}`} · {version.size}
            </div>
            {!version.original && (
              <div className={styles.copy}>{version.path.slice(version.path.lastIndexOf('/') + 1)}</div>
            )}
            <div className={styles.keep}>
              <Button
                size="compact-sm"
                variant="default"
                disabled={fixed}
                aria-label={`${version.keep}: ${name}`}
                onClick={() => void keep(version)}
              >
                {version.keep}
              </Button>
              {show && card.root !== null && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  aria-label={`Show on disk: the version of ${version.who}`}
                  onClick={() => show(`${card.root}/${version.path}`)}
                >
                  Show on disk
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      <div className={styles.both}>
        {card.deleted === null ? (
          <Button size="compact-sm" variant="default" disabled={fixed} onClick={() => void keepBoth()}>
            {card.versions.length > 2 ? 'Keep all' : 'Keep both'}
          </Button>
        ) : (
          <Button size="compact-sm" variant="default" disabled={fixed} onClick={() => void remove()}>
            Delete it
          </Button>
        )}
      </div>
    </Panel>
  );
};
