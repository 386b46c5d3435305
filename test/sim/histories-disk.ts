import { existsSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeFileSystem } from '../../electron/engine/folder/file-system-node.ts';
import type { FileSystem } from '../../electron/engine/ports/file-system.ts';

/**
 * A new directory: in memory where there is such a place, as thousands of small files are flushed one by one; or on the
 * machine's disk, which may hand out inodes again and keeps times in its own way.
 */
export function newPlace(onDisk: boolean): string {
  const place = !onDisk && existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  return realpathSync(mkdtempSync(join(place, 'flotilla-histories-')));
}

/** A file system that can't give a file a second name, as FAT and some network disks. */
export const withoutHardLinks: FileSystem = {
  ...nodeFileSystem,
  link(from) {
    throw Object.assign(new Error(`EPERM: link ${from}`), { code: 'EPERM' });
  },
};
