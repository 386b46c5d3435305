/** What can be done with a folder in the state that it is in. Pure. */
import type { Folder } from '../../../shared/model/folder.ts';

export type FolderMenuItem =
  | 'show'
  | 'resume'
  | 'pause'
  | 'rescan'
  | 'rename'
  | 'drop'
  | 'unshare'
  /** Takes the wish to share it back. */
  | 'cancel';

/** What the engine would do now, in the order in which it is shown. A halted folder is answered on its own page. */
export const folderMenu = (folder: Folder, self: string, showsOnDisk: boolean): readonly FolderMenuItem[] => {
  const { state } = folder;
  if (state === 'waiting') return ['cancel'];
  const held = folder.path !== null;
  const owned = folder.owner === self;
  const rests = state === 'paused' || state === 'halted';
  const items: FolderMenuItem[] = [];
  if (held && showsOnDisk) items.push('show');
  if (held && state === 'paused') items.push('resume');
  if (held && !rests) items.push('pause');
  if (held && !rests && state !== 'error') items.push('rescan');
  if (owned) items.push('rename');
  if (held) items.push('drop');
  if (owned) items.push('unshare');
  return items;
};
