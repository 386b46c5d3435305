import { Button } from '@mantine/core';
import { IconFolderPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { bytes, plural } from '../../../shared/model/amounts.ts';
import type { Folder } from '../../../shared/model/folder.ts';
import { Name } from '../../components/names.tsx';
import styles from './first-run.module.css';

/** The first folder of a new group. */
export const ShareStep = (props: {
  readonly onShare: () => void;
  readonly onDone: () => void;
  /** Undoes the start of the group, after asking. */
  readonly onBack: () => void;
  readonly shared: boolean;
}) => (
  <>
    <h1 className={styles.title}>Your first folder</h1>
    <p className={styles.text}>It stays where it is. Devices that join are offered a copy that is kept the same.</p>
    <div className={styles.zone}>
      <IconFolderPlus size={48} stroke={1.25} aria-hidden />
      Drag a directory onto this window
      <Button variant="default" onClick={props.onShare}>
        Choose a directory…
      </Button>
    </div>
    <div className={styles.buttons}>
      {props.shared ? (
        <span />
      ) : (
        <Button size="md" variant="default" onClick={props.onBack}>
          Back
        </Button>
      )}
      <Button size="md" variant={props.shared ? 'filled' : 'default'} onClick={props.onDone}>
        {props.shared ? 'Done' : 'Later'}
      </Button>
    </div>
  </>
);

/** What the group that was just joined offers. `accept` draws the button that takes a folder. */
export const OfferedStep = (props: {
  readonly group: string;
  readonly folders: readonly Folder[];
  readonly accept: (folder: Folder) => ReactNode;
  readonly onDone: () => void;
  /** Leaves the group again, after asking. */
  readonly onBack: () => void;
}) => (
  <>
    <h1 className={styles.title}>You’re in</h1>
    <p className={styles.text}>
      {props.folders.length > 0
        ? `These folders of ${props.group} are offered to this computer. Take those you want here.`
        : `${props.group} has no folders yet. Share one from any device.`}
    </p>
    {props.folders.length > 0 && (
      <ul className={styles.offers}>
        {props.folders.map((folder) => (
          <li key={folder.id} className={styles.offer}>
            <div className={styles.offerText}>
              <Name bold>{folder.name}</Name>
              <div className={styles.sub}>
                {plural(folder.files, 'file')}, {bytes(folder.bytes)}
              </div>
            </div>
            {folder.state === 'offered' ? props.accept(folder) : <span className={styles.sub}>Accepted</span>}
          </li>
        ))}
      </ul>
    )}
    <div className={styles.buttons}>
      <Button size="md" variant="default" onClick={props.onBack}>
        Leave the group…
      </Button>
      <Button size="md" onClick={props.onDone}>
        Done
      </Button>
    </div>
  </>
);
