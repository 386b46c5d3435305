import { IconChevronLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { bytes, plural } from '../../../shared/model/amounts.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import { CopyDots } from '../../components/copy-dots.tsx';
import { Empty } from '../../components/empty.tsx';
import { PathName } from '../../components/names.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { ProgressBar } from '../../components/progress.tsx';
import { toneClass } from '../../components/tone.ts';
import { type FolderTab, formatRoute } from '../../store/route.ts';
import { useApp } from '../../store/store-context.tsx';
import { AcceptButton } from './accept-button.tsx';
import { AccessPanel } from './access-panel.tsx';
import { FileTree } from './file-tree.tsx';
import { FolderMenu } from './folder-menu.tsx';
import styles from './folder-page.module.css';
import { rowOf } from './folders-view.ts';
import { HaltCard } from './halt-card.tsx';
import { LocalChanges } from './local-changes.tsx';
import { StatusIcon } from './status-icon.tsx';

const TABS: readonly { readonly tab: FolderTab; readonly words: string }[] = [
  { tab: 'files', words: 'Files' },
  { tab: 'activity', words: 'Activity' },
  { tab: 'versions', words: 'Kept versions' },
  { tab: 'access', words: 'Who has access' },
];

const Back = () => (
  <a className={styles.back} href={formatRoute({ screen: 'folders' })}>
    <IconChevronLeft size={16} stroke={1.75} aria-hidden />
    All folders
  </a>
);

/** One folder: its files, what happened in it, what is kept, and who may do what. */
export const FolderPage = (props: {
  readonly folder: Folder;
  readonly tab: FolderTab;
  readonly activity: ReactNode;
  readonly versions: ReactNode;
}) => {
  const { folder, tab } = props;
  const state = useApp();
  const row = rowOf(
    folder,
    state.devices.filter((device) => !device.leaving),
  );
  const held = folder.path !== null;
  return (
    <Page
      title={
        <>
          <Back />
          <div>
            <bdi>{folder.name}</bdi>
          </div>
        </>
      }
      sub={
        <>
          {folder.path !== null && <PathName path={folder.path} />}
          <div className={styles.facts}>
            <span className={`${styles.status} ${toneClass(row.status.tone)}`}>
              <StatusIcon tone={row.status.tone} />
              {row.status.words}
            </span>
            <span>{row.status.cause}</span>
            <span>
              {plural(folder.files, 'file')}, {bytes(folder.bytes)}
            </span>
            <span>Owner: {row.ownerWords}</span>
            <CopyDots dots={row.dots} />
          </div>
        </>
      }
      actions={
        <>
          {folder.state === 'offered' && <AcceptButton folder={folder} />}
          <FolderMenu folder={folder} />
        </>
      }
    >
      {row.progress && <ProgressBar share={row.progress.share} words={row.progress.words} />}
      {folder.state === 'halted' && <HaltCard folder={folder} />}
      {folder.localChanges > 0 && <LocalChanges folder={folder} />}
      <nav className={styles.tabs} aria-label={`Parts of ${folder.name}`}>
        <div className={styles.tabList}>
          {TABS.map((one) => (
            <a
              key={one.tab}
              className={styles.tab}
              href={formatRoute({ screen: 'folder', id: folder.id, tab: one.tab })}
              aria-current={one.tab === tab ? 'page' : undefined}
            >
              {one.words}
            </a>
          ))}
        </div>
      </nav>
      {tab === 'files' &&
        (held ? (
          <Panel flush>
            <FileTree folder={folder.id} revision={folder.revision} />
          </Panel>
        ) : (
          <Empty
            drawing="folders"
            title="Not on this computer"
            actions={folder.state === 'offered' ? <AcceptButton folder={folder} /> : undefined}
          >
            {plural(folder.files, 'file')}, {bytes(folder.bytes)}. Accept it into a place of your choice to have it
            here.
          </Empty>
        ))}
      {tab === 'activity' && props.activity}
      {tab === 'versions' && props.versions}
      {tab === 'access' && <AccessPanel folder={folder} />}
    </Page>
  );
};
