import { connect as connectSocket } from 'node:net';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import type { ContractClient } from '../../shared/contract/contract.ts';
import { localSocketPath } from '../engine/contract/local-socket-path.ts';
import { homeDirectory } from '../engine/home-directory.ts';

/** No engine runs in the home. */
export class NoEngine extends Error {
  override readonly name = 'NoEngine';
}

/** A connection of the command line to the engine of a home. */
export interface Connection {
  readonly client: ContractClient;
  /** Resolves once the engine has closed the connection. */
  readonly closed: Promise<void>;
  close(): void;
}

/** Connects to the engine of the home. Throws `NoEngine` where none runs. */
export async function connect(home: string | undefined): Promise<Connection> {
  const path = localSocketPath(homeDirectory(home ?? null));
  const socket = new WebSocket('ws://flotilla/', { createConnection: () => connectSocket(path) });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', () => reject(new NoEngine('No engine runs in this home. Start one with: flotilla start')));
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const client: ContractClient = createORPCClient(new RPCLink({ websocket: socket as never }));
  return { client, closed, close: () => socket.terminate() };
}
