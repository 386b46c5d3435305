import {
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  rmdirSync,
  statfsSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import {
  type DirectoryName,
  type FileStat,
  type FileSystem,
  millisecondsOf,
  systemCode,
} from '../ports/file-system.ts';

const windows = process.platform === 'win32';
const NO_FOLLOW = windows ? 0 : constants.O_NOFOLLOW;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The machine's own disk. */
export const nodeFileSystem: FileSystem = {
  names: windows ? 'windows' : 'posix',
  lstat,
  readDirectory: (path) => readdirSync(path, { encoding: 'buffer' }).map(nameFrom),
  readLink: (path) => readlinkSync(path, 'utf8'),
  readSmall,
  writeNew(path, bytes) {
    withFile(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, (file) => {
      let done = 0;
      while (done < bytes.byteLength) done += writeSync(file, bytes, done);
      fsyncSync(file);
    });
  },
  makeDirectory: (path) => void mkdirSync(path),
  makeLink: (target, path) => symlinkSync(target, path),
  link: (from, to) => linkSync(from, to),
  copy(from, to) {
    copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    withFile(to, windows ? constants.O_RDWR : constants.O_RDONLY, (file) => fsyncSync(file));
  },
  rename: (from, to) => renameSync(from, to),
  unlink: (path) => unlinkSync(path),
  removeDirectory: (path) => rmdirSync(path),
  setMtime(path, mtime) {
    // Node hands times on as seconds in floating point and cuts them to microseconds: half of one keeps the millisecond.
    const seconds = (Math.max(0, mtime) + 0.0005) / 1_000;
    lutimesSync(path, seconds, seconds);
  },
  setMode(path, mode) {
    if (windows) return;
    withFile(path, constants.O_RDONLY, (file) => fchmodSync(file, mode & 0o777));
  },
  flushDirectory(path) {
    if (windows) return;
    withFile(path, constants.O_RDONLY | constants.O_DIRECTORY, (file) => fsyncSync(file));
  },
  space(path) {
    const { bavail, blocks, bsize } = statfsSync(path);
    return { free: bavail * bsize, total: blocks * bsize };
  },
  realPath: (path) => realpathSync.native(path),
};

function lstat(path: string): FileStat | null {
  try {
    const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return null;
    return {
      kind: stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'symlink' : 'other',
      mark: {
        inode: stat.ino.toString(),
        device: stat.dev.toString(),
        size: Number(stat.size),
        mtimeNs: stat.mtimeNs.toString(),
        ctimeNs: stat.ctimeNs.toString(),
      },
      mode: windows ? null : Number(stat.mode & 0o777n),
      links: Number(stat.nlink),
      mtime: millisecondsOf(stat.mtimeNs),
    };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(systemCode(error))) return null;
    throw error;
  }
}

function nameFrom(bytes: Buffer): DirectoryName {
  try {
    const name = utf8.decode(bytes);
    return { name, shown: name };
  } catch {
    return { name: null, shown: bytes.toString('latin1').replace(/[^\x20-\x7e]/g, escaped) };
  }
}

function escaped(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function readSmall(path: string, limit: number): Uint8Array {
  return withFile(path, constants.O_RDONLY, (file) => {
    const bytes = Buffer.alloc(limit + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= limit; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null);
    }
    if (length > limit) throw Object.assign(new Error(`longer than ${limit} bytes: ${path}`), { code: 'EFBIG' });
    return new Uint8Array(bytes.subarray(0, length));
  });
}

function withFile<T>(path: string, flags: number, run: (file: number) => T): T {
  const file = openSync(path, flags | NO_FOLLOW, 0o644);
  try {
    return run(file);
  } finally {
    closeSync(file);
  }
}
