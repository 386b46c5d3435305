import { Button } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import { Empty } from '../../components/empty.tsx';
import { PathName } from '../../components/names.tsx';
import { Panel } from '../../components/panel.tsx';
import { Rows } from '../../components/skeleton-rows.tsx';
import { useToast } from '../../components/toasts.tsx';
import { deviceWords } from '../../store/selectors.ts';
import { useApp, useNow } from '../../store/store-context.tsx';
import { useAct } from '../../store/use-act.ts';
import { usePages } from '../../store/use-pages.ts';
import styles from './kept-versions.module.css';
import { type VersionRow, versionRows } from './versions-view.ts';

/** What was replaced or deleted in a folder on this computer, each to be had back. */
export const KeptVersions = ({ folder, revision }: { readonly folder: string; readonly revision: number }) => {
  const state = useApp();
  const now = useNow(60_000);
  const { act, busy } = useAct();
  const toast = useToast();
  const pages = usePages(async (client, cursor) => {
    const page = await client.versions.list({ folder, path: null, cursor });
    return { items: page.versions, next: page.next };
  }, `${folder} ${revision}`);
  const restore = async ({ version }: VersionRow): Promise<void> => {
    const done = await act((client) => client.versions.restore({ folder, path: version.path, version: version.id }));
    if (done)
      toast({ tone: 'safe', title: 'It is back', text: `${done.path}. What was there is kept as a version too.` });
  };
  if (pages.items === null) return <Rows />;
  if (pages.items.length === 0) {
    return (
      <Empty drawing="versions" title="No kept versions">
        What another device replaces or deletes in this folder is kept here for {state.settings.keepDays} days, as long
        as it fits in {state.settings.keepPercent} % of the disk.
      </Empty>
    );
  }
  const rows = versionRows(pages.items, (device) => deviceWords(state, device), now);
  return (
    <Panel flush title="Kept versions on this computer" aside={`kept ${state.settings.keepDays} days`}>
      <ul className={styles.list}>
        {rows.map((row) => (
          <li key={row.version.id} className={styles.item}>
            <div className={styles.text}>
              <PathName path={row.version.path} />
              <div className={styles.sub}>{row.words}</div>
            </div>
            <Button
              size="compact-sm"
              variant="default"
              disabled={busy}
              leftSection={<IconRestore size={16} stroke={1.75} aria-hidden />}
              aria-label={`Restore ${row.version.path}`}
              onClick={() => void restore(row)}
            >
              Restore
            </Button>
          </li>
        ))}
      </ul>
      {pages.more && (
        <div className={styles.more}>
          <Button size="compact-sm" variant="default" onClick={pages.more}>
            Show older ones
          </Button>
        </div>
      )}
    </Panel>
  );
};
