/** An engine that is only a script: serves the bundled page and the contract on loopback, from states made by hand. */
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer } from 'ws';
import type { AppState } from '../../shared/model/app-state.ts';
import { scriptedRouter } from './scripted/router.ts';
import { ScriptedState } from './scripted/scripted-state.ts';

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
  /** The same without token. */
  readonly origin: string;
  readonly script: ScriptedState;
  /** How many names the folders' roots have; 0 for the small tree. */
  setNames(names: number): void;
  /** Cuts all connections, as a crash of the engine would. */
  cut(): void;
  /** From now on only this one is let in, as after a new start. */
  setToken(token: string): void;
  /** Lets nobody connect any more, as an engine that is gone; its page is still served. */
  shut(): void;
  /** Takes back `setToken` and `shut`, and lets the state be told. */
  restore(): void;
  close(): Promise<void>;
}

const servePage = (directory: string, knows: (token: string) => boolean) => {
  return (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const given = url.searchParams.get('token');
    if (given !== null && !knows(given)) {
      response.writeHead(401).end();
      return;
    }
    const path = normalize(decodeURIComponent(url.pathname));
    const file = join(directory, path.endsWith('/') ? `${path}index.html` : path);
    const type = TYPES[extname(file)];
    if (!file.startsWith(directory) || type === undefined || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    // Files that carry the hash of what is in them need not be asked for again.
    const kept = path.includes('assets') ? { 'cache-control': 'max-age=3600' } : {};
    response.writeHead(200, { 'content-type': type, ...kept });
    createReadStream(file).pipe(response);
  };
};

/** Serves the page bundled in `directory`. `initial` is what its first visitors see. */
export const startScriptedEngine = async (directory: string, initial: AppState): Promise<ScriptedEngine> => {
  const script = new ScriptedState(initial);
  let names = 0;
  const handler = new RPCHandler(scriptedRouter(script, () => names));
  let token = SCRIPTED_TOKEN;
  let shut = false;
  const server = createServer(servePage(directory, (given) => given === token));
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (shut || url.pathname !== '/rpc' || url.searchParams.get('token') !== token) {
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => void handler.upgrade(webSocket, { context: {} }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const cut = (): void => {
    for (const client of sockets.clients) client.terminate();
  };
  return {
    url: `${origin}/#token=${SCRIPTED_TOKEN}`,
    origin,
    script,
    setNames: (count) => {
      names = count;
    },
    cut,
    setToken: (next) => {
      token = next;
    },
    shut: () => {
      shut = true;
    },
    restore: () => {
      token = SCRIPTED_TOKEN;
      shut = false;
      script.silent = false;
    },
    close: async () => {
      cut();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
