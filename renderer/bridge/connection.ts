import type { ContractClient } from '../../shared/contract/contract.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { desktop } from './desktop.ts';
import { connectByPort } from './port.ts';
import { connectBySocket } from './socket.ts';

/** What a transport tells about the engine at its other end. */
export interface ConnectionListener {
  /** A new connection stands; an earlier one is not used any more. */
  onConnected(client: ContractClient): void;
  /** The connection is gone; the transport goes on trying. */
  onLost(): void;
  /** The engine said why it can't run. */
  onFailed(code: ErrorCode, message: string): void;
}

/** Connects to the engine by whatever this page has, and keeps at it. Returns what asks for a new connection at once. */
export const connect = (listener: ConnectionListener): (() => void) => {
  const bridge = desktop();
  return bridge ? connectByPort(bridge, listener) : connectBySocket(listener);
};
