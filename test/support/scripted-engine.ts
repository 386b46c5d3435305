/** An engine that is only a script: serves the bundled page and the contract on loopback, from states made by hand. */
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import type { AppState } from '../../shared/model/app-state.ts';
import { ScriptedState, scriptedRouter } from './scripted/router.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** The token that the scripted engine asks for. */
export const SCRIPTED_TOKEN = 'scripted-token';

export interface ScriptedEngine {
  readonly url: string;
  readonly script: ScriptedState;
  /** How many names the folders' roots have; 0 for the small tree. */
  setNames(names: number): void;
  /** Cuts all connections, as a crash of the engine would. */
  cut(): void;
  close(): Promise<void>;
}

const servePage = (directory: string) => (request: IncomingMessage, response: ServerResponse) => {
  const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
  const file = join(directory, path.endsWith('/') ? `${path}index.html` : path);
  const type = TYPES[extname(file)];
  if (!file.startsWith(directory) || type === undefined || !existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': type });
  createReadStream(file).pipe(response);
};

/** Serves the page bundled in `directory`. `initial` is what its first visitors see. */
export const startScriptedEngine = async (directory: string, initial: AppState): Promise<ScriptedEngine> => {
  const script = new ScriptedState(initial);
  let names = 0;
  const handler = new RPCHandler(scriptedRouter(script, () => names));
  const server = createServer(servePage(directory));
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname !== '/rpc' || url.searchParams.get('token') !== SCRIPTED_TOKEN) {
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => void handler.upgrade(webSocket, { context: {} }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const client of sockets.clients) client.terminate();
  };
  return {
    url: `http://127.0.0.1:${port}/#token=${SCRIPTED_TOKEN}`,
    script,
    setNames: (count) => {
      names = count;
    },
    cut,
    close: async () => {
      cut();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
