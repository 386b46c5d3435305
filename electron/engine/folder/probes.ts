import { join } from 'node:path';
import { OWN_DIRECTORY } from '../../../shared/relative-path.ts';
import { systemCode } from '../ports/file-system.ts';
import type { FolderDisk } from './disk.ts';

/** How a disk says that it has no permission bits. */
const WITHOUT_MODES = ['EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** Whether names that differ in case alone can lie side by side on the disk. */
export function probeCase({ fs, root }: FolderDisk): boolean {
  return fs.lstat(join(root, OWN_DIRECTORY.toUpperCase())) === null;
}

/**
 * Whether the disk holds permission bits: some take any and keep none. Throws where the disk does not answer: who took
 * that for a no would leave files with bits that nobody gave them, and not see it.
 */
export function probeModes({ fs, probe }: FolderDisk): boolean {
  const file = probe('mode');
  fs.writeNew(file, new Uint8Array());
  try {
    fs.setMode(file, 0o640);
    const first = fs.lstat(file)?.mode;
    fs.setMode(file, 0o604);
    return first === 0o640 && fs.lstat(file)?.mode === 0o604;
  } catch (error) {
    if (WITHOUT_MODES.includes(systemCode(error))) return false;
    throw error;
  } finally {
    fs.unlink(file);
  }
}
