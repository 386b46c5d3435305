import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cookieName, judgeRequest, type PageAddress, urlOf } from './page-access.ts';
import { loadPageFiles } from './page-files.ts';
import type { ContractRouter } from './router.ts';
import { createSocketServer } from './serve-connection.ts';

/** The page's server while it runs. */
export interface PageServer {
  /** Address with the token: whoever has it can use the page. */
  readonly url: string;
  close(): Promise<void>;
}

const HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

function answer(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { ...HEADERS, 'Content-Type': type });
  response.end(body);
}

/** What somebody sees who came without the token: how to get in, and nothing of the group. */
const NO_TOKEN =
  'This page belongs to Flotilla on this machine. Open it with the address that Flotilla printed when it started, the one that ends in token=…';

/** Serves the interface as a page. Throws what `listen` throws (the port is taken, the address is not this machine's). */
export async function servePage(
  router: ContractRouter,
  options: { readonly host: string; readonly port: number; readonly token: string; readonly directory: string },
): Promise<PageServer> {
  const files = loadPageFiles(options.directory);
  const sockets = createSocketServer(router);
  let address: PageAddress = { host: options.host, port: options.port };
  const server = createServer((request, response) => {
    const refusal = judgeRequest(request, address, options.token);
    if (refusal !== null)
      return answer(response, refusal === 'token' ? 401 : 403, 'text/plain; charset=utf-8', NO_TOKEN);
    if (request.method !== 'GET') return answer(response, 405, 'text/plain', 'Only GET is answered here.');
    const path = urlOf(request)?.pathname ?? '';
    const file = files.get(path === '/' ? '/index.html' : path);
    if (file === undefined) return answer(response, 404, 'text/plain', 'There is no such file here.');
    if (path === '/') {
      response.setHeader('Set-Cookie', `${cookieName(address)}=${options.token}; HttpOnly; SameSite=Strict; Path=/`);
    }
    return answer(response, 200, file.type, file.bytes);
  });
  server.on('upgrade', (request, socket, head) => {
    if (judgeRequest(request, address, options.token) !== null) {
      // Whoever is turned away may hang up at once; that is nobody's trouble.
      socket.on('error', () => socket.destroy());
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (connection) => sockets.emit('connection', connection, request));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  // A connection that can't be taken (too many open files) costs that connection and nothing else.
  server.on('error', () => undefined);
  address = { host: options.host, port: (server.address() as AddressInfo).port };
  const shown = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${shown}:${address.port}/?token=${options.token}`,
    async close() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
