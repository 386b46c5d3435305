import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname } from 'node:path';
import type { ContractRouter } from './router.ts';
import { createSocketServer } from './serve-connection.ts';

/** Serves the contract to the command line on a socket that only this user of the machine can open. */
export async function serveLocalSocket(router: ContractRouter, path: string): Promise<() => Promise<void>> {
  const sockets = createSocketServer(router);
  const server = createServer((_request, response) => response.writeHead(404).end());
  server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (connection) => sockets.emit('connection', connection, request));
  });
  if (process.platform !== 'win32') {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // The home's lock is held, so a socket that lies here was left by an engine that was killed.
    rmSync(path, { force: true });
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  if (process.platform !== 'win32') chmodSync(path, 0o600);
  return async () => {
    for (const client of sockets.clients) client.terminate();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
}
