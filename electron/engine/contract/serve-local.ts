import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname } from 'node:path';
import { failure } from '../../../shared/errors.ts';
import { isInTemporaryFiles } from './local-socket-path.ts';
import type { ContractRouter } from './router.ts';
import { createSocketServer } from './serve-connection.ts';

/** Bits of a file's mode that let others than its owner in. */
const OTHERS = 0o077;

/** The local socket while it is served. */
export interface LocalServer {
  /** Takes no new clients, and frees the path; those that are there stay until `close`. */
  stopListening(): void;
  /** Lets go of every client. */
  close(): void;
}

/** Anybody may make directories among the temporary files: one that is not this user's alone is not used. */
function requireOwnDirectory(directory: string): void {
  const stat = lstatSync(directory);
  if (stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & OTHERS) === 0) return;
  throw failure('home-not-usable', `The directory ${directory} is not this user's alone.`);
}

/** Serves the contract to the command line on a socket that only this user of the machine can open. */
export async function serveLocalSocket(router: ContractRouter, path: string): Promise<LocalServer> {
  const sockets = createSocketServer(router);
  const server = createServer((_request, response) => response.writeHead(404).end());
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (connection) => sockets.emit('connection', connection, request));
  });
  const isFile = process.platform !== 'win32';
  if (isFile) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (isInTemporaryFiles(path)) requireOwnDirectory(dirname(path));
    // The home's lock is held, so a socket that lies here was left by an engine that was killed.
    rmSync(path, { force: true });
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // The socket is made within this call, and must never be open to others, not even until its mode is set.
    const umask = isFile ? process.umask(OTHERS) : null;
    server.listen(path, resolve);
    if (umask !== null) process.umask(umask);
  });
  server.on('error', () => undefined);
  if (isFile) chmodSync(path, 0o600);
  return {
    stopListening: () => void server.close(),
    close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
    },
  };
}
