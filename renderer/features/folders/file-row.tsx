import { IconChevronDown, IconChevronRight, IconFile, IconFolder, IconLink } from '@tabler/icons-react';
import type { FileEntry } from '../../../shared/model/file-entry.ts';
import { Name } from '../../components/names.tsx';
import { toneClass } from '../../components/tone.ts';
import { moment } from '../../text/times.ts';
import styles from './file-tree.module.css';
import { fileStatus, sizeWords } from './file-tree-view.ts';
import { StatusIcon } from './status-icon.tsx';

const KINDS = { file: IconFile, directory: IconFolder, symlink: IconLink } as const;

/** The cells of one name: what it is, its state with the cause, size and time. */
export const FileCells = ({
  entry,
  open,
  now,
}: {
  readonly entry: FileEntry;
  readonly open: boolean;
  readonly now: number;
}) => {
  const Kind = KINDS[entry.kind];
  const status = fileStatus(entry);
  return (
    <>
      <span className={styles.name}>
        <span className={styles.turn}>
          {entry.kind === 'directory' &&
            (open ? (
              <IconChevronDown size={16} stroke={1.75} aria-hidden />
            ) : (
              <IconChevronRight size={16} stroke={1.75} aria-hidden />
            ))}
        </span>
        <Kind size={18} stroke={1.6} aria-hidden />
        <Name>{entry.name}</Name>
      </span>
      <span className={`${styles.state} ${toneClass(status.tone)}`}>
        {status.words !== '' && (
          <>
            <StatusIcon tone={status.tone} />
            <span className={styles.stateText} title={status.words} data-cut>
              {status.words}
            </span>
          </>
        )}
      </span>
      <span className={styles.size}>{sizeWords(entry)}</span>
      <span className={styles.when}>{entry.mtime === null ? '' : moment(entry.mtime, now)}</span>
    </>
  );
};
