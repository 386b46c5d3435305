import { IconFolder } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Badge } from '../../components/badge.tsx';
import { CopyDots } from '../../components/copy-dots.tsx';
import { Name, PathName } from '../../components/names.tsx';
import { ProgressBar } from '../../components/progress.tsx';
import { toneClass } from '../../components/tone.ts';
import { formatRoute } from '../../store/route.ts';
import styles from './folder-row.module.css';
import type { FolderRow } from './folders-view.ts';
import { StatusIcon } from './status-icon.tsx';

/** One folder of the list. `action`: its menu, or the button that accepts it. */
export const FolderRowItem = ({ row, action }: { readonly row: FolderRow; readonly action: ReactNode }) => {
  const { folder, status } = row;
  return (
    <li className={styles.row} data-folder={folder.name}>
      <IconFolder className={styles.icon} size={22} stroke={1.5} aria-hidden />
      <div className={styles.name}>
        <a className={styles.link} href={formatRoute({ screen: 'folder', id: folder.id, tab: 'files' })}>
          <Name bold>{folder.name}</Name>
        </a>
        {folder.path === null ? (
          <div className={styles.under}>Owner: {row.ownerWords}</div>
        ) : (
          <PathName path={folder.path} />
        )}
        {row.marks.length > 0 && (
          <div className={styles.marks}>
            {row.marks.map((mark) => (
              <Badge key={mark.words} tone={mark.tone}>
                {mark.words}
              </Badge>
            ))}
          </div>
        )}
      </div>
      <div className={`${styles.status} ${toneClass(status.tone)}`}>
        <div className={styles.words}>
          <StatusIcon tone={status.tone} />
          {status.words}
        </div>
        <div className={styles.cause}>{status.cause}</div>
      </div>
      <div className={styles.dots}>
        <CopyDots dots={row.dots} />
      </div>
      <div className={styles.menu}>{action}</div>
      {row.progress && (
        <div className={styles.bar}>
          <ProgressBar share={row.progress.share} words={row.progress.words} />
        </div>
      )}
    </li>
  );
};
