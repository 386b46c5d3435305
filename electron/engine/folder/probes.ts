import { join } from 'node:path';
import { OWN_DIRECTORY } from '../../../shared/relative-path.ts';
import { systemCode } from '../ports/file-system.ts';
import type { FolderDisk } from './disk.ts';

/** Whether names that differ in case alone can lie side by side on the disk. */
export function probeCase({ fs, root }: FolderDisk): boolean {
  return fs.lstat(join(root, OWN_DIRECTORY.toUpperCase())) === null;
}

/** Whether the disk holds permission bits: some take any and keep none. */
export function probeModes({ fs, tmp }: FolderDisk): boolean {
  const probe = join(tmp, 'mode');
  try {
    if (fs.lstat(probe) !== null) fs.unlink(probe);
    fs.writeNew(probe, new Uint8Array());
    fs.setMode(probe, 0o640);
    const first = fs.lstat(probe)?.mode;
    fs.setMode(probe, 0o604);
    const second = fs.lstat(probe)?.mode;
    fs.unlink(probe);
    return first === 0o640 && second === 0o604;
  } catch (error) {
    if (systemCode(error) === '') throw error;
    return false;
  }
}
