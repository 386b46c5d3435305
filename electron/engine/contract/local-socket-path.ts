import { createHash } from 'node:crypto';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';

/** Longest socket path that every Unix takes, in bytes (macOS: 104 with the final zero). */
const MAX_SOCKET_PATH_BYTES = 100;

const NAME = 'engine.sock';

/**
 * Where the engine of a home listens for the command line: in the home itself, or, where that path is too long for a
 * socket, in an owner-only directory of the system's temporary files; on Windows a pipe named after the home.
 */
export function localSocketPath(home: string): string {
  const name = createHash('sha256').update(home).digest('hex').slice(0, 24);
  if (process.platform === 'win32') return `\\\\.\\pipe\\flotilla-${name}`;
  const direct = join(home, NAME);
  if (Buffer.byteLength(direct) <= MAX_SOCKET_PATH_BYTES) return direct;
  return join(tmpdir(), `flotilla-${userInfo().uid}`, `${name}.sock`);
}

/** Whether the socket's path lies among the system's temporary files, where other users may have been first. */
export function isInTemporaryFiles(path: string): boolean {
  return process.platform !== 'win32' && basename(path) !== NAME;
}
