import { IconFolderPlus } from '@tabler/icons-react';
import { named } from '../../shared/model/amounts.ts';
import { desktop } from '../bridge/desktop.ts';
import styles from './drop-target.module.css';
import type { Dragged } from './use-drop.ts';

/** Says what dropping will do, while something is dragged over the window. */
export const DropOverlay = ({ dragged, group }: { readonly dragged: Dragged; readonly group: string | null }) => {
  const what = dragged.count === 1 ? 'this directory' : `these ${dragged.count} directories`;
  return (
    <div className={styles.overlay} role="status" data-floats>
      <div className={styles.frame}>
        <IconFolderPlus size={56} stroke={1.25} aria-hidden />
        <div className={styles.words}>
          {group === null ? 'Start or join a group first' : `Share ${what} with ${named(group)}`}
        </div>
        <div className={styles.note}>
          {desktop()
            ? 'It stays where it is. The other devices are offered a copy that is kept the same.'
            : 'A page can’t see where that lies on disk: you are asked for the place next.'}
        </div>
      </div>
    </div>
  );
};
