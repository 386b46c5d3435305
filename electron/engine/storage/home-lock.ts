import { createHash } from 'node:crypto';
import { closeSync, lstatSync, mkdirSync, openSync, realpathSync, renameSync, rmSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure } from '../../../shared/errors.ts';
import { toHex } from '../bytes/hex.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';

/** The home is this engine's until `release`. */
export interface HomeLock {
  release(): void;
}

/** What a socket's path may be at most everywhere (`sun_path` of macOS has 104 bytes with the final zero). */
const MAX_SOCKET_PATH_BYTES = 100;
/** How long a second engine that starts in the same instant may take from its look to its rename. */
const SETTLE_MS = 50;

/**
 * Takes the home for this engine, or throws `engine-already-running`. The lock is a socket that listens: the system
 * closes it however the engine ends, so one that was killed holds nothing. The home directory must exist.
 */
export async function acquireHomeLock(home: string, clock: Clock, random: Random): Promise<HomeLock> {
  const real = realpathSync(home);
  return process.platform === 'win32' ? lockByPipe(real) : await lockBySocket(real, clock, random);
}

function refused(home: string): Error {
  return failure('engine-already-running', `Another engine runs in ${home}`);
}

/** A named pipe exists once and ends with its process. */
async function lockByPipe(home: string): Promise<HomeLock> {
  const name = createHash('sha256').update(home.toLowerCase()).digest('hex').slice(0, 32);
  const server = await listen(`\\\\?\\pipe\\flotilla-home-${name}`).catch(() => {
    throw refused(home);
  });
  return { release: () => server.close() };
}

async function lockBySocket(home: string, clock: Clock, random: Random): Promise<HomeLock> {
  const place = socketPlace(home);
  try {
    const lock = join(place.directory, 'engine.lock');
    const seen = inodeOf(lock);
    if (seen !== null && (await isAlive(lock))) throw refused(home);
    const mine = join(place.directory, `l${toHex(random.bytes(4))}`);
    const server = await listen(mine).catch((error: unknown) => {
      throw failure('home-not-usable', `No lock can be made in ${home}`, error);
    });
    const inode = inodeOf(mine);
    // Of several that saw the same dead lock the last to rename wins; the others see that here.
    if (inodeOf(lock) !== seen) {
      server.close();
      rmSync(mine, { force: true });
      throw refused(home);
    }
    renameSync(mine, lock);
    await new Promise<void>((resolve) => clock.after(SETTLE_MS, resolve));
    if (inodeOf(lock) !== inode) {
      server.close();
      throw refused(home);
    }
    // Listening sockets keep a process alive; a lock must not.
    server.unref();
    return {
      release() {
        if (inodeOf(lock) === inode) unlinkSync(lock);
        server.close();
        place.close();
      },
    };
  } catch (error) {
    place.close();
    throw error;
  }
}

/** The home itself, by a path short enough for a socket. */
function socketPlace(home: string): { readonly directory: string; close(): void } {
  const longest = join(home, 'l00000000');
  if (Buffer.byteLength(longest) <= MAX_SOCKET_PATH_BYTES) return { directory: home, close: () => undefined };
  if (process.platform === 'linux') {
    const handle = openSync(home, 'r');
    let open = true;
    return {
      directory: `/proc/self/fd/${handle}`,
      close() {
        if (open) closeSync(handle);
        open = false;
      },
    };
  }
  const user = process.getuid?.() ?? 0;
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16);
  const directory = join(tmpdir(), `flotilla-${user}`, name);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return { directory, close: () => undefined };
}

function inodeOf(path: string): string | null {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? null : String(stat.ino);
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}

/** Whether a process listens there. Only a refusal says that none does; a stopped process still accepts in the kernel. */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT' && error.code !== 'ENOTSOCK');
    });
  });
}
