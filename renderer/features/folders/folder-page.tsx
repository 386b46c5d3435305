import { IconChevronLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { bytes, plural } from '../../../shared/model/amounts.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import { Badge } from '../../components/badge.tsx';
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
import { changesAbout, type FolderProgress, type FolderRow, rowOf } from './folders-view.ts';
import { HaltCard } from './halt-card.tsx';
import { LocalChanges } from './local-changes.tsx';
import { StatusIcon } from './status-icon.tsx';
import { WaitingFolder } from './waiting-folder.tsx';

interface FolderPageProps {
  readonly folder: Folder;
  readonly tab: FolderTab;
  readonly activity: ReactNode;
  readonly versions: ReactNode;
}

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

const NotHere = ({ folder }: { readonly folder: Folder }) => (
  <Empty
    drawing="folders"
    title="Not on this computer"
    actions={folder.state === 'offered' ? <AcceptButton folder={folder} /> : undefined}
  >
    {plural(folder.files, 'file')}, {bytes(folder.bytes)}. Accept it into a place of your choice to have it here.
  </Empty>
);

/** The folder's state, and what it is, beside one another. */
const Head = ({ row }: { readonly row: FolderRow }) => {
  const { folder, status, marks } = row;
  return (
    <>
      <div className={styles.line}>
        <span className={`${styles.status} ${toneClass(status.tone)}`}>
          <StatusIcon tone={status.tone} />
          {status.words}
        </span>
        <span>{status.cause}</span>
        {marks.map((mark) => (
          <Badge key={mark.words} tone={mark.tone}>
            {mark.words}
          </Badge>
        ))}
      </div>
      <dl className={styles.facts}>
        {folder.path !== null && (
          <div className={styles.place}>
            <dt>Place</dt>
            <dd>
              <PathName path={folder.path} />
            </dd>
          </div>
        )}
        {folder.state !== 'waiting' && (
          <div>
            <dt>Size</dt>
            <dd>
              {plural(folder.files, 'file')}, {bytes(folder.bytes)}
            </dd>
          </div>
        )}
        <div>
          <dt>Owner</dt>
          <dd>{row.ownerWords}</dd>
        </div>
        {row.dots.length > 0 && folder.state !== 'waiting' && (
          <div>
            <dt>Devices</dt>
            <dd>
              <CopyDots dots={row.dots} />
            </dd>
          </div>
        )}
      </dl>
    </>
  );
};

/** What a folder that is decided has to show. */
const FolderParts = (props: FolderPageProps & { readonly progress: FolderProgress | null }) => {
  const { folder, tab, progress } = props;
  const held = folder.path !== null;
  return (
    <>
      {progress && (
        <div>
          <ProgressBar share={progress.share} words={progress.words} />
          <div className={styles.progress}>{progress.words}</div>
        </div>
      )}
      {folder.halt !== null && <HaltCard key={folder.halt.code} folder={folder} halt={folder.halt} />}
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
          <NotHere folder={folder} />
        ))}
      {tab === 'activity' && props.activity}
      {tab === 'versions' && (held ? props.versions : <NotHere folder={folder} />)}
      {tab === 'access' && <AccessPanel folder={folder} />}
    </>
  );
};

/** One folder: its files, what happened in it, what is kept, and who may do what. */
export const FolderPage = (props: FolderPageProps) => {
  const { folder } = props;
  const state = useApp();
  const row = rowOf(
    folder,
    state.devices.filter((device) => !device.leaving),
    changesAbout(state, folder),
    state.home,
  );
  return (
    <Page
      above={<Back />}
      title={<bdi>{folder.name}</bdi>}
      sub={<Head row={row} />}
      actions={
        <>
          {folder.state === 'offered' && <AcceptButton folder={folder} />}
          <FolderMenu folder={folder} />
        </>
      }
    >
      {folder.state === 'waiting' ? (
        <WaitingFolder folder={folder} />
      ) : (
        <FolderParts {...props} progress={row.progress} />
      )}
    </Page>
  );
};
