import type { ConnectionListener } from './connection-listener.ts';
import { desktop } from './desktop.ts';
import { connectByPort } from './port.ts';
import { connectBySocket } from './socket.ts';

/** Connects to the engine by whatever this page has, and keeps at it. Returns what asks for a new connection at once. */
export const connect = (listener: ConnectionListener): (() => void) => {
  const bridge = desktop();
  return bridge ? connectByPort(bridge, listener) : connectBySocket(listener);
};
