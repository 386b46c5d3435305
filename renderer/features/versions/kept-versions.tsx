import { Button } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import type { Folder } from '../../../shared/model/folder.ts';
import { Empty } from '../../components/empty.tsx';
import { Name, PathName } from '../../components/names.tsx';
import { Notice } from '../../components/notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { Rows } from '../../components/skeleton-rows.tsx';
import { useToast } from '../../components/toasts.tsx';
import { deviceWords } from '../../store/selectors.ts';
import { useApp, useNow } from '../../store/store-context.tsx';
import { useAct } from '../../store/use-act.ts';
import { usePages } from '../../store/use-pages.ts';
import styles from './kept-versions.module.css';
import { restOf, type VersionRow, versionRows } from './versions-view.ts';

/** What was replaced or deleted in a folder on this computer, each to be had back. */
export const KeptVersions = (props: { readonly folder: Folder }) => {
  const { id: folder, revision } = props.folder;
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
  const goOn = (): Promise<unknown> => act((client) => client.folders.resume({ folder }));
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
  const rest = restOf(props.folder);
  return (
    <>
      {rest !== null && (
        <Notice
          tone="quiet"
          title={rest.title}
          actions={
            rest.canGoOn && (
              <Button size="compact-sm" variant="default" disabled={busy} onClick={() => void goOn()}>
                Go on
              </Button>
            )
          }
        >
          {rest.text}
        </Notice>
      )}
      <Panel flush title="Kept versions on this computer" aside={`kept ${state.settings.keepDays} days`}>
        <ul className={styles.list}>
          {rows.map((row) => (
            <li key={row.version.id} className={styles.item}>
              <div className={styles.text}>
                <Name bold>{row.name}</Name>
                {row.place !== '' && <PathName path={row.place} />}
                <div className={styles.sub}>{row.words}</div>
              </div>
              <Button
                size="compact-sm"
                variant="default"
                disabled={busy || rest !== null}
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
    </>
  );
};
