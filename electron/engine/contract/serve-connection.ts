import { RPCHandler as PortHandler } from '@orpc/server/message-port';
import { RPCHandler as SocketHandler } from '@orpc/server/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { MAX_RPC_MESSAGE_BYTES } from '../../../shared/limits.ts';
import type { ContractRouter } from './router.ts';

/** A message port as Electron's utility process and Node both have it. */
export interface ServedPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start?(): void;
}

/** Serves the contract to the window at the other end of the port. */
export function servePort(router: ContractRouter, port: ServedPort): void {
  new PortHandler(router).upgrade(port as never, { context: {} });
  port.start?.();
}

/** A WebSocket server that takes over connections which its caller has already let in. */
export function createSocketServer(router: ContractRouter): WebSocketServer {
  const handler = new SocketHandler(router);
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_RPC_MESSAGE_BYTES });
  server.on('connection', (socket: WebSocket) => {
    // A client that sends what is no WebSocket frame loses its connection, and nobody else notices.
    socket.on('error', () => socket.terminate());
    void handler.upgrade(socket, { context: {} });
  });
  return server;
}
